"""The product's clock in tests: it goes on, but on the day that the test data are of.

``python -m tests.shifted_clock MODULE …`` runs a module of the product by it.
"""

import runpy
import sys
from datetime import UTC, date, datetime, time

from assessment import clock

TODAY = date(2026, 11, 23)


def shift_clock() -> None:
    """Let the clock of this process, and of those forked from it, begin at noon of that day."""
    offset = datetime.combine(TODAY, time(12), UTC) - datetime.now(UTC)
    clock.now = lambda: clock.localise(datetime.now(UTC) + offset)


if __name__ == "__main__":
    shift_clock()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
