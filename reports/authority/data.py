"""The data of a report: everything a page or PDF says, in no particular layout.

A stored report is read back and reprinted for ever. So a field added later needs a default,
and one that is renamed or taken away a migration.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from assessment.core.answers.answers import Standing
from assessment.core.answers.rounds import Edition
from assessment.core.questionnaire.questionnaire import Level
from assessment.core.statistics.published_figures import Figure, PeerFigure
from assessment.locale import gettext
from reports.authority.parts import (
    FlagData,
    Focus,
    NeighboursData,
    PeerGroup,
    PlannedActionData,
    PrincipleData,
    QuestionData,
    RoundData,
    ScoreData,
    UnknownDutyData,
)
from reports.authority.sentence import write_sentence
from reports.charts import LevelBar, Strip, Trend, build_level_bar, build_strip, build_trend
from reports.words import name_peers

# The marks of the example that explains them, as shares of the scale.
EXAMPLE = (0.55, 0.4, 0.3, 0.45, 0.65, 0.75)


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything that a report of any kind says of one authority in one round.

    ``edition`` is the benchmark compared with, of the round named ``edition_round_name``; it
    is None where none was cut. ``peer_group`` is the group chosen for the profile, None where
    there is no benchmark, and ``groups`` are all that are compared with; ``neighbours`` are None
    where none are.
    ``taken_part`` names who agreed the answers; ``barriers`` and ``support`` are what was chosen
    as holding back and as helping. What ``is_shareable`` may be published whole.
    ``previous_round_name`` is empty where there is no round before; ``rounds`` are all that
    were submitted up to this one, oldest first. ``plan`` is in the plan's order.
    ``flags`` are duties to check, ``unknown_duties`` those that no level tells of,
    None in a report made before they were listed.
    The answers to ``unchecked_ids`` were brought over from ``unchecked_from``, and nobody
    confirmed them.
    """

    authority_name: str
    nation: str
    round_name: str
    submitted_on: date | None
    made_on: date
    simulated: bool
    questionnaire_title: str
    questionnaire_version: str
    method_version: str
    levels: tuple[Level, ...]
    edition: Edition | None
    edition_round_name: str
    previous_round_name: str
    peer_group: PeerGroup | None
    overall: ScoreData
    principles: tuple[PrincipleData, ...]
    focus: Focus
    flags: tuple[FlagData, ...]
    min_for_median: int
    min_for_spread: int
    neighbours: NeighboursData | None = None
    taken_part: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    is_shareable: bool = False
    plan: tuple[PlannedActionData, ...] = ()
    rounds: tuple[RoundData, ...] = ()
    unknown_duties: tuple[UnknownDutyData, ...] | None = None
    unchecked_ids: tuple[str, ...] = ()
    unchecked_from: str = ""
    groups: tuple[PeerGroup, ...] = ()

    @property
    def sentence(self) -> str:
        """What is strongest and what is weakest, in one sentence."""
        return write_sentence(self.principles)

    @property
    def questions(self) -> tuple[QuestionData, ...]:
        """Every question, in the order of the principles."""
        return tuple(question for principle in self.principles for question in principle.questions)

    @property
    def strengths(self) -> tuple[QuestionData, ...]:
        """What is strong, the strongest first."""
        return self._find(self.focus.strength_ids)

    @property
    def priorities(self) -> tuple[QuestionData, ...]:
        """What to work on first, the most urgent first."""
        return self._find(self.focus.priority_ids)

    @property
    def with_level(self) -> tuple[QuestionData, ...]:
        """Questions that have a level, in order."""
        return tuple(question for question in self.questions if question.level is not None)

    @property
    def planned(self) -> tuple[PlannedActionData, ...]:
        """What the plan has still open, by date."""
        return tuple(action for action in self.plan if not action.is_done)

    @property
    def done(self) -> tuple[PlannedActionData, ...]:
        """What of the plan is done."""
        return tuple(action for action in self.plan if action.is_done)

    @property
    def has_targets(self) -> bool:
        """Return whether any principle has a target."""
        return any(principle.score.target is not None for principle in self.principles)

    @property
    def divided(self) -> tuple[QuestionData, ...]:
        """Questions whose levels given inside are far apart, the furthest first."""
        wide = [question for question in self.questions if question.is_divided]
        return tuple(sorted(wide, key=lambda question: -question.apart))

    @property
    def without_level(self) -> tuple[QuestionData, ...]:
        """Questions answered Don't know or not at all, in order."""
        return tuple(
            question
            for question in self.questions
            if question.level is None and question.standing is not Standing.DOES_NOT_APPLY
        )

    @property
    def not_applicable(self) -> tuple[QuestionData, ...]:
        """Questions that were said not to apply, in order."""
        return tuple(q for q in self.questions if q.standing is Standing.DOES_NOT_APPLY)

    @property
    def profile_figures(self) -> tuple[Figure, ...]:
        """The figures of the chosen peers in the profile, in the order of the principles."""
        beside = (principle.score.peers for principle in self.principles)
        return tuple(peers.figure for peers in beside if peers is not None)

    @property
    def is_earlier_edition(self) -> bool:
        """Return whether the peers' figures are of another round than the answers."""
        return self.edition is not None and self.edition_round_name != self.round_name

    @property
    def level_names(self) -> list[str]:
        """The names of the levels, lowest first."""
        return [level.name for level in self.levels]

    @property
    def scale_in_words(self) -> str:
        """The levels with their numbers: 1 Starting, 2 Exploring and so on."""
        return ", ".join(f"{level.number} {level.name}" for level in self.levels)

    def name_group(self, group: PeerGroup) -> str:
        """Return what a group of peers is called, as it reads after a number of authorities."""
        beside = (peers.figure for principle in self.principles for peers in principle.groups)
        figure = next((each for each in beside if each.key.group_kind is group.kind), None)
        if figure is None:
            return group.name
        return name_peers(figure.group_name, group.kind, figure.key.group_id)

    def strip_of(self, principle: PrincipleData, peers: PeerFigure | None) -> Strip:
        """Return the strip chart of a principle beside one group of peers, if any."""
        score, figure = principle.score, None if peers is None else peers.figure
        return build_strip(
            len(self.levels),
            score.score,
            score.previous,
            None if figure is None else figure.q1,
            None if figure is None else figure.median,
            None if figure is None else figure.q3,
            score.target,
            principle.name,
        )

    @property
    def example_strip(self) -> Strip:
        """An invented strip chart with every mark, to explain them by."""
        own, previous, q1, median, q3, target = (
            1 + (len(self.levels) - 1) * share for share in EXAMPLE
        )
        label = gettext("An example with invented figures")
        return build_strip(len(self.levels), own, previous, q1, median, q3, target, label)

    def trend_of(self, principle: PrincipleData) -> Trend:
        """Return the chart of a principle's scores over the rounds."""
        return build_trend(
            len(self.levels),
            [round_.scores.get(principle.id) for round_ in self.rounds],
            [round_.round_name for round_ in self.rounds],
            principle.name,
        )

    def level_bar_of(self, principle: PrincipleData, figure: Figure) -> LevelBar:
        """Return the bar of a group of peers at each level; no shares where they are withheld."""
        return build_level_bar(figure.shares, self.level_names, principle.name)

    def _find(self, question_ids: tuple[str, ...]) -> tuple[QuestionData, ...]:
        """Return the questions of these ids, in the order of the ids."""
        by_id = {question.id: question for question in self.questions}
        return tuple(by_id[question_id] for question_id in question_ids)


_ADAPTER = TypeAdapter(ReportData)


def to_json(report: ReportData) -> str:
    """Write a report's data as JSON text.

    Parameters
    ----------
    report : the data of one report.

    Returns
    -------
    JSON that `from_json` turns into an equal report; numbers keep every digit.
    """
    return _ADAPTER.dump_json(report).decode()


def from_json(text: str) -> ReportData:
    """Read a report's data back.

    Parameters
    ----------
    text : what `to_json` wrote.

    Returns
    -------
    The same report.

    Raises
    ------
    pydantic.ValidationError if the text is no report.
    """
    return _ADAPTER.validate_json(text)
