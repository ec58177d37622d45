"""Complementary suppression: what can be published together without disclosing a few.

`thresholds` withholds a figure that too few stand behind. Here every figure that is left is tried
against everything else that is or ever was published: nested and overlapping groups, earlier
editions of the round, and matched change from the rounds before.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import nan

import pandas as pd

from assessment.core.disclosure.books import KINDS, NEIGHBOURS, Books, Row, rows_of
from assessment.core.disclosure.ledger import Ledger
from assessment.core.disclosure.thresholds import withhold_small
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.change import list_comparable
from assessment.core.statistics.figures import Measure, list_items
from assessment.core.statistics.publication import (
    CELL,
    CHANGE_COLUMNS,
    MIN_FOR_CENTRE,
    MIN_FOR_SPREAD,
    CutEdition,
    EditionAudit,
    EditionCell,
    Item,
)
from assessment.core.statistics.withholding import (
    HIDDEN,
    MISSING_CENTRE,
    MISSING_SPREAD,
    SHOWN,
    WITHHELD_CENTRE,
    WITHHELD_SPREAD,
    Reason,
    count_withheld,
)


def begin_edition(
    round_id: str,
    number: int,
    questionnaire: Questionnaire,
    figures: pd.DataFrame,
    answer_codes: pd.DataFrame,
    memberships: pd.DataFrame,
) -> CutEdition:
    """Begin an edition: its figures as they are without complementary suppression.

    Parameters
    ----------
    round_id, number : of the edition being cut.
    questionnaire : the version answered.
    figures : one row per group and item, as `summarise_groups` gives them.
    codes, memberships : what they were made from.

    Returns
    -------
    An edition that shows nothing of an earlier one and no change yet.
    """
    bases = figures[CELL].assign(base=number)
    changes = pd.DataFrame(columns=CHANGE_COLUMNS)
    return CutEdition(
        round_id, number, questionnaire, figures, bases, answer_codes, memberships, changes
    )


def protect_edition(edition: CutEdition, history: Sequence[CutEdition]) -> CutEdition:
    """Hide or hold each figure that, with all that is published, would disclose a few.

    Parameters
    ----------
    edition : as `begin_edition` gives it.
    history : every earlier edition of the round and of the rounds before it that count,
        oldest first.

    Returns
    -------
    The edition with the figures to publish, in the same order, and their bases. A row that
    cannot be shown anew stays as it was last shown; if it never was, it is hidden and says so.

    Notes
    -----
    Taken one after the other in the order of `KINDS` (all, then the groups of a kind, the
    largest first), each figure is kept if `linear.find_exposed` finds no sum over fewer
    than MIN_FOR_CENTRE authorities in what is published with it: no mean, no matched change,
    and no count of those who gave a level; and if it tells no count or mean that is withheld.
    Its spread is kept if it tells no spread that is withheld, of any edition. The result is
    maximal: nothing hidden could be shown as well.
    """
    books = Books([*history, edition])
    rows = edition.figures.assign(base=edition.number, row=range(len(edition.figures)))
    settled: dict[int, Row] = {}
    before = _read_before(_of_round(history, edition.round_id))
    for item in list_items(edition.questionnaire):
        ledger = books.open_ledger(item, noted=len(history))
        for row in _by_size(rows_of(rows, item)):
            judged = _hide(row, *books.judge(ledger, row))
            settled[row["row"]] = _settle(judged, before.get(_cell(row)))
            if settled[row["row"]]["base"] == edition.number:
                books.note_new(ledger, settled[row["row"]])
    published = pd.DataFrame([settled[place] for place in range(len(rows))])
    return replace(
        edition,
        figures=withhold_small(published[list(edition.figures)]),
        bases=published[[*CELL, "base"]],
    )


def protect_changes(
    edition: CutEdition, changes: pd.DataFrame, then: CutEdition, history: Sequence[CutEdition]
) -> CutEdition:
    """Hide or hold each matched change that, with all that is published, would disclose a few.

    Parameters
    ----------
    edition : as `protect_edition` gives it.
    changes : one row per group and comparable item, as `summarise_change` gives them.
    then : the edition they go back to; one of ``history``.
    history : as for `protect_edition`.

    Returns
    -------
    The edition with the changes to publish, in the same order, by the same rules.
    """
    rows = changes.assign(base=edition.number, then_round=then.round_id, then_number=then.number)[
        CHANGE_COLUMNS
    ]
    books = Books([*history, replace(edition, changes=rows)])
    before = _read_changes_before(_of_round(history, edition.round_id))
    settled: dict[int, Row] = {}
    places = rows.assign(row=range(len(rows)))
    for item in list_comparable(then.questionnaire, edition.questionnaire):
        ledger = books.open_ledger(item, noted=len(history))
        books.note_figures(ledger, item, len(history))
        for row in _by_size(rows_of(places, item)):
            judged = _hide(row, books.judge_change(ledger, row))
            settled[row["row"]] = _settle(judged, before.get(_cell(row)), (WITHHELD_CENTRE,))
    published = pd.DataFrame([settled[place] for place in range(len(rows))])[CHANGE_COLUMNS]
    shown = published[WITHHELD_CENTRE] == Reason.SHOWN
    published = published.assign(**{name: published[name].where(shown) for name in ("n", "change")})
    return replace(edition, changes=published)


def protect_neighbours(
    editions: Sequence[CutEdition], authority_id: str, member_ids: Sequence[str]
) -> dict[Item, EditionCell]:
    """Say what a reader may be shown of its nearest neighbours, beside all that is published.

    Parameters
    ----------
    editions : all that count, oldest first; the last one is the one compared with.
    authority_id : the reader, who is not among the members.
    member_ids : its neighbours.

    Returns
    -------
    By item, overall and principles only: the edition whose answers may be shown, and why the
    centre or the spread is withheld. A reader who has seen earlier editions of the round is
    thought to have kept what they showed, and knows its own answers: every figure tells it
    that of the others.
    """
    newest = editions[-1]
    group = pd.DataFrame(
        {"authority_id": member_ids, "group_kind": NEIGHBOURS, "group_id": authority_id}
    )
    others = [
        replace(e, answer_codes=e.answer_codes.drop(index=authority_id, errors="ignore"))
        for e in editions
    ]
    own = [
        replace(e, memberships=pd.concat([e.memberships, group], ignore_index=True))
        if e.round_id == newest.round_id
        else e
        for e in others
    ]
    books = Books(own)
    steps = [place for place, e in enumerate(own) if e.round_id == newest.round_id]
    items = [i for i in list_items(newest.questionnaire) if i[0] != Measure.QUESTION]
    return {
        item: _follow_neighbours(books, books.open_ledger(item, noted=len(own)), steps)
        for item in items
    }


def _follow_neighbours(books: Books, ledger: Ledger, steps: Sequence[int]) -> EditionCell:
    """Go through the editions of a round and say what the last one may show."""
    group = len(books.groups) - 1
    cell: EditionCell | None = None
    for step in steps:
        n = ledger.count_members(group, step)
        number = books.editions[step].number
        if n < MIN_FOR_CENTRE:
            cell = EditionCell(number, SHOWN, SHOWN)
            continue
        has_spread = n >= MIN_FOR_SPREAD
        shown, spread_shown = ledger.admit_figure(group, step, spread=has_spread)
        if shown:
            hides_spread = has_spread and not spread_shown
            cell = EditionCell(number, SHOWN, HIDDEN if hides_spread else SHOWN)
        else:
            cell = cell or EditionCell(number, HIDDEN, HIDDEN)
    assert cell is not None  # noqa: S101 (there is at least one edition)
    return cell


def audit_edition(editions: Sequence[CutEdition]) -> EditionAudit:
    """Try to work out, from all editions together, what must not be told.

    Parameters
    ----------
    editions : all that count, oldest first; the last one is the one audited.

    Returns
    -------
    How much the last edition withholds, and the items of which, with it, a sum over fewer than
    MIN_FOR_CENTRE authorities, or a figure that is withheld, can be worked out.
    """
    books, newest = Books(editions), editions[-1]
    exposed, told_before = [], []
    for item in list_items(newest.questionnaire):
        ledger = books.open_ledger(item, noted=len(editions) - 1)
        if ledger.is_exposed():
            told_before.append(item[1])
        ledger.take_as_known()
        books.note_edition(ledger, item, len(editions) - 1)
        if ledger.is_exposed():
            exposed.append(item[1])
    held = int((newest.bases["base"] != newest.number).sum())
    return EditionAudit(
        centres=count_withheld(newest.figures[WITHHELD_CENTRE]),
        spreads=count_withheld(newest.figures[WITHHELD_SPREAD]),
        changes=count_withheld(newest.changes[WITHHELD_CENTRE]),
        held=held + int((newest.changes["base"] != newest.number).sum()),
        exposed=tuple(exposed),
        told_before=tuple(told_before),
    )


def _of_round(editions: Sequence[CutEdition], round_id: str) -> list[CutEdition]:
    return [e for e in editions if e.round_id == round_id]


def _read_before(history: Sequence[CutEdition]) -> dict[tuple[str, ...], Row]:
    """Return each row that the newest edition published, with its base, by cell."""
    if not history:
        return {}
    rows = history[-1].figures.merge(history[-1].bases, on=CELL, validate="one_to_one")
    return {_cell(row): row for row in rows.to_dict("records")}


def _read_changes_before(history: Sequence[CutEdition]) -> dict[tuple[str, ...], Row]:
    """Return each change that the newest edition published, by cell."""
    rows = history[-1].changes.to_dict("records") if history else []
    return {_cell(row): row for row in rows}


def _by_size(rows: pd.DataFrame) -> list[Row]:
    """Order the rows of one item: the kinds as they stand, their largest groups first."""
    kinds = rows["group_kind"].map({kind: place for place, kind in enumerate(KINDS)})
    order = rows.assign(kind=kinds).sort_values(
        ["kind", "n", "group_id"], ascending=[True, False, True]
    )
    return order.drop(columns="kind").to_dict("records")


def _cell(row: Row) -> tuple[str, ...]:
    """Return what a row is known by."""
    return tuple(str(row[name]) for name in CELL)


def _hide(row: Row, centre: bool, spread: bool = False) -> Row:
    """Return a row with its centre or its spread hidden, whatever else withholds them."""
    hidden: Row = {WITHHELD_CENTRE: Reason.HIDDEN.value, MISSING_CENTRE: nan} if centre else {}
    if spread:
        hidden |= {WITHHELD_SPREAD: Reason.HIDDEN.value, MISSING_SPREAD: nan}
    return row | hidden


def _settle(
    judged: Row, before: Row | None, parts: Sequence[str] = (WITHHELD_CENTRE, WITHHELD_SPREAD)
) -> Row:
    """Return a row as it is published: shown anew, held as it was shown before, or hidden.

    It is held rather than lose a part that it showed.
    """
    if before is None:
        return judged
    lost = [judged[part] == Reason.HIDDEN and before[part] == Reason.SHOWN for part in parts]
    return before if any(lost) else judged
