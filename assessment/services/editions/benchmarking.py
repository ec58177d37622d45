"""What can be read of editions and their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition, Round, Withdrawal
from assessment.core.disclosure import audit as audit_publication
from assessment.core.errors import NotFoundError
from assessment.core.people.groups import GroupKind, sort_groups
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.publication import CutEdition, EditionAudit
from assessment.core.statistics.published_figures import Figure, list_figures
from assessment.core.statistics.representativeness import post_stratify_by_type
from assessment.core.statistics.withholding import WithheldCounts, count_withheld
from assessment.locale import gettext
from assessment.storage import benchmarks, questionnaires, rounds
from assessment.storage.frozen import MAX_EDITIONS
from assessment.storage.memory import Memory

# The level from which on a share is shown beside those at each level.
SHARE_FROM_LEVEL = 3

_figures: Memory[tuple[Figure, ...]] = Memory(MAX_EDITIONS)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The published figures of one group."""

    group_id: str
    group_name: str
    overall: Figure
    principles: tuple[Figure, ...]
    questions: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """An edition as the programme reads it: the groups of one kind.

    ``centres``, ``spreads`` and ``changes`` say how much the whole edition withholds.
    """

    edition: Edition
    questionnaire: Questionnaire
    group_kind: GroupKind
    groups: tuple[GroupFigures, ...]
    then_round: str
    released_on: date | None
    withdrawal: Withdrawal | None
    centres: WithheldCounts
    spreads: WithheldCounts
    changes: WithheldCounts

    def title_of(self, figure: Figure) -> str:
        """Return what people call the item of a figure; a question with its number."""
        item_id = figure.key.item_id
        match figure.key.measure:
            case Measure.QUESTION:
                return f"{item_id} {self.questionnaire.question(item_id).title}"
            case Measure.PRINCIPLE:
                return self.questionnaire.principle(item_id).name
        return gettext("Overall")


def audit_newest_edition(db: Session, round_id: str) -> EditionAudit:
    """Audit the round's newest edition, with all before it, as it is stored."""
    read_newest_edition_of(db, round_id)
    return audit_publication(read_history(db, rounds.read_round(db, round_id)))


def read_newest_edition_of(db: Session, round_id: str) -> Edition:
    """Return the round's newest edition; raises NotFoundError where none is cut."""
    rounds.read_round(db, round_id)
    editions = benchmarks.read_editions(db, round_id)
    if not editions:
        raise NotFoundError(
            gettext(
                "Round %(round)s has no edition yet. One is cut when it has closed.",
                round=round_id,
            )
        )
    return editions[0]


def read_rounds(db: Session) -> list[Round]:
    """Return all rounds, newest first; raises NotFoundError where there is none."""
    every_round = rounds.read_rounds(db)
    if not every_round:
        raise NotFoundError(gettext("There is no round yet. An administrator announces one."))
    return every_round


def read_rounds_with_edition(db: Session) -> list[Round]:
    """Return the rounds that have an edition, newest first."""
    return [r for r in rounds.read_rounds(db) if benchmarks.read_editions(db, r.id)]


def read_benchmark(db: Session, round_id: str, group_kind: GroupKind) -> Benchmark:
    """Return a round's newest edition for the groups of one kind."""
    edition = read_newest_edition_of(db, round_id)
    questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)
    figures = read_figures(db, edition)
    of_kind = [figure for figure in figures if figure.key.group_kind is group_kind]
    groups = groupby(of_kind, key=lambda figure: figure.key.group_id)
    released_on = benchmarks.read_released_on(db, edition)
    return Benchmark(
        edition=edition,
        questionnaire=questionnaire,
        group_kind=group_kind,
        groups=tuple(_gather_group(list(rows)) for _, rows in groups),
        then_round=next((each.change.since for each in figures if each.change.since), ""),
        released_on=released_on,
        withdrawal=benchmarks.read_withdrawal(db, edition),
        centres=count_withheld(each.withheld_centre.reason for each in figures),
        spreads=count_withheld(each.withheld_spread.reason for each in figures),
        changes=count_withheld(
            each.change.withheld.reason for each in figures if each.change.since
        ),
    )


def read_figures(db: Session, edition: Edition) -> tuple[Figure, ...]:
    """Return an edition's published figures in the order in which groups are shown."""
    questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)

    def gather() -> tuple[Figure, ...]:
        figures = benchmarks.read_frame(db, edition, "figures")
        changes = benchmarks.read_frame(db, edition, "changes")
        weighted = post_stratify_by_type(figures)
        return list_figures(questionnaire, sort_groups(figures), changes, weighted)

    content = benchmarks.read_content(db, edition)
    return _figures.recall((content, questionnaires.read_hash(db, questionnaire.version)), gather)


def read_history(db: Session, round_: Round) -> list[CutEdition]:
    """Return every edition there is, oldest first, with the round's own last.

    Matched changes link each round with the one before, so all count together.
    """
    others = [other for other in rounds.read_rounds(db)[::-1] if other.id != round_.id]
    return [
        _read_cut(db, edition)
        for each in [*others, round_]
        for edition in reversed(benchmarks.read_editions(db, each.id))
    ]


def find_edition_before(
    db: Session, round_: Round, history: Sequence[CutEdition]
) -> CutEdition | None:
    """Return the newest edition of the last round before this one that has an edition."""
    opened = {r.id: r.opens_on for r in rounds.read_rounds(db)}
    earlier = [e for e in history if opened[e.round_id] < round_.opens_on]
    return max(earlier, key=lambda e: (opened[e.round_id], e.number), default=None)


def _read_cut(db: Session, edition: Edition) -> CutEdition:
    """Return an edition with its bases and the answers behind it."""
    answer_codes, memberships = benchmarks.read_answers_behind(db, edition)
    names = ("figures", "bases", "changes")
    figures, bases, changes = (benchmarks.read_frame(db, edition, name) for name in names)
    return CutEdition(
        edition.round_id,
        edition.number,
        questionnaires.read_questionnaire(db, edition.questionnaire_version),
        figures,
        bases,
        answer_codes,
        memberships,
        changes,
    )


def _gather_group(figures: Sequence[Figure]) -> GroupFigures:
    """Gather one group's figures by what they measure."""
    of = {m: tuple(f for f in figures if f.key.measure is m) for m in Measure}
    return GroupFigures(
        group_id=figures[0].key.group_id,
        group_name=figures[0].group_name,
        overall=of[Measure.OVERALL][0],
        principles=of[Measure.PRINCIPLE],
        questions=of[Measure.QUESTION],
    )
