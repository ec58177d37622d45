"""What the published frames of editions tell of one question, as constraints.

Read are the figures of the question in every group, matched changes, and what the reason to
withhold says of n. Not read are scores, which mix several questions, and which figures were chosen
to be hidden: what is proven here is proven to everybody, and somebody may prove more.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.publication import MIN_FOR_CENTRE, CutEdition
from assessment.core.statistics.withholding import WITHHELD_CENTRE, WITHHELD_SPREAD, Reason
from tests.attacks.constraints import Cell, Constraint, Histories, Interval, read_change
from tests.attacks.population import Population

LEVEL_STEP = Fraction(1, 10)
PERCENT_STEP = Fraction(1)
STANDINGS = {"percent_dont_know": DONT_KNOW, "percent_does_not_apply": DOES_NOT_APPLY}


def read_editions(
    population: Population,
    histories: Histories,
    editions: Sequence[CutEdition],
    question_id: str,
) -> list[Constraint]:
    """Read everything that editions publish of one question.

    Parameters
    ----------
    population : the classes of these editions.
    histories : of as many editions.
    editions : oldest first; a change is read if the edition that it goes back to is one of them.
    question_id : the question.

    Returns
    -------
    The constraints. A row that is held as an earlier edition showed it is read there alone.
    """
    found: list[Constraint] = []
    for index, edition in enumerate(editions):
        figures = edition.figures.assign(base=edition.bases["base"].to_numpy())
        for row in _list_rows(figures, edition, question_id):
            classes = population.groups[index].get((row["group_kind"], row["group_id"]))
            if classes is not None:
                found += read_row(Cell(histories, index, classes), row)
        found += _read_changes(population, histories, editions, index, question_id)
    return found


def read_own_answers(
    population: Population,
    histories: Histories,
    editions: Sequence[CutEdition],
    question_id: str,
    reader: str,
) -> list[Interval]:
    """Read what a reader knows beside what is published: its own answers.

    Parameters
    ----------
    population : the classes of these editions, the reader's a class of itself.
    histories : of as many editions.
    editions : with the answers behind them.
    question_id : the question.
    reader : the id of an authority.

    Returns
    -------
    One constraint an edition that the reader is counted in.
    """
    found = []
    for index, edition in enumerate(editions):
        if reader in edition.answer_codes.index:
            own = Cell(histories, index, (population.class_of[reader],))
            found.append(own.count([edition.answer_codes[question_id].loc[reader]], 1, 1))
    return found


def _list_rows(
    frame: pd.DataFrame, edition: CutEdition, question_id: str
) -> Iterator[dict[str, Any]]:
    """List the rows of one question that an edition shows of its own answers."""
    if frame.empty:
        return
    of_question = (frame["measure"] == Measure.QUESTION) & (frame["item_id"] == question_id)
    rows = frame[of_question & (frame["base"] == edition.number)]
    yield from ({str(name): row[name] for name in row} for row in rows.to_dict("records"))


def read_row(cell: Cell, row: Mapping[str, Any]) -> list[Constraint]:
    """Read one row of figures: one question in one group.

    Parameters
    ----------
    cell : the group in its edition.
    row : as `assessment.core.disclosure.publish` gives it.

    Returns
    -------
    The constraints of what is shown, and of n what the reason to withhold says.
    """
    submitted = int(row["submitted"])
    if row[WITHHELD_CENTRE] == Reason.TOO_FEW_WITH_LEVEL:
        return [cell.n(0, MIN_FOR_CENTRE - 1)]
    if row[WITHHELD_CENTRE] == Reason.HIDDEN:
        return [cell.n(MIN_FOR_CENTRE, submitted)]
    if row[WITHHELD_CENTRE] != Reason.SHOWN:
        return []
    n = int(row["n"])
    found: list[Constraint] = [
        cell.n(n, n),
        cell.mean(n, row["mean"], LEVEL_STEP),
        cell.quartile(n, 2, row["median"], LEVEL_STEP),
    ]
    if row[WITHHELD_SPREAD] == Reason.SHOWN:
        found += _read_spread(cell, row, n, submitted)
    return found


def _read_spread(
    cell: Cell, row: Mapping[str, Any], n: int, submitted: int
) -> Iterator[Constraint]:
    """Read quartiles and shares."""
    highest = cell.histories.levels
    yield cell.quartile(n, 1, row["q1"], LEVEL_STEP)
    yield cell.quartile(n, 3, row["q3"], LEVEL_STEP)
    for level in range(1, highest + 1):
        yield cell.share([level], n, row[f"percent_{level}"], PERCENT_STEP)
    for level in range(2, highest + 1):
        at_least = row[f"percent_at_least_{level}"]
        yield cell.share(range(level, highest + 1), n, at_least, PERCENT_STEP)
    for column, answer in STANDINGS.items():
        yield cell.share([answer], submitted, row[column], PERCENT_STEP)


def _read_changes(
    population: Population,
    histories: Histories,
    editions: Sequence[CutEdition],
    now: int,
    question_id: str,
) -> Iterator[Constraint]:
    """Read the matched changes that are shown in an edition."""
    indices = {(each.round_id, each.number): index for index, each in enumerate(editions)}
    for row in _list_rows(editions[now].changes, editions[now], question_id):
        then = indices.get((row["then_round"], row["then_number"]))
        if row[WITHHELD_CENTRE] != Reason.SHOWN or then is None:
            continue
        of_group = population.groups[now].get((row["group_kind"], row["group_id"]), ())
        both = tuple(c for c in of_group if population.classes[c].submitted[then])
        n = int(row["n"])
        yield from read_change(histories, both, now, then, n, row["change"], LEVEL_STEP)
