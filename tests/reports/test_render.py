"""Reports as HTML and PDF: what is in them, and what cannot get in."""

import logging
import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from assessment.core.answers.scoring import score_answers
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.uncertainty import Place, Position
from reports.authority.build import Assessed, Previous
from reports.authority.data import ReportData
from reports.authority.parts import NeighbourData, NeighboursData
from reports.authority.shareable import make_shareable
from reports.fetcher import STATIC, RefusedAddressError, StaticFetcher
from reports.render import (
    ReportKind,
    make_environment,
    render_html,
    render_national_pdf,
    render_pdf,
)
from tests.factories import make_answer, make_authority, make_duty, make_questionnaire
from tests.reports.authority.test_seal import SEAL
from tests.reports.factories import (
    ALIKE,
    make_benchmark,
    make_comparison,
    make_dutiful_questionnaire,
    make_report,
    make_rich_report,
)
from tests.reports.national.test_national import make_national

pytestmark = pytest.mark.slow

HOSTILE = (
    "<script>alert(1)</script><img src='http://198.51.100.7/x.png'>",
    "</style><style>body{background:url(http://198.51.100.7/y.png)}",
    "<svg><image href='file:///etc/passwd'/></svg>",
    "{{ report }} {% include 'x' %}",
    "x" * 5000,
    "שלום \u202eabc\u202c مرحبا",
    "🚀👩‍🔬 é\u0301",
)
SIMULATED = "Simulated data. It says nothing about any real authority."


def read_text(pdf: bytes) -> str:
    """Return all text of a PDF with single spaces."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def bookmarks(pdf: bytes) -> dict[str, int]:
    """Return the page of each of a PDF's bookmarks, whatever their depth."""
    reader = PdfReader(BytesIO(pdf))
    pages: dict[str, int] = {}
    waiting = list(reader.outline)
    while waiting:
        entry = waiting.pop(0)
        if isinstance(entry, list):
            waiting = [*entry, *waiting]
        else:
            pages[str(entry.title)] = (reader.get_destination_page_number(entry) or 0) + 1
    return pages


def fonts(pdf: bytes) -> list[tuple[str, bool]]:
    """List each font's name and whether it is embedded."""
    found = []
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            embedded = any(str(key).startswith("/FontFile") for key in descriptor)
            found.append((str(descendant["/BaseFont"]), embedded))
    return found


def long_questionnaire() -> Questionnaire:
    """Make six principles of six questions, as long as the longest texts allowed."""
    asked = make_questionnaire(principles=6, questions=6)
    text = " ".join(["procurement"] * 44) + " end."
    principles = []
    for principle in asked.principles:
        questions = tuple(
            replace(
                question,
                title="A title of a usual length",
                descriptors=(text,) * 5,
                actions=tuple(replace(a, text=text[:160]) for a in question.actions),
                legal=(make_duty(),),
            )
            for question in principle.questions
        )
        name = "Strong Leadership to Drive Strategic Procurement"
        principles.append(replace(principle, name=name, good=text, questions=questions))
    return replace(asked, principles=tuple(principles))


def hostile_report(text: str) -> ReportData:
    """Make a report where every text from people is this one."""
    asked = make_questionnaire(principles=1)
    first = asked.principles[0]
    question = replace(first.questions[0], title=text, descriptors=(text,) * 5)
    principle = replace(first, name=text, questions=(question, *first.questions[1:]))
    asked = replace(asked, title=text, principles=(principle,))
    answers = {
        "1.1": make_answer("1.1", 2),
        "1.2": make_answer("1.2", "na", reason=text),
        "1.3": make_answer("1.3", 3),
    }
    return make_report(
        questionnaire=asked,
        authority=make_authority(name=text),
        assessed=Assessed(text, answers, score_answers(asked, answers), None),
    )


ODD: dict[str, ReportData] = {
    "usual": make_report((1, 2, 3, 4, 5), previous_levels=(2, 2, 3)),
    "no peers": make_report(benchmark=None),
    "withheld": make_report(
        benchmark=make_benchmark(make_comparison(make_questionnaire(), withheld=True))
    ),
    "earlier edition": make_report(
        benchmark=make_benchmark(make_comparison(make_questionnaire()), round_name="2025")
    ),
    "planned": make_rich_report(),
    "top": make_report((5,)),
    "don't know": make_report(("dk",)),
    "one not scored": make_report(("dk", "dk", 3, 2, "na", 3), previous_levels=(2, 2, 3)),
}


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("name", list(ODD))
def test_render_pdf_odd_case_logs_nothing(
    name: str, kind: ReportKind, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="weasyprint"):
        pdf = render_pdf(ODD[name], kind)

    logged = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert logged == []
    assert "Exampleshire" in read_text(pdf)


@pytest.mark.parametrize("name", list(ODD))
def test_render_pdf_scorecard_has_two_pages_at_most(name: str) -> None:
    assert len(PdfReader(BytesIO(render_pdf(ODD[name], ReportKind.SCORECARD))).pages) <= 2


@pytest.mark.parametrize("text", ["A long action. " * 66, "x" * 1000], ids=["words", "word"])
def test_render_pdf_long_plan_keeps_scorecard_to_two_pages(text: str) -> None:
    pdf = render_pdf(make_rich_report(text), ReportKind.SCORECARD, SEAL)

    assert len(PdfReader(BytesIO(pdf)).pages) == 2


def test_render_pdf_longest_texts_keep_scorecard_to_two_pages() -> None:
    report = make_report(
        (1, 2, 3, 4),
        previous_levels=(2, 2, 3),
        questionnaire=long_questionnaire(),
        authority=make_authority(name="The Royal Borough of " + "Upper Wetherby " * 5),
    )
    report = replace(report, unchecked_ids=("1.1", "1.2"), unchecked_from="Round 2025")

    pdf = render_pdf(report, ReportKind.SCORECARD, SEAL)

    assert len(PdfReader(BytesIO(pdf)).pages) == 2
    assert "The improvement report has" in read_text(pdf)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_render_pdf_same_report_gives_same_bytes(kind: ReportKind) -> None:
    assert render_pdf(ODD["usual"], kind) == render_pdf(ODD["usual"], kind)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_render_pdf_is_tagged_titled_and_in_british_english(kind: ReportKind) -> None:
    reader = PdfReader(BytesIO(render_pdf(ODD["usual"], kind)))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert reader.metadata.title.startswith("Exampleshire: ")
    assert reader.metadata.creation_date is None


@pytest.mark.parametrize("kind", list(ReportKind))
def test_render_pdf_embeds_only_its_own_font(kind: ReportKind) -> None:
    found = fonts(render_pdf(ODD["usual"], kind))

    assert found
    assert all(embedded for _, embedded in found)
    assert all("+Source-Sans-3" in name for name, _ in found)


def test_render_pdf_improvement_has_a_bookmark_for_every_chapter() -> None:
    titles = bookmarks(render_pdf(ODD["usual"], ReportKind.IMPROVEMENT))

    chapters = [
        "Summary",
        "1. Principle 1",
        "2. Principle 2",
        "Method, definitions and disclosure note",
    ]
    assert [title for title in titles if title in chapters] == chapters
    assert "1.1 Question 1.1" in titles


@pytest.mark.parametrize("level", [1, 3])
def test_render_pdf_improvement_opens_each_principle_on_a_spread(level: int) -> None:
    """Two facing pages each; so many duties at level 1 that the summary takes one page more."""
    asked = make_dutiful_questionnaire()
    pdf = render_pdf(make_report((level,), questionnaire=asked), ReportKind.IMPROVEMENT)

    pages = [page for title, page in bookmarks(pdf).items() if title[1:3] == ". "]

    assert [page - pages[0] for page in pages] == [0, 2, 4, 6, 8, 10]
    assert pages[0] == (4 if level == 3 else 6)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_render_pdf_says_what_is_simulated_on_every_page(kind: ReportKind) -> None:
    pages = PdfReader(BytesIO(render_pdf(ODD["usual"], kind))).pages

    assert all(SIMULATED in " ".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_render_pdf_of_real_data_does_not_say_simulated(kind: ReportKind) -> None:
    assert SIMULATED not in read_text(render_pdf(make_report(simulated=False), kind))


def test_render_pdf_improvement_has_contents_figures_and_reasons() -> None:
    text = read_text(render_pdf(ODD["usual"], ReportKind.IMPROVEMENT))

    assert "61 of 74 counties" in text
    assert "2.1 to 3.3" in text
    assert "Practice at level 2." in text


def test_render_pdf_withheld_says_why() -> None:
    for kind in ReportKind:
        text = read_text(render_pdf(ODD["withheld"], kind))
        assert "shown when 3 more counties submit" in text


def test_render_html_earlier_edition_is_said_in_words() -> None:
    html = render_html(ODD["earlier edition"], ReportKind.SCORECARD)

    assert "peers are shown as they stood in 2025" in html


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_render_pdf_hostile_text_is_text(
    text: str, kind: ReportKind, caplog: pytest.LogCaptureFixture
) -> None:
    report = hostile_report(text)

    html = render_html(report, kind)
    pdf = render_pdf(report, kind)

    assert pdf.startswith(b"%PDF")
    assert [r for r in caplog.records if r.name == "weasyprint"] == []
    assert html.count("<script") == html.count("<img") == html.count("<image") == 0
    assert html.count("<style") == 0
    assert all(embedded for _, embedded in fonts(pdf))
    assert all("+Source-Sans-3" in name for name, _ in fonts(pdf))


@pytest.mark.parametrize("kind", list(ReportKind))
def test_report_body_begins_below_the_pages_heading(kind: ReportKind) -> None:
    template = make_environment().get_template(f"report/{kind}/_body.html")

    body = template.render(report=ODD["usual"]).strip()

    assert body.startswith("<article")
    assert "<h1" not in body
    assert "style=" not in body


def test_render_html_scorecard_shows_five_actions_of_the_plan_with_owner_and_date() -> None:
    html = render_html(make_rich_report("Ask the market <first>."), ReportKind.SCORECARD)

    assert html.count("Ask the market &lt;first&gt;.") == 10  # five actions and their owners
    assert "31 January 2026 <b>overdue</b>" in html
    assert "1 April 2027" in html
    assert "The plan has 1 more" in html
    assert "Suggested owner" not in html
    assert "our target" in html


def test_render_html_scorecard_without_a_plan_suggests_owner_and_date() -> None:
    html = render_html(make_report((3, 2, 4)), ReportKind.SCORECARD)

    # made on 23 November 2026, and each action takes weeks: three months
    assert "28 February 2027" in html
    assert "Procurement lead" in html
    assert "our target" not in html


def test_render_html_improvement_lists_the_plan_rounds_and_who_answered_how() -> None:
    html = render_html(make_rich_report("Ask the market."), ReportKind.IMPROVEMENT)

    # the first five with their owners, then six with theirs and the one that is done; and what
    # holds back and would help
    assert html.count("Ask the market.") == 10 + 13 + 2
    assert "<b>done</b>" in html
    assert "Principle 1: 2024 2.3, 2025 2.3, 2026 2.0." in html  # means of 2, 2, 3 and 1, 2, 3
    assert "level 1 by 1 person, level 4 by 1 person" in html
    assert "the levels are 3 apart" in html
    assert "Beside 61 of 74 nearest neighbours" in html
    assert "given by Jo Lead" in html


@pytest.mark.parametrize("kind", [ReportKind.IMPROVEMENT, ReportKind.SHAREABLE])
def test_render_html_with_shares_says_that_they_may_not_add_to_100(kind: ReportKind) -> None:
    report = make_rich_report("Ask the market.")
    shown = make_shareable(report) if kind is ReportKind.SHAREABLE else report

    html = render_html(shown, kind)

    assert "Percentages may not add to 100 because each is rounded." in html


@pytest.mark.parametrize("kind", list(ReportKind))
def test_render_html_says_where_a_place_is_not_certain(kind: ReportKind) -> None:
    place = Place(Position.ABOVE, (Position.WITHIN, Position.ABOVE))
    unsure = make_comparison(make_questionnaire(), place=place)

    html = render_html(make_report(benchmark=make_benchmark(unsure)), kind)

    assert "above peers; could be about the same" in html


def test_render_html_first_round_has_no_progress_to_show() -> None:
    html = render_html(make_report(), ReportKind.IMPROVEMENT)

    assert "This is the first round that we submitted" in html


def test_render_html_shareable_leaves_out_plan_and_what_each_answered() -> None:
    report = make_shareable(make_rich_report("Ask the market."))

    html = render_html(report, ReportKind.SHAREABLE)

    assert "Ask the market." not in html
    assert "Our improvement plan" not in html
    assert "by 1 person" not in html
    assert "apart" not in html.split("Method, definitions")[1].split("Strengths, priorities")[0]
    assert "Jo Lead" not in html


def test_static_fetcher_opens_the_reports_own_files() -> None:
    response = StaticFetcher().fetch((STATIC / "print.css").as_uri())

    assert b"@page" in response.read()


@pytest.mark.parametrize(
    "url",
    [
        "http://198.51.100.7/x.png",
        "data:text/plain,hello",
        "file:///etc/passwd",
        f"file://elsewhere{STATIC}/print.css",
        f"{STATIC.as_uri()}/../render.py",
        f"{STATIC.as_uri()}/%2e%2e/render.py",
        f"{STATIC.as_uri()}/missing.css",
    ],
)
def test_static_fetcher_refuses_every_other_address(url: str) -> None:
    with pytest.raises(RefusedAddressError):
        StaticFetcher().fetch(url)


def test_render_html_improvement_names_neighbours_and_how_sure_the_place_is():
    own = NeighbourData("Ours", "county", 250_000, 300.0, 25.0, 20.0, 0.0)
    other = NeighbourData("<b>Theirs</b>", "county", None, 310.0, 30.0, 21.5, 0.4)
    nearest = NeighboursData(ALIKE, own, (other,))

    html = render_html(replace(make_report(), neighbours=nearest), ReportKind.IMPROVEMENT)

    assert "This is the only other" not in html
    assert "Similar in size." in html
    assert "&lt;b&gt;Theirs&lt;/b&gt;" in html
    assert "Our score is about the same as the middle half of peers." in html


def test_render_pdf_reads_in_the_order_of_its_headings(tmp_path: Path) -> None:
    files = {
        "scorecard": (render_pdf(ODD["usual"], ReportKind.SCORECARD, SEAL), SCORECARD_ORDER),
        "improvement": (render_pdf(ODD["usual"], ReportKind.IMPROVEMENT, SEAL), IMPROVEMENT_ORDER),
        "shareable": (render_pdf(ODD["usual"], ReportKind.SHAREABLE, SEAL), SHAREABLE_ORDER),
        "national": (render_national_pdf(make_national(), SEAL), NATIONAL_ORDER),
    }
    for name, (pdf, headings) in files.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(pdf)
        run = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
        lines = [line.strip() for line in run.stdout.decode().splitlines()]
        last = len(lines) - 1 - lines[::-1].index(headings[0])
        found = [line for line in lines[last:] if line in headings]
        assert list(dict.fromkeys(found)) == headings, name


SCORECARD_ORDER = [
    "What is strong",
    "What to work on first",
    "Three questions to ask your team",
    "What to do next",
    "Legal duties to check",
    "The figures",
    "How to read this",
]
IMPROVEMENT_ORDER = [
    "Summary",
    "1. Principle 1",
    "2. Principle 2",
    "Progress over the rounds",
    "Our improvement plan",
    "Method, definitions and disclosure note",
    "Annex: the agreed answers",
]
SHAREABLE_ORDER = [
    heading
    for heading in IMPROVEMENT_ORDER
    if heading not in {"Our improvement plan", "Annex: the agreed answers"}
]
NATIONAL_ORDER = [
    "1. Who took part",
    "2. The principles",
    "3. Groups side by side",
    "4. What moved",
    "5. Questions, highest and lowest",
    "6. Barriers and support",
    "7. How the questions do",
    "8. Method and disclosure note",
    "9. Tables",
]


@pytest.mark.parametrize("withheld", [False, True])
@pytest.mark.parametrize("levels", [(1, 2, 3, 4, 5), (1, 1, 2, 5, 5, 4), (1,)])
def test_render_pdf_scorecard_of_an_earlier_edition_has_two_pages_at_most(
    questionnaire: Questionnaire, levels: tuple[int, ...], withheld: bool
) -> None:
    peers = make_comparison(questionnaire, withheld=withheld)
    report = make_report(
        levels,
        previous_levels=(2, 2, 3),
        questionnaire=questionnaire,
        benchmark=make_benchmark(peers, round_name="2025"),
    )

    pdf = render_pdf(report, ReportKind.SCORECARD, SEAL)

    assert len(PdfReader(BytesIO(pdf)).pages) <= 2


def test_render_pdf_long_round_names_keep_the_trends_readable() -> None:
    asked = make_questionnaire()
    scores = score_answers(asked, {})
    names = [f"The round of the year {year}, with a long name" for year in range(2020, 2026)]
    history = [Previous(name, scores) for name in names[::-1]]

    html = render_html(make_report(history=history), ReportKind.IMPROVEMENT)

    assert ">6. The round of the year 2025, with a long name</th>" in html
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", html)
    assert drawn.count("6") > 0
    assert not [words for words in drawn if words.startswith("The round")]


@pytest.mark.parametrize("kind", list(ReportKind))
def test_render_html_says_how_many_answers_were_brought_over_and_not_checked(kind: ReportKind):
    report = replace(make_report(), unchecked_ids=("1.1", "1.2"), unchecked_from="Round 2025")

    html = render_html(report, kind)

    # two principles of three questions
    assert "2 of 6 answers were brought over from Round 2025 and not checked." in html
    assert html.index("2 of 6 answers") < html.index("<h2")
    assert "brought over from" not in render_html(make_report(), kind)
