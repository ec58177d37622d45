"""Benchmarks: cutting editions and reading them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import (
    METHOD_VERSION,
    Edition,
    Override,
    Round,
    Withdrawal,
    hash_figures,
    list_members,
)
from assessment.core.disclosure import audit as audit_publication
from assessment.core.disclosure import publish
from assessment.core.errors import NotAllowedError, NotFoundError, UnconfirmedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.people.groups import GroupKind, list_memberships, sort_groups
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.publication import (
    MIN_FOR_CENTRE,
    CutEdition,
    DisclosureError,
    EditionAudit,
    EditionDraft,
)
from assessment.core.statistics.published_figures import Figure, list_figures
from assessment.core.statistics.representativeness import post_stratify_by_type
from assessment.core.statistics.withholding import WithheldCounts, count_withheld
from assessment.services.editions.barriers import summarise_barriers
from assessment.services.editions.item_analysis import analyse_items
from assessment.storage import (
    audit,
    authorities,
    benchmarks,
    database,
    questionnaires,
    queue,
    responses,
    rounds,
)
from assessment.storage.frozen import MAX_EDITIONS
from assessment.storage.memory import Memory
from reports.formats import format_count, format_date

# The job that settles what an edition shows each authority of its neighbours.
SETTLE_NEIGHBOURS = "settle_neighbours"
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
        return "Overall"


def cut_edition(
    db: Session,
    round_id: str,
    today: date,
    *,
    by: Actor,
    overrides: Collection[Override] = (),
) -> Edition:
    """Freeze the round's figures as they are now into a new edition.

    Its groups are made of the authorities that exist on a day of the round, and of those that
    submitted. Raises UnconfirmedError where the round is not over, or too few are counted to
    show a figure, unless ``overrides`` has it; NotAllowedError where an edition is being
    cut; DisclosureError where the figures would disclose a few authorities.
    """
    if not database.try_lock(db, "cut an edition"):
        raise NotAllowedError("An edition is being cut already. Wait until that is done.")
    round_ = rounds.read_round(db, round_id)
    questionnaire = questionnaires.read_questionnaire(db, round_.questionnaire_version)
    answer_codes = responses.read_answer_codes(db, round_id, questionnaire.question_ids)
    _require_worthwhile(round_, len(answer_codes), today, overrides)
    members = list_members(authorities.read_authorities(db), round_, set(answer_codes.index))
    memberships = list_memberships(members)
    history = read_history(db, round_)
    own = [e for e in history if e.round_id == round_id]
    number = 1 + len(own)
    then = _find_before(db, round_, history)
    cut = publish(
        EditionDraft(round_id, number, questionnaire, answer_codes, memberships, then, history)
    )
    checked = audit_publication([*history, cut])
    if checked.exposed:
        raise DisclosureError(
            f"Edition {number} is not published: it would tell on fewer than {MIN_FOR_CENTRE} "
            f"authorities in {', '.join(checked.exposed)}."
        )
    edition = Edition(
        round_id=round_id,
        number=number,
        cut_on=today,
        questionnaire_version=questionnaire.version,
        register_version=authorities.read_register_version(db),
        method_version=METHOD_VERSION,
        content_hash=hash_figures(cut.figures, cut.changes),
    )
    frames = (
        analyse_items(db, cut, own)
        | summarise_barriers(db, cut, own)
        | {
            "figures": cut.figures,
            "bases": cut.bases,
            "changes": cut.changes,
            "codes": answer_codes.reset_index(),
            "memberships": memberships,
            "register": benchmarks.frame_register(members),
        }
    )
    benchmarks.save_edition(db, edition, frames)
    queue_settling(db, edition)
    audit.save_event(
        db,
        by,
        EventKind.EDITION_CUT,
        round=round_id,
        number=edition.number,
        hash=edition.content_hash,
    )
    return edition


def queue_settling(db: Session, edition: Edition) -> None:
    """Queue the job that settles what an edition shows of neighbours; one runs at a time."""
    queue.enqueue(
        db,
        SETTLE_NEIGHBOURS,
        lock=SETTLE_NEIGHBOURS,
        round_id=edition.round_id,
        number=edition.number,
    )


def _require_worthwhile(
    round_: Round, counted: int, today: date, overrides: Collection[Override]
) -> None:
    """Refuse to freeze figures that will change, or that show nothing, unless somebody insists."""
    if not round_.is_over(today) and Override.OPEN not in overrides:
        raise UnconfirmedError(
            f"{round_.name} runs until {format_date(round_.closes_on)}: its figures may still "
            "change, and an edition stays as it is for ever.",
            Override.OPEN,
        )
    if counted < MIN_FOR_CENTRE and Override.EMPTY not in overrides:
        submitted = format_count(counted, "authority has", "authorities have")
        raise UnconfirmedError(
            f"{submitted} submitted in {round_.name} and agreed to be counted: the edition "
            f"would show nothing, for figures are shown from {MIN_FOR_CENTRE} authorities on.",
            Override.EMPTY,
        )


def audit_newest_edition(db: Session, round_id: str) -> EditionAudit:
    """Audit the round's newest edition, with all before it, as it is stored."""
    read_newest_edition_of(db, round_id)
    return audit_publication(read_history(db, rounds.read_round(db, round_id)))


def read_newest_edition_of(db: Session, round_id: str) -> Edition:
    """Return the round's newest edition; raises NotFoundError where none is cut."""
    rounds.read_round(db, round_id)
    editions = benchmarks.read_editions(db, round_id)
    if not editions:
        raise NotFoundError(f"Round {round_id} has no edition yet. One is cut when it has closed.")
    return editions[0]


def read_rounds(db: Session) -> list[Round]:
    """Return all rounds, newest first; raises NotFoundError where there is none."""
    every_round = rounds.read_rounds(db)
    if not every_round:
        raise NotFoundError("There is no round yet. An administrator announces one.")
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


def _find_before(db: Session, round_: Round, history: Sequence[CutEdition]) -> CutEdition | None:
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
