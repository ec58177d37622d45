"""A figure as one row of a file or of the API, with a column for each level's share."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from assessment.core.people.groups import FIXED_KINDS
from assessment.core.statistics.published_figures import Figure
from assessment.locale import ENGLISH, speak
from reports.words import say_weighting, say_withheld

if TYPE_CHECKING:
    GroupKindName = str
else:
    # The names are the table's, and documented one by one.
    GroupKindName = Literal[tuple(kind.value for kind in FIXED_KINDS)]
MeasureName = Literal["overall", "principle", "question"]
Count = Annotated[int, Field(ge=0)]
Percent = Annotated[int, Field(ge=0, le=100)]

ROUNDING = " Percentages may not add to 100 because each is rounded."


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, holds and means, and how it is read from a figure."""

    name: str
    kind: Any
    description: str
    read: Callable[[Figure], Any]


@cache
def list_columns(levels: int) -> tuple[Column, ...]:
    """List the columns of a row, in order.

    Parameters
    ----------
    levels : of the questionnaire.

    Returns
    -------
    As files and the API have them: null or empty where withheld, as the reasons say.
    """
    level = Annotated[float, Field(ge=1, le=levels)]
    return (
        *_describe_key(),
        *_describe_counts(),
        Column("mean", level | None, "Mean of the values, to 0.1; from 5 authorities.", _mean),
        Column("median", level | None, "Median; from 5 authorities.", lambda f: f.median),
        Column("q1", level | None, "Lower quartile; from 10 authorities.", lambda f: f.q1),
        Column("q3", level | None, "Upper quartile; from 10 authorities.", lambda f: f.q3),
        *(_describe_share(number) for number in range(1, levels + 1)),
        *(_describe_share_from(number) for number in range(2, levels + 1)),
        *_describe_standings(),
        Column(
            "mean_weighted_by_type",
            level | None,
            "Mean as if each type of authority had answered alike; all authorities only.",
            lambda f: f.weighted and f.weighted.mean,
        ),
        *_describe_change(),
        Column(
            "weighting_note",
            str,
            "How many types the weighted mean fills, or why there is none; else empty.",
            lambda f: say_weighting(f.weighted),
        ),
    )


@speak(ENGLISH)
def write_row(figure: Figure) -> dict[str, Any]:
    """Write a figure as a row.

    Parameters
    ----------
    figure : as published.

    Returns
    -------
    By the names of `list_columns`, in their order; None where withheld. Reasons are in English,
    whatever the reader's language: the same edition always gives the same file.
    """
    return {column.name: column.read(figure) for column in list_columns(len(figure.percents))}


def describe_row(levels: int) -> dict[str, Any]:
    """Describe a row as JSON schema.

    Parameters
    ----------
    levels : of the questionnaire.

    Returns
    -------
    An object with a property for each of `list_columns`, all of them required.
    """
    fields: dict[str, Any] = {
        column.name: Annotated[column.kind, Field(description=column.description)]
        for column in list_columns(levels)
    }
    about = "The figures of one group for one item; null where withheld, as the reasons say."
    model: type[BaseModel] = create_model("FigureRow", __doc__=about, **fields)
    return model.model_json_schema()


def _mean(figure: Figure) -> float | None:
    return figure.mean


def _describe_key() -> list[Column]:
    return [
        Column("group_kind", GroupKindName, "The kind of group.", lambda f: f.key.group_kind.value),
        Column("group_id", str, "The group; unique within its kind.", lambda f: f.key.group_id),
        Column("group_name", str, "The group in words.", lambda f: f.group_name),
        Column("measure", MeasureName, "What is measured.", lambda f: f.key.measure.value),
        Column(
            "item_id",
            str,
            "The principle or question; overall for the whole.",
            lambda f: f.key.item_id,
        ),
    ]


def _describe_counts() -> list[Column]:
    return [
        Column("n", Count | None, "Authorities with a value. [authorities]", lambda f: f.n),
        Column(
            "submitted", Count, "Submitted assessments that may be counted.", lambda f: f.submitted
        ),
        Column(
            "of_n",
            Count,
            "Authorities in the group, answered or not. [authorities]",
            lambda f: f.of_n,
        ),
    ]


def _describe_share(number: int) -> Column:
    note = ROUNDING if number == 1 else ""
    return Column(
        f"percent_{number}",
        Percent | None,
        f"At level {number}, of those with a value.{note}",
        lambda f: f.percents[number - 1],
    )


def _describe_share_from(number: int) -> Column:
    return Column(
        f"percent_at_least_{number}",
        Percent | None,
        f"At level {number} or above.",
        lambda f: f.percent_at_least(number),
    )


def _describe_standings() -> list[Column]:
    return [
        Column(
            "percent_dont_know",
            Percent | None,
            "Answered Don't know, of the submitted; questions only.",
            lambda f: f.percent_dont_know,
        ),
        Column(
            "percent_does_not_apply",
            Percent | None,
            "Answered Does not apply, of the submitted; questions only.",
            lambda f: f.percent_does_not_apply,
        ),
        Column(
            "withheld_centre",
            str,
            "Why n, mean and median are withheld; else empty.",
            lambda f: say_withheld(f.withheld_centre, f),
        ),
        Column(
            "withheld_spread",
            str,
            "Why quartiles and percents are withheld; else empty.",
            lambda f: say_withheld(f.withheld_spread, f),
        ),
    ]


def _describe_change() -> list[Column]:
    return [
        Column(
            "change",
            float | None,
            "Mean of now less then, of those in both rounds. [levels]",
            lambda f: f.change.mean,
        ),
        Column(
            "change_n",
            Count | None,
            "Authorities with a value in both rounds.",
            lambda f: f.change.n,
        ),
        Column(
            "change_since",
            str,
            "The round before; empty where there is none.",
            lambda f: f.change.since,
        ),
        Column(
            "withheld_change",
            str,
            "Why the change is withheld; else empty.",
            lambda f: say_withheld(f.change.withheld, f),
        ),
    ]
