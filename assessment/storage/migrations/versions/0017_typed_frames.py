"""frames of editions as typed columns, with their hash"""

import hashlib
import zlib

import pyarrow as pa
import sqlalchemy as sa
from alembic import op
from pyarrow import csv

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Frames were compressed CSV. What its columns are is said here as it was then, and not taken from
# the schemas, which go on changing.
COUNTS = {"submitted", "of_n", "base", "then_number", "questions", "item_total_n", "seconds_n"}
COUNTS |= {"population"}
FIGURES = {"n", "mean", "median", "q1", "q3", "change", "item_total", "median_seconds"}
FIGURES |= {"alpha", "omega", "density", "deprivation_score", "rural_share"}


def upgrade() -> None:
    """Convert each frame: an empty cell is null in a number's column, and empty text in others."""
    op.add_column("edition_frame", sa.Column("sha256", sa.Text(), nullable=True))
    connection = op.get_bind()
    keys = connection.execute(sa.text("SELECT round_id, number, name FROM edition_frame")).all()
    where = "WHERE round_id = :round_id AND number = :number AND name = :name"
    read = sa.text(f"SELECT packed FROM edition_frame {where}")
    save = sa.text(f"UPDATE edition_frame SET packed = :packed, sha256 = :sha256 {where}")
    for key in keys:
        packed = convert(key.name, connection.scalar(read, key._asdict()))
        sha256 = hashlib.sha256(packed).hexdigest()
        connection.execute(save, {**key._asdict(), "packed": packed, "sha256": sha256})
    op.alter_column("edition_frame", "sha256", nullable=False)


def convert(frame: str, packed: bytes) -> bytes:
    """Return a frame as Arrow IPC that is given as compressed CSV."""
    text = zlib.decompress(packed)
    names = text.partition(b"\n")[0].decode().split(",")
    types = {name: type_of(frame, name) for name in names}
    # A count beside empty cells was written as a float: 12.0.
    read_as = {name: pa.float64() if of == pa.int64() else of for name, of in types.items()}
    table = csv.read_csv(
        pa.BufferReader(text),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(column_types=read_as, null_values=[""]),
    )
    sink = pa.BufferOutputStream()
    table = table.cast(pa.schema(list(types.items())))
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def type_of(frame: str, column: str) -> pa.DataType:
    """Return the type of a frame's column."""
    if frame == "codes":
        return pa.string() if column == "authority_id" else pa.int8()
    if column in COUNTS:
        return pa.int64()
    is_figure = column in FIGURES or column.startswith("percent_") or column == "percent"
    return pa.float64() if is_figure else pa.string()
