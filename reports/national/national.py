"""The national report: an edition's published figures, told for the programme."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from assessment.core.answers.rounds import Edition, Withdrawal
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Level
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.item_analysis import QuestionFlag
from assessment.core.statistics.publication import ChoiceShares
from assessment.core.statistics.published_figures import Figure
from assessment.core.statistics.representativeness import JUDGED_KINDS, Conclusion, Verdict
from assessment.core.statistics.withholding import Reason, WithheldCounts, count_withheld
from assessment.locale import gettext, mark
from reports.charts import LevelBar, Strip, build_level_bar, build_strip
from reports.formats import capitalise, format_cell, format_level
from reports.open_data.rows import list_columns, write_row
from reports.words import GROUP_KIND_WORDS, say_weighting

# How many questions are named as highest, lowest and holding back.
MAX_NAMED = 6
# The kinds of groups that each principle's chapter has room for.
CHAPTER_KINDS = (GroupKind.TYPE, GroupKind.NATION, GroupKind.RURALITY)


@dataclass(frozen=True, slots=True)
class Named:
    """A principle or a question: its id and what people call it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far a principle's questions measure one thing, over ``n`` complete answers.

    Where ``n`` is withheld it is None, with both coefficients.
    """

    title: str
    n: int | None
    alpha: float | None
    omega: float | None

    @property
    def withheld(self) -> Reason:
        """Return why ``n`` and both coefficients are withheld."""
        return Reason.TOO_FEW_COMPLETE if self.n is None else Reason.SHOWN


@dataclass(frozen=True, slots=True)
class Flagged:
    """A question that is worth a look, and why."""

    question_id: str
    title: str
    flags: tuple[QuestionFlag, ...]


@dataclass(frozen=True)
class NationalData:
    """Everything that the national report of a round says.

    ``figures`` are the edition's, as published: what is withheld is None there and says why.
    ``previous_round`` is empty where there is no matched change; ``needs`` are there where the
    edition was cut after they were first asked for; ``withdrawal`` is there where the edition was
    open data and is no longer.
    """

    questionnaire_title: str
    questionnaire_version: str
    round_name: str
    previous_round: str
    edition: Edition
    made_on: date
    simulated: bool
    levels: tuple[Level, ...]
    principles: tuple[Named, ...]
    questions: tuple[Named, ...]
    figures: tuple[Figure, ...]
    conclusion: Conclusion
    verdicts: tuple[Verdict, ...]
    reliability: tuple[Reliability, ...]
    flagged: tuple[Flagged, ...]
    min_for_median: int
    min_for_spread: int
    needs: tuple[ChoiceShares, ...] = ()
    withdrawal: Withdrawal | None = None

    @property
    def authority_name(self) -> str:
        """Whose report it is: everybody's."""
        return gettext("All authorities")

    @property
    def method_version(self) -> str:
        """The version of the method that the figures were made by."""
        return self.edition.method_version

    @property
    def level_names(self) -> list[str]:
        """The names of the levels, lowest first."""
        return [level.name for level in self.levels]

    @property
    def sentence(self) -> str:
        """Say in one sentence where authorities are furthest and least far."""
        known = [(row, self._title(row)) for row in self.principle_rows if row.median is not None]
        if len(known) < 2:
            return gettext("Too few authorities have submitted to say how ready they are.")
        furthest = max(known, key=lambda one: one[0].median or 0.0)
        least = min(known, key=lambda one: one[0].median or 0.0)
        return gettext(
            "Authorities are furthest with %(furthest)s (median %(highest)s) and have most to do "
            "on %(least)s (%(lowest)s).",
            furthest=furthest[1],
            highest=format_level(furthest[0].median),
            least=least[1],
            lowest=format_level(least[0].median),
        )

    @property
    def total(self) -> Figure:
        """The overall score of all authorities together."""
        return self._rows(GroupKind.ALL, Measure.OVERALL)[0]

    @property
    def centres(self) -> WithheldCounts:
        """How many means and medians the edition withholds."""
        return count_withheld(row.withheld_centre.reason for row in self.figures)

    @property
    def spreads(self) -> WithheldCounts:
        """How many spreads the edition withholds."""
        return count_withheld(row.withheld_spread.reason for row in self.figures)

    @property
    def principle_rows(self) -> list[Figure]:
        """The principles of all authorities together."""
        return self._rows(GroupKind.ALL, Measure.PRINCIPLE)

    @property
    def score_rows(self) -> list[Figure]:
        """The principles and then the whole, of all authorities together."""
        return [*self.principle_rows, self.total]

    @property
    def weighting_notes(self) -> list[str]:
        """Say what the means weighted by type rest on, once for all scores that share it."""
        titles: dict[str, list[str]] = {}
        for row in self.score_rows:
            titles.setdefault(say_weighting(row.weighted), []).append(self.title_of(row))
        of_all, of_some = (
            mark("Mean weighted by type: %(note)s."),
            mark("Mean weighted by type of %(items)s: %(note)s."),
        )
        message = of_all if len(titles) == 1 else of_some
        return [
            gettext(message, items="; ".join(of), note=note) for note, of in titles.items() if note
        ]

    @property
    def question_rows(self) -> list[Figure]:
        """The questions of all authorities together."""
        return self._rows(GroupKind.ALL, Measure.QUESTION)

    @property
    def highest(self) -> list[Figure]:
        """The questions with the highest means, the highest first."""
        return self._ranked(lambda row: -(row.mean or 0.0))

    @property
    def lowest(self) -> list[Figure]:
        """The questions with the lowest means, the lowest first."""
        return self._ranked(lambda row: row.mean or 0.0)

    @property
    def held_back(self) -> list[Figure]:
        """The questions at which most authorities stand at the first level, most first."""
        return self._ranked(lambda row: -(row.percents[0] or 0))

    @property
    def unknown(self) -> list[Figure]:
        """The questions that most authorities don't know the answer to, most first."""
        rows = self._ranked(lambda row: -(row.percent_dont_know or 0))
        return [row for row in rows if row.percent_dont_know]

    @property
    def chapter_kinds(self) -> tuple[GroupKind, ...]:
        """Return the kinds of groups that each principle's chapter sets side by side."""
        return CHAPTER_KINDS

    def list_groups(self, kind: GroupKind) -> list[Figure]:
        """Return the overall figures of the groups of a kind, in their fixed order."""
        return self._rows(kind, Measure.OVERALL)

    def list_principle(self, kind: GroupKind, principle_id: str) -> list[Figure]:
        """Return a principle's figures for the groups of a kind, in their fixed order."""
        rows = self._rows(kind, Measure.PRINCIPLE)
        return [row for row in rows if row.key.item_id == principle_id]

    def title_of(self, row: Figure) -> str:
        """Return what people call the item of a row; a question with its number."""
        match row.key.measure:
            case Measure.QUESTION:
                return f"{row.key.item_id} {self._title(row)}"
            case Measure.PRINCIPLE:
                return self._title(row)
        return gettext("Overall")

    def strip_of(self, row: Figure, label: str) -> Strip:
        """Return the strip chart of a row: middle half and median."""
        return build_strip(len(self.levels), None, None, row.q1, row.median, row.q3, None, label)

    def level_bar_of(self, row: Figure, label: str) -> LevelBar:
        """Return the share of authorities at each level; no shares where they are withheld."""
        return build_level_bar(row.shares, self.level_names, label)

    def _rows(self, kind: GroupKind, measure: Measure) -> list[Figure]:
        """Return the rows of the groups of a kind for a measure, in the edition's order."""
        return [
            row for row in self.figures if (row.key.group_kind, row.key.measure) == (kind, measure)
        ]

    def _ranked(self, key: Callable[[Figure], float]) -> list[Figure]:
        """Return the first questions by a key, of those whose spread is shown."""
        shown = [row for row in self.question_rows if row.withheld_spread.is_shown]
        return sorted(shown, key=key)[:MAX_NAMED]

    def _title(self, row: Figure) -> str:
        """Return what people call the item of a row."""
        return next(n.title for n in (*self.principles, *self.questions) if n.id == row.key.item_id)


def name_kinds() -> dict[GroupKind, str]:
    """Name the kinds of groups that are set side by side, the most alike first, as titles."""
    return {kind: capitalise(GROUP_KIND_WORDS[kind].many) for kind in JUDGED_KINDS}


def render_national_figures(figures: Sequence[Figure]) -> str:
    """Write published figures as CSV, one row per group and item; an empty cell is withheld."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(column.name for column in list_columns(len(figures[0].percents)))
    writer.writerows(
        [format_cell(cell) for cell in write_row(figure).values()] for figure in figures
    )
    return file.getvalue()


_ADAPTER = TypeAdapter(NationalData)


def national_to_json(report: NationalData) -> str:
    """Write a national report's data as JSON text, which `national_from_json` reads back."""
    return _ADAPTER.dump_json(report).decode()


def national_from_json(text: str) -> NationalData:
    """Read a national report's data back; raises pydantic.ValidationError if it is none."""
    return _ADAPTER.validate_json(text)
