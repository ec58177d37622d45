"""The parts of a report's data: scores, peers, questions, actions, neighbours.

A stored report is read back and reprinted for ever. So a field added later needs a default,
and one that is renamed or taken away a migration.
"""

from dataclasses import dataclass
from datetime import date

from assessment.core.answers.answers import Standing
from assessment.core.answers.scoring import Unscored
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Effort, Level
from assessment.core.statistics.neighbours import Likeness
from assessment.core.statistics.published_figures import PeerFigure

# Levels given inside an authority that are so far apart are worth a talk. [levels]
WIDELY_APART = 2


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """One group of peers: ``n`` authorities that are counted, of ``of_n`` in the group.

    ``name`` reads after a number of authorities, in English: `ReportData.name_group` says it. The
    reader is never among its own peers.
    """

    kind: GroupKind
    name: str
    n: int
    of_n: int


@dataclass(frozen=True, slots=True)
class ScoreData:
    """A score with what stands beside it, not rounded.

    ``score`` is None where not scored and ``unscored`` says why; ``change`` is None unless
    both rounds have a score. ``peers`` is None where there is no benchmark, ``target`` where
    none is set.
    """

    score: float | None
    level_name: str
    unscored: Unscored | None
    previous: float | None
    change: float | None
    peers: PeerFigure | None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class PlannedActionData:
    """An action of the authority's own plan; ``question_title`` is empty where the version that
    is reported on has no such question. ``is_overdue`` is as of the day of the report.
    """

    question_id: str
    question_title: str
    text: str
    owner: str
    due_on: date
    is_done: bool
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class GivenData:
    """How many people inside the authority gave the same answer."""

    standing: Standing
    level: int | None
    people: int


@dataclass(frozen=True, slots=True)
class RoundData:
    """The scores of one round, ``scores`` by principle id; None where not scored."""

    round_name: str
    overall: float | None
    scores: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class ActionData:
    """The first move from one level of a question to the next; ``by`` is a suggested date."""

    question_id: str
    question_title: str
    text: str
    owner: str
    effort: Effort
    to_level: Level
    by: date | None = None


@dataclass(frozen=True, slots=True)
class QuestionData:
    """One question: the level reached and the next one, or why there is no level.

    ``standing`` is None where nothing was answered. ``gap`` is the peers' median less the
    level [levels], None where either is not there. ``ask`` says who knows and ``look_for``
    what would show it; ``note`` and ``evidence`` are the authority's own. ``given`` is what
    people inside answered, where several did, and ``apart`` how far their levels are apart
    [levels]. ``weight`` is the question's in its principle and ``target`` its principle's
    [levels], None where none is set.
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
    peers: PeerFigure | None
    gap: float | None
    given: tuple[GivenData, ...] = ()
    apart: int = 0
    weight: float = 1.0
    target: float | None = None

    @property
    def is_divided(self) -> bool:
        """Return whether the levels given inside are so far apart that they are worth a talk."""
        return self.apart >= WIDELY_APART


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
    groups: tuple[PeerFigure, ...]
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
class UnknownDutyData:
    """A question with legal duties that cannot be judged, because it has no level.

    ``standing`` is None where nothing was answered; ``ask`` says who knows; ``laws`` name
    instrument and section of each duty.
    """

    question_id: str
    question_title: str
    standing: Standing | None
    ask: str
    laws: tuple[str, ...]


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
    """The reader with its nearest neighbours, and what they are like."""

    likeness: Likeness
    own: NeighbourData
    neighbours: tuple[NeighbourData, ...]
