"""From the data of a report to HTML and PDF."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assessment.core.answers.barriers import MAX_CHOICES, list_asked
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext, set_up_messages
from reports.authority.data import ReportData
from reports.authority.figures import render_figures
from reports.authority.seal import Seal
from reports.formats import FILTERS
from reports.national.national import NationalData, name_kinds, render_national_figures
from reports.printable import make_printable
from reports.words import FILTERS as WORD_FILTERS
from reports.workbook.workbook import find_terms, group_law

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

# The day of files that say no day.
FIXED_DATE = date(2000, 1, 1)
TEMPLATES = Path(__file__).parent.parent / "templates"
STYLES = ("report.css", "print.css")


class ReportKind(StrEnum):
    """The reports there are."""

    SCORECARD = "scorecard"
    IMPROVEMENT = "improvement"
    SHAREABLE = "shareable"


@cache
def make_environment() -> Environment:
    """Make the Jinja environment of the reports.

    Returns
    -------
    One that escapes everything, prints only what paper can show, refuses unknown names and
    knows the filters of formats and words and the catalogue of messages. Pages include the same
    ``report/<kind>/_body.html``.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=make_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    set_up_messages(environment)
    environment.filters.update(FILTERS | WORD_FILTERS)
    return environment


def render_html(report: ReportData, kind: ReportKind, seal: Seal | None = None) -> str:
    """Render a report as a document of its own, from which the PDF is made.

    Parameters
    ----------
    report : the data of one report.
    kind : which report.
    seal : what it can be checked by; None where it is not kept, as on a page.

    Returns
    -------
    A whole HTML document, without the style sheets that it is printed with.
    """
    template = make_environment().get_template(f"report/{kind}/document.html")
    return template.render(report=report, seal=seal)


def render_pdf(report: ReportData, kind: ReportKind, seal: Seal | None = None) -> bytes:
    """Render a report as a PDF that meets PDF/UA-1.

    Parameters
    ----------
    report : the data of one report.
    kind : which report.
    seal : what it can be checked by; None where it is not kept.

    Returns
    -------
    The file, with the figures behind its charts attached as CSV. The same report always gives
    the same bytes: neither the time nor a random identifier is written.
    """
    return _write_pdf(render_html(report, kind, seal), render_figures(report), report.made_on)


def render_national_html(report: NationalData, seal: Seal | None = None) -> str:
    """Render the national report as a document of its own.

    Parameters
    ----------
    report : the data of a national report.
    seal : what it can be checked by; None where it is not kept, as on a page.

    Returns
    -------
    A whole HTML document, without the style sheets that it is printed with.
    """
    template = make_environment().get_template("report/national/document.html")
    return template.render(report=report, seal=seal, kinds=name_kinds())


def render_national_pdf(report: NationalData, seal: Seal | None = None) -> bytes:
    """Render the national report as a PDF that meets PDF/UA-1.

    Parameters
    ----------
    report : the data of a national report.
    seal : what it can be checked by; None where it is not kept.

    Returns
    -------
    The file, with all published figures attached as CSV; the same report always gives the same
    bytes.
    """
    figures = render_national_figures(report.figures)
    return _write_pdf(render_national_html(report, seal), figures, report.made_on)


def render_workbook(questionnaire: Questionnaire) -> bytes:
    """Render a questionnaire as a workbook for a meeting, with room for notes.

    Parameters
    ----------
    questionnaire : the version to print.

    Returns
    -------
    A PDF that meets PDF/UA-1; the same version always gives the same bytes.
    """
    template = make_environment().get_template("report/workbook/document.html")
    terms = find_terms(questionnaire)
    html = template.render(
        questionnaire=questionnaire,
        terms=terms,
        group_law=group_law,
        asked=list_asked(questionnaire),
        most_chosen=MAX_CHOICES,
    )
    return _write_pdf(html, styles=(*STYLES, "workbook.css"))


def _write_pdf(
    html: str,
    figures: str = "",
    made_on: date = FIXED_DATE,
    styles: tuple[str, ...] = STYLES,
) -> bytes:
    """Write a document as a PDF that meets PDF/UA-1, with its figures where it has any."""
    from weasyprint import HTML, Attachment  # noqa: PLC0415 (it takes most of a second)

    from reports.fetcher import BASE, StaticFetcher  # noqa: PLC0415 (it needs WeasyPrint)

    page = HTML(string=html, base_url=BASE, url_fetcher=StaticFetcher())
    sheets, fonts = _read_styles(styles)
    day = datetime.combine(made_on, time(), UTC)
    attached = Attachment(
        string=figures,
        name="figures.csv",
        description=gettext("The figures behind the charts of this report"),
        created=day,
        modified=day,
        relationship="Data",
    )
    return bytes(
        page.write_pdf(
            pdf_variant="pdf/ua-1",
            attachments=[attached] if figures else [],
            stylesheets=sheets,
            font_config=fonts,
        )
    )


@cache
def _read_styles(names: tuple[str, ...]) -> "tuple[list[CSS], FontConfiguration]":
    """Read style sheets with their fonts; once, for it takes 5% of the time of a render."""
    from weasyprint import CSS  # noqa: PLC0415 (as above)
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    from reports.fetcher import STATIC, StaticFetcher  # noqa: PLC0415

    fonts = FontConfiguration()
    sheets = [
        CSS(filename=STATIC / name, url_fetcher=StaticFetcher(), font_config=fonts)
        for name in names
    ]
    return sheets, fonts
