"""Every page passes axe (WCAG 2.2 AA), is valid HTML and fits a phone."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
VNU = Path(__file__).parents[2] / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = {
    "": [
        *("/", "/sign-in", "/privacy", "/accessibility", "/demonstration/mailbox", "/nowhere"),
        *(
            "/questions",
            "/levels",
            "/glossary",
            "/principles/leadership",
            "/open-data",
            "/verify",
            "/verify?code=x",
        ),
        *("/cases", "/cases?principle=citizens&kind=City+council", "/cases?route=nothing"),
    ],
    "lead": [
        *("/account", "/assessment/", "/assessment/questions/1.1", "/assessment/check"),
        *("/assessment/activity", "/results/", "/results/scorecard", "/results/improvement"),
    ],
    "leader": ["/assessment/questions/1.2", "/results/"],
    "analyst": [
        *("/programme/participation/", "/programme/questions/", "/programme/benchmarks/"),
        *("/programme/background/", "/programme/national/"),
        *("/programme/benchmarks/2025/type", "/programme/benchmarks/2025/region"),
    ],
}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("person", PAGES)
def test_pages_pass_axe_and_fit(visit: Visit, person: str, width: int):
    page = visit(person, width=width)
    found = []
    for path in PAGES[person]:
        page.goto(path)
        results = Axe().run(page, options=RULES)
        found += [(path, v["id"], v["nodes"][0]["html"]) for v in results.response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((path, "wider than the window", ""))

    assert found == []


def test_pages_are_valid_html(visit: Visit, tmp_path: Path):
    for person, paths in PAGES.items():
        page = visit(person)
        for path in paths:
            response = page.goto(path)
            assert response is not None
            name = f"{person}{path.replace('/', '_')}.html"
            (tmp_path / name).write_bytes(response.body())

    command = ["java", "-jar", str(VNU), "--format", "json", "--exit-zero-always", str(tmp_path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=True)

    messages = json.loads(checked.stderr)["messages"]
    errors = [(Path(m["url"]).name, m["message"]) for m in messages if m["type"] == "error"]
    assert errors == []
