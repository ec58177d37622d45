"""The register of authorities: the project's own table, from file to core."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from assessment.content.files import clean, read_table, show
from assessment.core.errors import FileMistakesError, MistakeList
from assessment.core.people.authorities import Authority
from assessment.core.questionnaire.questionnaire import Nation

REGISTER_PATH = Path(__file__).with_name("register.csv")
# The last day of which the register's structure knows; REGISTER.md says what follows from it.
REGISTER_VERSION = "2025-05-01"

COLUMNS = (
    "authority_id",
    "name",
    "nation",
    "region",
    "type",
    "gss_code",
    "started_on",
    "ended_on",
    "successor_ids",
    "population",
    "density",
    "deprivation_score",
    "rural_share",
)
FILLED_COLUMNS = ("authority_id", "name", "nation", "region", "type")
WHOLE = re.compile(r"[0-9]{1,12}")
DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
NATIONS = tuple(nation.value for nation in Nation if nation is not Nation.EUROPEAN_UNION)


def load_register(path: Path) -> list[Authority]:
    """Return the authorities of a register in the order of its lines.

    Raises FileMistakesError, which lists the mistakes by line, where the file is not right.
    """
    mistakes = MistakeList()
    lines: dict[str, int] = {}
    authorities: list[Authority] = []
    for row in read_table(path.read_bytes(), path.name, COLUMNS, mistakes):
        authorities.append(_Line(row.line, row.fields, mistakes).parse(lines))
    _check_successors(authorities, lines, mistakes)
    if mistakes:
        raise FileMistakesError(path.name, mistakes.first, mistakes.more)
    return authorities


def _check_successors(
    authorities: list[Authority], lines: Mapping[str, int], mistakes: MistakeList
) -> None:
    """Note the successors that are not in the register."""
    for authority in authorities:
        for successor_id in authority.successor_ids:
            if successor_id not in lines:
                words = f"there is no authority {show(successor_id)}"
                mistakes.add(lines[authority.id], "successor_ids", words)


class _Line:
    """One line of the file, whose mistakes are added to those of the file."""

    def __init__(self, number: int, fields: Mapping[str, str], mistakes: MistakeList) -> None:
        """Keep the line's number, its fields by column, and where its mistakes go."""
        self.number = number
        self.fields = fields
        self.mistakes = mistakes

    def parse(self, lines: dict[str, int]) -> Authority:
        """Return the authority, adding its id to ``lines``; what is wrong is noted."""
        for column in FILLED_COLUMNS:
            if not self.fields[column].strip():
                self._refuse(column, "must be filled in")
        if self.fields["nation"].strip() and self.fields["nation"] not in NATIONS:
            self._refuse("nation", f"must be one of {', '.join(NATIONS)}")
        self._check_id(lines)
        authority = self._parse_fields()
        self._check_end(authority)
        return authority

    def _parse_fields(self) -> Authority:
        """Turn the texts into the facts they stand for."""
        return Authority(
            id=self.fields["authority_id"],
            name=self.fields["name"],
            nation=self.fields["nation"],
            region=self.fields["region"],
            type=self.fields["type"],
            population=self._parse_count("population"),
            density=self._parse_number("density"),
            deprivation_score=self._parse_number("deprivation_score", most=100),
            rural_share=self._parse_number("rural_share", most=1),
            gss_code=self.fields["gss_code"],
            started_on=self._parse_date("started_on"),
            ended_on=self._parse_date("ended_on"),
            successor_ids=tuple(filter(None, map(clean, self.fields["successor_ids"].split(";")))),
        )

    def _check_id(self, lines: dict[str, int]) -> None:
        """Refuse an id that stands on an earlier line."""
        authority_id = self.fields["authority_id"]
        if authority_id in lines:
            words = f"{authority_id} stands already on line {lines[authority_id]}"
            self._refuse("authority_id", words)
        lines.setdefault(authority_id, self.number)

    def _check_end(self, authority: Authority) -> None:
        """Refuse an end before the start, and successors of what has not ended."""
        started_on, ended_on = authority.started_on, authority.ended_on
        if started_on and ended_on and ended_on < started_on:
            self._refuse("ended_on", "must not be before started_on")
        if authority.successor_ids and not ended_on:
            self._refuse("successor_ids", "only an authority with ended_on has successors")

    def _parse_number(self, column: str, most: float = float("inf")) -> float | None:
        """Return a number from 0 to ``most``; None where there is no text or a mistake."""
        text = self.fields[column]
        if DECIMAL.fullmatch(text) and float(text) <= most:
            return float(text)
        if text:
            limit = "" if most == float("inf") else f" to {most:g}"
            self._refuse(column, f"{show(text)} is not a number from 0{limit}")
        return None

    def _parse_count(self, column: str) -> int | None:
        """Return a whole number; None where there is no text or a mistake."""
        text = self.fields[column]
        if WHOLE.fullmatch(text):
            return int(text)
        if text:
            self._refuse(column, f"{show(text)} is not a whole number")
        return None

    def _parse_date(self, column: str) -> date | None:
        """Return a date; None where there is no text or a mistake."""
        text = self.fields[column]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._refuse(column, f"{show(text)} is not a date such as 2023-04-01")
            return None

    def _refuse(self, column: str, message: str) -> None:
        """Note a mistake of this line."""
        self.mistakes.add(self.number, column, message)
