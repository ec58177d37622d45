"""Benchmarks: cutting editions and reading them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
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
from assessment.core.people.groups import GroupKind, list_memberships, sort_groups
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.figures import percent_columns
from assessment.core.statistics.publication import (
    CELL,
    ITEM,
    MIN_FOR_CENTRE,
    WITHHELD_CENTRE,
    WITHHELD_SPREAD,
    CutEdition,
    DisclosureError,
    EditionAudit,
    EditionDraft,
    Withheld,
    count_withheld,
)
from assessment.core.statistics.representativeness import post_stratify_by_type
from assessment.services.editions.barriers import summarise_barriers
from assessment.services.editions.item_analysis import analyse_items
from assessment.storage import (
    audit,
    authorities,
    benchmarks,
    database,
    questionnaires,
    responses,
    rounds,
)
from reports.formats import format_count, format_date
from reports.words import say_weighting

# The level from which on a share is shown beside those at each level.
SHARE_FROM_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure; what is withheld is None and says why.

    ``percent_at_least`` is the share at `SHARE_FROM_LEVEL` or above. ``weighted`` is the mean of
    all authorities weighted by type, and ``weighting_note`` what is to be said of it; ``change``
    is that of the ``change_n`` authorities that took part in the round before too.
    """

    measure: str
    item_id: str
    title: str
    n: int | None
    of_n: int
    mean: float | None
    median: float | None
    q1: float | None
    q3: float | None
    percents: tuple[int, ...] | None
    percent_at_least: int | None
    percent_dont_know: int | None
    percent_does_not_apply: int | None
    withheld_centre: str
    withheld_spread: str
    weighted: float | None
    weighting_note: str
    change: float | None
    change_n: int | None
    withheld_change: str


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
    centres: Withheld
    spreads: Withheld
    changes: Withheld


def cut_edition(
    db: Session,
    round_id: str,
    today: date,
    *,
    by: str,
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
    codes = responses.read_codes(db, round_id, questionnaire.question_ids)
    _require_worthwhile(round_, len(codes), today, overrides)
    members = list_members(authorities.read_authorities(db), round_, set(codes.index))
    memberships = list_memberships(members)
    history = read_history(db, round_)
    own = [e for e in history if e.round_id == round_id]
    number = 1 + len(own)
    then = _find_before(db, round_, history)
    cut = publish(EditionDraft(round_id, number, questionnaire, codes, memberships, then, history))
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
            "codes": codes.reset_index(),
            "memberships": memberships,
            "register": benchmarks.frame_register(members),
        }
    )
    benchmarks.save_edition(db, edition, frames)
    audit.save_event(
        db,
        by,
        "edition cut",
        round=round_id,
        number=edition.number,
        hash=edition.content_hash,
    )
    return edition


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
    every_group = read_figures(db, edition)
    figures = every_group[every_group["group_kind"] == group_kind.value]
    groups = tuple(
        _group_figures(questionnaire, str(group_id), rows)
        for group_id, rows in figures.groupby("group_id", sort=False)
    )
    then = next((since for since in figures["change_since"] if since), "")
    released_on = benchmarks.read_released_on(db, edition)
    return Benchmark(
        edition=edition,
        questionnaire=questionnaire,
        group_kind=group_kind,
        groups=groups,
        then_round=then,
        released_on=released_on,
        withdrawal=benchmarks.read_withdrawal(db, edition),
        centres=count_withheld(every_group[WITHHELD_CENTRE]),
        spreads=count_withheld(every_group[WITHHELD_SPREAD]),
        changes=count_withheld(every_group[every_group["change_since"] != ""]["withheld_change"]),
    )


def read_figures(db: Session, edition: Edition) -> pd.DataFrame:
    """Return an edition's published figures in the order in which groups are shown.

    Beside each stands its matched change.

    ``mean_weighted_by_type`` is that of all authorities together, NaN for other groups, and
    ``weighting_note`` what is to be said of it, empty where there is nothing.
    """
    figures = benchmarks.read_frame(db, edition, "figures")
    names = {"n": "change_n", "then_round": "change_since", WITHHELD_CENTRE: "withheld_change"}
    changes = benchmarks.read_frame(db, edition, "changes").rename(columns=names)
    changes = changes[[*CELL, "change", "change_n", "change_since", "withheld_change"]]
    merged = figures.merge(changes, on=CELL, how="left", validate="one_to_one")
    merged = merged.fillna({"withheld_change": "", "change_since": ""})
    means = [
        (GroupKind.ALL.value, *item, weighted.mean, say_weighting(weighted))
        for item, weighted in post_stratify_by_type(figures).items()
    ]
    columns = ["group_kind", *ITEM, "mean_weighted_by_type", "weighting_note"]
    weighted_means = pd.DataFrame(means, columns=columns).astype({"mean_weighted_by_type": float})
    merged = merged.merge(weighted_means, on=["group_kind", *ITEM], how="left")
    return sort_groups(merged.fillna({"weighting_note": ""}))


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
    codes, memberships = benchmarks.read_answers_behind(db, edition)
    names = ("figures", "bases", "changes")
    figures, bases, changes = (benchmarks.read_frame(db, edition, name) for name in names)
    return CutEdition(
        edition.round_id,
        edition.number,
        questionnaires.read_questionnaire(db, edition.questionnaire_version),
        figures,
        bases,
        codes,
        memberships,
        changes,
    )


def _group_figures(questionnaire: Questionnaire, group_id: str, rows: pd.DataFrame) -> GroupFigures:
    """Gather one group's figures."""
    titles = {p.id: p.name for p in questionnaire.principles}
    titles |= {q.id: f"{q.id} {q.title}" for q in questionnaire.questions}
    shares = percent_columns(questionnaire)
    figures = [_figure(row, titles, shares) for row in _records(rows)]
    return GroupFigures(
        group_id=group_id,
        group_name=str(rows["group_name"].iloc[0]),
        overall=next(f for f in figures if f.measure == "overall"),
        principles=tuple(f for f in figures if f.measure == "principle"),
        questions=tuple(f for f in figures if f.measure == "question"),
    )


def _figure(row: dict[str, Any], titles: dict[str, str], shares: list[str]) -> Figure:
    """Turn one row of the figures into a Figure."""
    numbers = {name: None if pd.isna(value) else value for name, value in row.items()}
    whole = {
        name: None if value is None else int(value)
        for name, value in numbers.items()
        if name in {"n", "change_n"} or name.startswith("percent_")
    }
    percents = [whole[share] for share in shares]
    known = [percent for percent in percents if percent is not None]
    return Figure(
        measure=row["measure"],
        item_id=row["item_id"],
        title=titles.get(row["item_id"], "Overall"),
        n=whole["n"],
        of_n=int(row["of_n"]),
        mean=numbers["mean"],
        median=numbers["median"],
        q1=numbers["q1"],
        q3=numbers["q3"],
        percents=tuple(known) if len(known) == len(percents) else None,
        percent_at_least=whole.get(f"percent_at_least_{SHARE_FROM_LEVEL}"),
        percent_dont_know=whole["percent_dont_know"],
        percent_does_not_apply=whole["percent_does_not_apply"],
        withheld_centre=row["withheld_centre"],
        withheld_spread=row["withheld_spread"],
        weighted=numbers["mean_weighted_by_type"],
        weighting_note=row["weighting_note"],
        change=numbers["change"],
        change_n=whole["change_n"],
        withheld_change=row["withheld_change"],
    )


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries by column name."""
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.itertuples(index=False)]
