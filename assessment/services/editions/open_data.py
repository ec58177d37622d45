"""Editions as files, and those that the programme has released to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition, Withdrawal
from assessment.core.errors import NotFoundError, NothingFoundError, WithdrawnError
from assessment.core.people.groups import GroupKind
from assessment.core.statistics.published_figures import Figure
from assessment.locale import gettext
from assessment.services.editions.barriers import read_barriers
from assessment.services.editions.benchmarking import read_figures, read_newest_edition_of
from assessment.storage import authorities, benchmarks, edition_files, questionnaires
from reports.formats import format_date
from reports.open_data.open_data import (
    EditionFacts,
    EditionFile,
    EditionPage,
    FigurePage,
    build_facts,
    render_csv,
    render_document,
    render_needs_csv,
)
from reports.open_data.spreadsheet import render_spreadsheet
from reports.words import cite_edition

FORMATS = ("csv", "json", "xlsx")
# What rows of figures may be chosen by.
FILTERS = ("group_kind", "group_id", "measure", "item_id")


@dataclass(frozen=True, slots=True)
class WithdrawnEdition:
    """An edition that was open data once."""

    edition: Edition
    withdrawal: Withdrawal


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file of a released edition; ``sha256`` is of its content."""

    edition: Edition
    file_format: str
    sha256: str

    @property
    def name(self) -> str:
        """Return the name to keep the file under."""
        return _name_file(self.edition, self.file_format)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of how many rows, and the address of pages but for their number."""

    number: int
    size: int
    address: str

    @property
    def rows(self) -> slice:
        """Return which rows stand on the page."""
        return slice((self.number - 1) * self.size, self.number * self.size)


def read_withdrawn(db: Session) -> list[WithdrawnEdition]:
    """Return every edition that was open data once and is withdrawn, the first first."""
    return [
        WithdrawnEdition(edition, withdrawal)
        for edition in benchmarks.read_withdrawn(db)
        if (withdrawal := benchmarks.read_withdrawal(db, edition))
    ]


def describe_withdrawal(edition: Edition, withdrawal: Withdrawal) -> str:
    """Say that an edition was withdrawn, when and why."""
    return gettext(
        "%(citation)s, was withdrawn on %(day)s: %(note)s",
        citation=cite_edition(edition),
        day=format_date(withdrawal.on),
        note=withdrawal.note,
    )


def read_released(db: Session) -> list[EditionFacts]:
    """Return every released edition, the first released first."""
    return [_facts(db, edition) for edition in benchmarks.read_released(db)]


def count_levels(db: Session) -> int:
    """Count the levels of the published questionnaire that has most; 0 where there is none."""
    versions = questionnaires.read_published_versions(db)
    every = (questionnaires.read_questionnaire(db, version) for version in versions)
    return max((len(questionnaire.levels) for questionnaire in every), default=0)


def read_released_edition(db: Session, round_id: str, number: int) -> EditionFacts:
    """Return one released edition; raises NotFoundError where it is not released."""
    return _facts(db, _find_released(db, round_id, number))


def read_edition_page(db: Session, page: PageRequest) -> EditionPage:
    """Return a page of the released editions; raises NothingFoundError beyond the last."""
    items = read_released(db)
    return EditionPage(items[page.rows], len(items), *_neighbours(len(items), page))


def read_figure_page(
    db: Session, round_id: str, number: int, chosen: dict[str, str], page: PageRequest
) -> FigurePage:
    """Return a page of a released edition's figures, those of the chosen group and item.

    Raises NotFoundError where the edition is not released, NothingFoundError where what is
    chosen is not in the edition or the page is beyond the last.
    """
    edition = _find_released(db, round_id, number)
    figures = read_figures(db, edition)
    for name, value in chosen.items():
        figures = tuple(figure for figure in figures if getattr(figure.key, name) == value)
        if not figures:
            raise NothingFoundError(
                name,
                gettext("This edition has no %(name)s %(value)s.", name=name, value=repr(value)),
            )
    links = _neighbours(len(figures), page)
    return FigurePage(_facts(db, edition), list(figures[page.rows]), len(figures), *links)


def find_file(db: Session, round_id: str, number: int, file_format: str) -> StoredFile:
    """Return a stored file of a released edition, without its content.

    Raises NotFoundError where the edition is not released or has no such file, WithdrawnError
    where it was withdrawn.
    """
    edition = _find_released(db, round_id, number)
    sha256 = edition_files.read_hash(db, edition, file_format)
    if sha256 is None:
        raise _miss_file(edition)
    return StoredFile(edition, file_format, sha256)


def read_content(db: Session, file: StoredFile) -> bytes:
    """Return a stored file's content; raises NotFoundError where it was deleted meanwhile."""
    content = edition_files.read_content(db, file.edition, file.file_format)
    if content is None:
        raise _miss_file(file.edition)
    return content


def _miss_file(edition: Edition) -> NotFoundError:
    """Return the refusal of a file that is not stored, or not any more."""
    return NotFoundError(gettext("%(citation)s, has no such file.", citation=cite_edition(edition)))


def export_figures(db: Session, round_id: str, group_kind: GroupKind, file_format: str) -> str:
    """Return what an analyst may see of a round's newest edition, as CSV or JSON text."""
    edition = read_newest_edition_of(db, round_id)
    figures = [f for f in read_figures(db, edition) if f.key.group_kind is group_kind]
    return _export(db, edition, figures, file_format)


def export_spreadsheet(db: Session, round_id: str) -> tuple[str, bytes]:
    """Return a round's newest edition as an accessible spreadsheet, and its file name."""
    edition = read_newest_edition_of(db, round_id)
    stored = edition_files.read_content(db, edition, "xlsx")
    return _name_file(edition, "xlsx"), stored or render_file(db, edition, "xlsx")


def render_file(db: Session, edition: Edition, file_format: str) -> bytes:
    """Return an edition as a file, which costs up to some seconds."""
    figures = read_figures(db, edition)
    if file_format != "xlsx":
        return _export(db, edition, figures, file_format).encode()
    simulated = authorities.read_simulated(db)
    questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)
    return render_spreadsheet(edition, questionnaire, figures, simulated=simulated)


def _name_file(edition: Edition, file_format: str) -> str:
    return f"benchmark-{edition.round_id}-edition-{edition.number}.{file_format}"


def _export(db: Session, edition: Edition, figures: Sequence[Figure], file_format: str) -> str:
    """Return figures of an edition as CSV or JSON text."""
    facts = _facts(db, edition)
    if file_format == "csv":
        questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)
        return render_csv(figures, len(questionnaire.levels), facts)
    return render_document(EditionFile(facts, list(figures)))


def export_barriers(db: Session, round_id: str) -> str:
    """Return what holds authorities back and would help them as CSV, by the newest edition.

    Raises NotFoundError where there is no edition.
    """
    edition = read_newest_edition_of(db, round_id)
    return render_needs_csv(read_barriers(db, edition), _facts(db, edition))


def _facts(db: Session, edition: Edition) -> EditionFacts:
    released_on = benchmarks.read_released_on(db, edition)
    return build_facts(edition, released_on, simulated=authorities.read_simulated(db))


def _find_released(db: Session, round_id: str, number: int) -> Edition:
    """Return a released edition.

    Raises NotFoundError where it is not released, WithdrawnError where it was withdrawn.
    """
    for withdrawn in benchmarks.read_withdrawn(db):
        if (withdrawn.round_id, withdrawn.number) == (round_id, number):
            require_not_withdrawn(db, withdrawn)
    return find_edition(benchmarks.read_released(db), round_id, number)


def require_not_withdrawn(db: Session, edition: Edition) -> None:
    """Refuse an edition that was withdrawn, and say why it was."""
    withdrawal = benchmarks.read_withdrawal(db, edition)
    if withdrawal is not None:
        raise WithdrawnError(describe_withdrawal(edition, withdrawal))


def find_edition(editions: list[Edition], round_id: str, number: int) -> Edition:
    """Return the edition of a number; raises NotFoundError where it is not among these."""
    for edition in editions:
        if (edition.round_id, edition.number) == (round_id, number):
            return edition
    raise NotFoundError(
        gettext(
            "There is no edition %(number)s of round %(round)s here.",
            number=number,
            round=round_id,
        )
    )


def _neighbours(total: int, page: PageRequest) -> tuple[str | None, str | None]:
    """Return the addresses of the next page and of the one before."""
    last = max(-(-total // page.size), 1)
    if page.number > last:
        raise NothingFoundError(
            "page",
            gettext(
                "The last page is %(last)s, at %(size)s rows a page.", last=last, size=page.size
            ),
        )
    after = f"{page.address}&page={page.number + 1}" if page.number < last else None
    before = f"{page.address}&page={page.number - 1}" if page.number > 1 else None
    return after, before
