"""The lines of build/bench.json: a time or a size of ours, what it is set against, the goal."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "build" / "bench.json"
Line = dict[str, object]


def make_line(
    name: str, ours: float, peer: float, goal: float | None, of: str, unit: str = "s"
) -> Line:
    """Make one line."""
    return {
        "name": f"{name}, against {of}",
        "ours": float(ours),
        "peer": float(peer),
        "unit": unit,
        "ratio": float(ours) / float(peer),
        "goal": goal,
    }


def save_lines(lines: list[Line], *, keep: bool) -> None:
    """Write the lines, after those of other names that are there already if they are to be kept."""
    names = {line["name"] for line in lines}
    before = json.loads(RESULTS.read_text()) if keep and RESULTS.exists() else []
    RESULTS.parent.mkdir(exist_ok=True)
    kept = [line for line in before if line["name"] not in names]
    RESULTS.write_text(json.dumps(kept + lines, indent=1) + "\n")


def print_goals(lines: list[Line]) -> None:
    """Print each line that has a goal, and whether it is met."""
    for line in lines:
        if line["goal"] is not None:
            met = "met" if line["ratio"] <= line["goal"] else "MISSED"
            print(f"{line['name']}: {line['ratio']:.2f}, goal {line['goal']}, {met}")
