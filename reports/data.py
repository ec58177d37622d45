"""The data of a report: everything a page or PDF says, in no particular layout.

A stored report is read back and reprinted for ever. So a field added later needs a default,
and no field is renamed or taken away.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from assessment.core.answers import Standing
from assessment.core.authorities import GroupKind
from assessment.core.peers import Position
from assessment.core.questionnaire import Effort, Level
from assessment.core.rounds import Edition
from reports.charts import LevelBar, Strip, build_level_bar, build_strip


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """One group of peers: ``n`` authorities that are counted, of ``of_n`` in the group.

    ``name`` reads after a number of authorities. The reader is never among its own peers.
    """

    kind: GroupKind
    name: str
    n: int
    of_n: int


@dataclass(frozen=True, slots=True)
class Peers:
    """What the peers of one group have for one item, as it may be published.

    ``median``, ``q1``, ``q3`` are levels and ``percents`` whole percents of peers at each
    level, lowest first; ``place`` tells the position with how sure it is. What is withheld is
    None and ``withheld_centre`` (the median) or ``withheld_spread`` (the rest) says why.
    """

    group: PeerGroup
    n: int | None
    of_n: int
    median: float | None
    q1: float | None
    q3: float | None
    percents: tuple[int, ...] | None
    position: Position | None
    withheld_centre: str
    withheld_spread: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ScoreData:
    """A score with what stands beside it, not rounded.

    ``score`` is None where not scored and ``reason`` says why; ``change`` is None unless
    both rounds have a score. ``peers`` is None where there is no benchmark.
    """

    score: float | None
    level_name: str
    reason: str
    previous: float | None
    change: float | None
    peers: Peers | None


@dataclass(frozen=True, slots=True)
class ActionData:
    """The first move from one level of a question to the next."""

    question_id: str
    question_title: str
    text: str
    owner: str
    effort: Effort
    to_level: Level


@dataclass(frozen=True, slots=True)
class QuestionData:
    """One question: the level reached and the next one, or why there is no level.

    ``standing`` is None where nothing was answered. ``gap`` is the peers' median less the
    level [levels], None where either is not there. ``ask`` says who knows and ``look_for``
    what would show it; ``note`` and ``evidence`` are the authority's own.
    """

    id: str
    title: str
    text: str
    ask: str
    look_for: str
    standing: Standing | None
    level: Level | None
    descriptor: str
    next_level: Level | None
    next_descriptor: str
    reason: str
    note: str
    evidence: tuple[str, ...]
    action: ActionData | None
    peers: Peers | None
    gap: float | None


@dataclass(frozen=True, slots=True)
class CaseData:
    """A case of the library, with the question it helps with."""

    title: str
    place: str
    summary: str
    source_title: str
    source_url: str
    question_id: str


@dataclass(frozen=True, slots=True)
class PrincipleData:
    """One principle: its score, the working, its questions, cases and every group of peers."""

    id: str
    number: int
    name: str
    answer: str
    good: str
    score: ScoreData
    applicable: int
    needed: int
    lowest_ids: tuple[str, ...]
    highest_ids: tuple[str, ...]
    questions: tuple[QuestionData, ...]
    groups: tuple[Peers, ...]
    cases: tuple[CaseData, ...]

    @property
    def with_level(self) -> tuple[QuestionData, ...]:
        """The questions that have a level: those the score is the mean of."""
        return tuple(question for question in self.questions if question.level is not None)

    @property
    def lowest(self) -> tuple[QuestionData, ...]:
        """The questions at the principle's lowest level."""
        return tuple(question for question in self.questions if question.id in self.lowest_ids)

    @property
    def highest(self) -> tuple[QuestionData, ...]:
        """The questions at the principle's highest level."""
        return tuple(question for question in self.questions if question.id in self.highest_ids)


@dataclass(frozen=True, slots=True)
class Focus:
    """What to speak of first: the ids of strong and of urgent questions, and the next steps."""

    strength_ids: tuple[str, ...]
    priority_ids: tuple[str, ...]
    actions: tuple[ActionData, ...]


@dataclass(frozen=True, slots=True)
class FlagData:
    """A legal duty of the authority's nation to check; it never changes a score."""

    question_id: str
    question_title: str
    level: Level
    text: str
    instrument: str
    section: str
    source_title: str
    source_url: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class NeighbourData:
    """An authority with the open traits by which neighbours are chosen; None where unknown.

    ``population`` residents; ``density`` residents per square kilometre; ``rural_percent`` of
    residents; ``deprivation`` on its nation's index; ``distance`` to the reader, in standard
    deviations of the nation, 0 for the reader.
    """

    name: str
    type: str
    population: int | None
    density: float | None
    rural_percent: float | None
    deprivation: float | None
    distance: float


@dataclass(frozen=True, slots=True)
class NeighboursData:
    """The reader with its nearest neighbours, and in one sentence what they are like."""

    sentence: str
    own: NeighbourData
    neighbours: tuple[NeighbourData, ...]


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything that a report of any kind says of one authority in one round.

    ``edition`` is the benchmark compared with, of the round named ``edition_round_name``; it
    is None where none was cut. ``peer_group`` is the group chosen for the profile, None where
    there is no benchmark; ``neighbours`` are None where none are compared with.
    ``taken_part`` names who agreed the answers. What ``is_shareable`` may be published whole.
    ``previous_round_name`` is empty where there is no round before.
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
    sentence: str
    overall: ScoreData
    principles: tuple[PrincipleData, ...]
    focus: Focus
    flags: tuple[FlagData, ...]
    min_for_median: int
    min_for_spread: int
    neighbours: NeighboursData | None = None
    taken_part: tuple[str, ...] = ()
    is_shareable: bool = False

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
    def without_level(self) -> tuple[QuestionData, ...]:
        """Questions answered Don't know or not at all, in order."""
        return tuple(
            question
            for question in self.questions
            if question.level is None and question.standing is not Standing.DOES_NOT_APPLY
        )

    @property
    def withheld_notes(self) -> tuple[str, ...]:
        """What is withheld of the chosen peers in the profile, and why; each said once."""
        shown = [p.score.peers for p in self.principles if p.score.peers is not None]
        notes = [f"Peers’ median: {p.withheld_centre}" for p in shown if p.withheld_centre]
        notes += [f"Peers’ middle half: {p.withheld_spread}" for p in shown if p.withheld_spread]
        return tuple(dict.fromkeys(notes))

    @property
    def is_earlier_edition(self) -> bool:
        """Say whether the peers' figures are of another round than the answers."""
        return self.edition is not None and self.edition_round_name != self.round_name

    @property
    def level_names(self) -> list[str]:
        """The names of the levels, lowest first."""
        return [level.name for level in self.levels]

    @property
    def scale_in_words(self) -> str:
        """The levels with their numbers: 1 Starting, 2 Exploring and so on."""
        return ", ".join(f"{level.number} {level.name}" for level in self.levels)

    def strip_of(self, principle: PrincipleData) -> Strip:
        """Return the strip chart of a principle that is scored or has peers."""
        score, peers = principle.score, principle.score.peers
        return build_strip(
            len(self.levels),
            score.score,
            score.previous,
            None if peers is None else peers.q1,
            None if peers is None else peers.median,
            None if peers is None else peers.q3,
            None,
            principle.name,
        )

    def level_bar_of(self, principle: PrincipleData) -> LevelBar:
        """Return the bar of the chosen peers at each level; their percents must be shown."""
        peers = principle.score.peers
        percents = () if peers is None or peers.percents is None else peers.percents
        return build_level_bar(percents, self.level_names, principle.name)

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
