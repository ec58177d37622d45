"""The programme's time, whatever the machine's zone is."""

import ast
import importlib.util
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assessment import clock

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # Summer time is an hour ahead of UTC: half past eleven in the evening is the next day.
        ("2025-06-30T23:30:00+00:00", date(2025, 7, 1)),
        ("2025-07-01T00:30:00+01:00", date(2025, 7, 1)),
        ("2025-01-31T23:59:59+00:00", date(2025, 1, 31)),
        # The clock goes forward on 29 March 2026 at 01:00 UTC, and back on 25 October at 01:00.
        ("2026-03-28T23:30:00+00:00", date(2026, 3, 28)),
        ("2026-03-29T22:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T23:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-24T23:00:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:59:59+00:00", date(2026, 10, 25)),
        ("2026-10-26T00:00:00+00:00", date(2026, 10, 26)),
    ],
)
def test_day_of_is_the_programmes_on_any_machine(machine_zone: None, instant: str, day: date):
    assert clock.day_of(datetime.fromisoformat(instant)) == day


def test_day_of_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no zone"):
        clock.day_of(datetime(2026, 3, 31))  # noqa: DTZ001


def test_today_is_the_day_of_now_on_any_machine(machine_zone: None):
    # a copy of its own: the tests' clock is shifted
    spec = importlib.util.spec_from_file_location("own_clock", clock.__file__)
    own = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(own)

    before, today, after = datetime.now(UTC), own.today(), datetime.now(UTC)

    assert today in {clock.day_of(before), clock.day_of(after)}
    assert own.now().utcoffset() == clock.localise(after).utcoffset()


def test_set_zone_is_the_programmes_day():
    instant = datetime.fromisoformat("2026-03-31T23:30:00+01:00")
    assert clock.day_of(instant) == date(2026, 3, 31)
    clock.set_zone("Europe/Athens")
    try:
        assert clock.day_of(instant) == date(2026, 4, 1)
    finally:
        clock.set_zone(clock.DEFAULT_ZONE)


def test_nobody_else_asks_for_the_time_of_the_machine():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("assessment", "reports")
        for path in (ROOT / folder).rglob("*.py")
        if path != ROOT / "assessment" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and asks_the_machine(node)
    ]

    assert found == []


def asks_the_machine(call: ast.Call) -> bool:
    """Return whether a call uses the machine's zone, or takes an instant's day without a zone."""
    name = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
    owner = getattr(call.func, "value", None)
    if name == "now":
        return getattr(owner, "id", "") != "clock"
    if name in {"fromtimestamp", "astimezone"}:
        return "UTC" not in {getattr(argument, "id", "") for argument in call.args}
    if name == "today":
        return isinstance(owner, ast.Name) and owner.id in {"date", "datetime"}
    if name == "date":
        return str(getattr(owner, "attr", getattr(owner, "id", ""))).endswith("_at")
    return name in {"localtime", "ZoneInfo", "utcnow"}


def test_no_template_writes_an_instant_by_another_clock():
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]

    found = [p.name for p in pages if re.search(r"_at\s*\|\s*date\b|strftime", p.read_text())]

    assert found == []
