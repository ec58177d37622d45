"""The frames that an edition keeps: their schemas, and how they are packed.

A frame is stored as Arrow IPC, so that it is read with the types it was written with. Columns that
there are as many of as the questionnaire has levels or questions are known by a pattern.
"""

import re
from dataclasses import dataclass
from typing import cast

import pandas as pd
import pyarrow as pa

from assessment.core.errors import AssessmentError

COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")


class FrameError(AssessmentError):
    """A frame does not fit its schema; the message names frame and column."""


@dataclass(frozen=True, slots=True)
class FrameSchema:
    """The columns that a frame must have, and the names and type of any others."""

    fields: tuple[pa.Field, ...]
    others: str = ""
    others_type: pa.DataType | None = None

    def find_field(self, name: str) -> pa.Field | None:
        """Return the field of a column; None where the schema has no such column."""
        if self.others and re.fullmatch(self.others, name):
            return pa.field(name, self.others_type)
        return next((field for field in self.fields if field.name == name), None)


def _texts(*names: str) -> list[pa.Field]:
    return [pa.field(name, pa.string(), nullable=False) for name in names]


def _counts(*names: str) -> list[pa.Field]:
    return [pa.field(name, pa.int64(), nullable=False) for name in names]


def _figures(*names: str) -> list[pa.Field]:
    """Return fields of numbers that may be withheld or not known, counts among them."""
    return [pa.field(name, pa.float64()) for name in names]


CELL = _texts("group_kind", "group_id", "measure", "item_id")
# The code of a reason to withhold, and how many authorities more would open the figure.
WITHHELD_CENTRE = [*_texts("withheld_centre"), *_figures("missing_centre")]
WITHHELD_SPREAD = [*_texts("withheld_spread"), *_figures("missing_spread")]

SCHEMAS = {
    # What is published of each item of each group.
    "figures": FrameSchema(
        (
            *CELL,
            *_texts("group_name"),
            *_counts("submitted", "of_n"),
            *_figures("n", "mean", "median", "q1", "q3"),
            *_figures("percent_dont_know", "percent_does_not_apply"),
            *WITHHELD_CENTRE,
            *WITHHELD_SPREAD,
        ),
        others=r"percent_(at_least_)?[0-9]+",
        others_type=pa.float64(),
    ),
    # The edition whose answers each row of the figures shows.
    "bases": FrameSchema((*CELL, *_counts("base"))),
    # What is published of the matched change of each item of each group.
    "changes": FrameSchema(
        (
            *CELL,
            *_texts("group_name"),
            *_counts("submitted", "of_n"),
            *_figures("n", "change"),
            *WITHHELD_CENTRE,
            *_counts("base"),
            *_texts("then_round"),
            *_counts("then_number"),
        )
    ),
    # The answers behind the figures: one column a question.
    "codes": FrameSchema(
        tuple(_texts("authority_id")),
        others=r"(?!authority_id$).+",
        others_type=pa.int8(),
    ),
    "memberships": FrameSchema(
        tuple(_texts("authority_id", "group_kind", "group_id", "group_name"))
    ),
    # The authorities that groups and neighbours are made of, with their traits.
    "register": FrameSchema(
        (
            *_texts("id", "name", "nation", "region", "type"),
            pa.field("population", pa.int64()),
            *_figures("density", "deprivation_score", "rural_share"),
        )
    ),
    # How each question does.
    "questions": FrameSchema(
        (
            *_texts("question_id", "principle_id"),
            *_counts("submitted"),
            *_figures("n", "percent_dont_know", "percent_does_not_apply"),
            *_figures("percent_floor", "percent_ceiling", "item_total"),
            *_counts("item_total_n"),
            *_figures("median_seconds"),
            *_counts("seconds_n"),
            *_texts("flags"),
        )
    ),
    # How far the questions of each principle measure one thing.
    "reliability": FrameSchema(
        (
            *_texts("principle_id"),
            *_counts("questions"),
            *_figures("n", "alpha", "omega"),
            *_counts("base"),
        )
    ),
    # What is published of what authorities chose as barriers and support.
    "needs": FrameSchema(
        (
            *_texts("kind", "choice_id"),
            *_counts("of_n"),
            *_figures("n", "percent"),
            *_texts("withheld"),
            *_counts("base"),
        )
    ),
    # What each authority chose.
    "chosen": FrameSchema(tuple(_texts("authority_id", "kind", "choice_id"))),
}


def pack_frame(name: str, frame: pd.DataFrame) -> bytes:
    """Pack a frame of this name; raises FrameError where it does not fit its schema."""
    schema = SCHEMAS.get(name)
    if schema is None:
        raise FrameError(f"An edition keeps no frame {name}.")
    missing = [field.name for field in schema.fields if field.name not in frame.columns]
    if missing:
        raise FrameError(f"Frame {name} lacks column {', '.join(missing)}.")
    fields = [_find_field(name, schema, str(column)) for column in frame.columns]
    columns = [_pack_column(name, field, frame[field.name]) for field in fields]
    table = pa.table(columns, schema=pa.schema(fields))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=COMPRESSED) as writer:
        writer.write_table(table)
    return cast("bytes", sink.getvalue().to_pybytes())


def unpack_table(packed: bytes) -> pa.Table:
    """Return a packed frame as a table, which nobody can change."""
    return pa.ipc.open_file(packed).read_all()


def _find_field(name: str, schema: FrameSchema, column: str) -> pa.Field:
    """Return the field of a frame's column."""
    field = schema.find_field(column)
    if field is None:
        raise FrameError(f"Frame {name} has a column {column} that is not in its schema.")
    return field


def _pack_column(name: str, field: pa.Field, column: pd.Series) -> pa.Array:
    """Return a column in its field's type: nothing is rounded, cut off, or read from text."""
    try:
        given = pa.Array.from_pandas(column)
        # A cast alone would parse "2" as a number and write 2 as a text. A column without any
        # value has Arrow's null type; whether it may be empty is checked below.
        if _is_text(given.type) != _is_text(field.type) and not pa.types.is_null(given.type):
            raise FrameError(f"Frame {name}, column {field.name}: {given.type}, not {field.type}.")
        packed = given.cast(field.type)
    except pa.ArrowException as error:
        raise FrameError(f"Frame {name}, column {field.name}: {error}") from error
    if packed.null_count and not field.nullable:
        raise FrameError(f"Frame {name}, column {field.name}: a value is missing.")
    return packed


def _is_text(of_type: pa.DataType) -> bool:
    return bool(pa.types.is_string(of_type) or pa.types.is_large_string(of_type))
