"""register.csv: from the file to authorities, or every mistake with its line."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from assessment.core.authorities import Authority
from assessment.core.errors import FileMistakesError, Mistake
from assessment.core.questionnaire import Nation

REGISTER_PATH = Path(__file__).parent / "register.csv"
REGISTER_VERSION = "2025-05"

_NEEDED = ("authority_id", "name", "nation", "region", "type")
_READERS: dict[str, Callable[[str], object]] = {
    "started_on": date.fromisoformat,
    "ended_on": date.fromisoformat,
    "population": int,
    "density": float,
    "deprivation_score": float,
    "rural_share": float,
}
_COLUMNS = (*_NEEDED, "gss_code", *_READERS, "successor_ids")


def load_register(path: Path) -> list[Authority]:
    """Read the register; raises FileMistakesError with every mistake and its line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if set(reader.fieldnames or ()) != set(_COLUMNS):
            message = f"the columns must be {', '.join(_COLUMNS)}"
            raise FileMistakesError(path.name, [Mistake(1, "", message)])
        rows = [(reader.line_num, row) for row in reader]
    known = Counter(row["authority_id"] for _, row in rows)
    mistakes = [mistake for line, row in rows for mistake in _check_row(line, row, known)]
    if mistakes:
        raise FileMistakesError(path.name, mistakes)
    return [_authority(row) for _, row in rows]


def _check_row(line: int, row: dict[str, str], known: Counter[str]) -> list[Mistake]:
    """List what is wrong with one row."""
    if None in row or None in row.values():
        return [Mistake(line, "", f"must have {len(_COLUMNS)} fields")]
    needed = [name for name in _NEEDED if not (name == "region" and row["ended_on"])]
    mistakes = [Mistake(line, name, "must not be empty") for name in needed if not row[name]]
    if known[row["authority_id"]] > 1:
        mistakes.append(Mistake(line, "authority_id", f"{row['authority_id']} is repeated"))
    if row["nation"] and row["nation"] not in {nation.value for nation in Nation}:
        mistakes.append(Mistake(line, "nation", f"there is no nation {row['nation']!r}"))
    for name, read in _READERS.items():
        if row[name] and not _reads(read, row[name]):
            mistakes.append(Mistake(line, name, f"{row[name]!r} cannot be read"))
    strangers = [code for code in _successors(row) if code not in known]
    mistakes += [Mistake(line, "successor_ids", f"there is no {code!r}") for code in strangers]
    return mistakes


def _reads(read: Callable[[str], object], text: str) -> bool:
    """Say whether a text is of the kind wanted."""
    try:
        read(text)
    except ValueError:
        return False
    return True


def _successors(row: dict[str, str]) -> tuple[str, ...]:
    """Return the codes of the authorities that follow a former one."""
    return tuple(code for code in row["successor_ids"].split(";") if code)


def _authority(row: dict[str, str]) -> Authority:
    """Turn a checked row into an authority."""
    return Authority(
        id=row["authority_id"],
        name=row["name"],
        nation=row["nation"],
        region=row["region"],
        type=row["type"],
        population=int(row["population"]) if row["population"] else None,
        density=_number(row["density"]),
        deprivation_score=_number(row["deprivation_score"]),
        rural_share=_number(row["rural_share"]),
        gss_code=row["gss_code"],
        started_on=_date(row["started_on"]),
        ended_on=_date(row["ended_on"]),
        successor_ids=_successors(row),
    )


def _number(text: str) -> float | None:
    """Return a number, or None for none."""
    return float(text) if text else None


def _date(text: str) -> date | None:
    """Return a date, or None for none."""
    return date.fromisoformat(text) if text else None
