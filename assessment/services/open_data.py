"""Editions as files, and those that the programme has released to everybody."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from assessment.core.authorities import GroupKind
from assessment.core.errors import NotAllowedError, NotFoundError, NothingFoundError
from assessment.core.rounds import Edition
from assessment.services.benchmarking import read_figures, read_newest_edition_of
from assessment.services.needs import read_needs
from assessment.storage import audit, authorities, benchmarks, questionnaires
from reports.open_data import (
    EditionFacts,
    EditionFile,
    EditionPage,
    FigurePage,
    build_facts,
    build_rows,
    render_csv,
    render_document,
    render_needs_csv,
)
from reports.spreadsheet import render_spreadsheet

# What rows of figures may be chosen by.
FILTERS = ("group_kind", "group_id", "measure", "item_id")


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page of how many rows, and the address of pages but for their number."""

    number: int
    size: int
    address: str

    @property
    def rows(self) -> slice:
        """Return which rows stand on the page."""
        return slice((self.number - 1) * self.size, self.number * self.size)


def release_edition(
    db: Session, round_id: str, number: int | None, today: date, *, by: str
) -> Edition:
    """Make an edition open data: anybody may read its figures from now on, for ever.

    The newest is meant where no number is given. Raises NotFoundError where there is none,
    NotAllowedError where it is released.
    """
    edition = read_newest_edition_of(db, round_id)
    if number is not None:
        edition = _find(benchmarks.read_editions(db, round_id), round_id, number)
    if benchmarks.read_released_on(db, edition) is not None:
        raise NotAllowedError(f"{edition.citation}, is released already.")
    benchmarks.save_release(db, edition, today)
    audit.save_event(db, by, "edition released", round=round_id, number=edition.number)
    return edition


def read_released(db: Session) -> list[EditionFacts]:
    """Return every released edition, the first released first."""
    return [_facts(db, edition) for edition in benchmarks.read_released(db)]


def read_released_edition(db: Session, round_id: str, number: int) -> EditionFacts:
    """Return one released edition; raises NotFoundError where it is not released."""
    return _facts(db, _find(benchmarks.read_released(db), round_id, number))


def read_edition_page(db: Session, page: PageAsked) -> EditionPage:
    """Return a page of the released editions; raises NothingFoundError beyond the last."""
    items = read_released(db)
    return EditionPage(items[page.rows], len(items), *_neighbours(len(items), page))


def read_figure_page(
    db: Session, round_id: str, number: int, chosen: dict[str, str], page: PageAsked
) -> FigurePage:
    """Return a page of a released edition's figures, those of the chosen group and item.

    Raises NotFoundError where the edition is not released, NothingFoundError where what is
    chosen is not in the edition or the page is beyond the last.
    """
    edition = _find(benchmarks.read_released(db), round_id, number)
    figures = read_figures(db, edition)
    for name, value in chosen.items():
        if value not in set(figures[name]):
            raise NothingFoundError(name, f"This edition has no {name} {value!r}.")
        figures = figures[figures[name] == value]
    links = _neighbours(len(figures), page)
    rows = build_rows(figures.iloc[page.rows])
    return FigurePage(_facts(db, edition), rows, len(figures), *links)


def export_released(
    db: Session, round_id: str, number: int, file_format: str
) -> tuple[str, str | bytes]:
    """Return the name and content of a released edition as a file: csv, json or xlsx."""
    edition = _find(benchmarks.read_released(db), round_id, number)
    if file_format == "xlsx":
        return _spreadsheet(db, edition)
    name = f"benchmark-{round_id}-edition-{number}.{file_format}"
    return name, _export(db, edition, read_figures(db, edition), file_format)


def export_figures(db: Session, round_id: str, group_kind: GroupKind, file_format: str) -> str:
    """Return what an analyst may see of a round's newest edition, as CSV or JSON text."""
    edition = read_newest_edition_of(db, round_id)
    figures = read_figures(db, edition)
    return _export(db, edition, figures[figures["group_kind"] == group_kind.value], file_format)


def export_spreadsheet(db: Session, round_id: str) -> tuple[str, bytes]:
    """Return a round's newest edition as an accessible spreadsheet, and its file name."""
    return _spreadsheet(db, read_newest_edition_of(db, round_id))


def _export(db: Session, edition: Edition, figures: pd.DataFrame, file_format: str) -> str:
    """Return figures of an edition as CSV or JSON text."""
    facts = _facts(db, edition)
    if file_format == "csv":
        return render_csv(figures, facts)
    return render_document(EditionFile(facts, build_rows(figures)))


def _spreadsheet(db: Session, edition: Edition) -> tuple[str, bytes]:
    """Return an edition as a spreadsheet, and its file name."""
    remark = "Simulated data of a fictional country." if authorities.read_simulated(db) else ""
    questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)
    file = render_spreadsheet(edition, questionnaire, read_figures(db, edition), remark=remark)
    return f"benchmark-{edition.round_id}-edition-{edition.number}.xlsx", file


def export_needs(db: Session, round_id: str) -> str:
    """Return what holds authorities back and would help them as CSV, by the newest edition.

    Raises NotFoundError where there is no edition.
    """
    edition = read_newest_edition_of(db, round_id)
    return render_needs_csv(read_needs(db, edition), _facts(db, edition))


def _facts(db: Session, edition: Edition) -> EditionFacts:
    """Say what an edition is."""
    released_on = benchmarks.read_released_on(db, edition)
    return build_facts(edition, released_on, simulated=authorities.read_simulated(db))


def _find(editions: list[Edition], round_id: str, number: int) -> Edition:
    """Return the edition of a number; raises NotFoundError where it is not among these."""
    for edition in editions:
        if (edition.round_id, edition.number) == (round_id, number):
            return edition
    raise NotFoundError(f"There is no edition {number} of round {round_id} here.")


def _neighbours(total: int, page: PageAsked) -> tuple[str | None, str | None]:
    """Return the addresses of the next page and of the one before."""
    last = max(-(-total // page.size), 1)
    if page.number > last:
        raise NothingFoundError("page", f"The last page is {last}, at {page.size} rows a page.")
    after = f"{page.address}&page={page.number + 1}" if page.number < last else None
    before = f"{page.address}&page={page.number - 1}" if page.number > 1 else None
    return after, before
