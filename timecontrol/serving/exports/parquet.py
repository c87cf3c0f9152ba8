"""Pay lines as Parquet, with the types of `payroll.pay_lines`."""

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema(
    [
        pa.field("employee_id", pa.string(), nullable=False),
        pa.field("workday", pa.date32(), nullable=False),
        pa.field("pay_code", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("seconds", pa.int64(), nullable=False),
        pa.field("multiplier", pa.decimal128(6, 3), nullable=False),
        pa.field("on_top", pa.bool_(), nullable=False),
        pa.field("policy", pa.string(), nullable=False),
        pa.field("cost_center", pa.string()),
        pa.field("site_id", pa.string()),
    ]
)


def encode(lines: pd.DataFrame) -> bytes:
    """The file's bytes; equal frames give equal bytes with one version of pyarrow, which stands in the file."""
    # Without the metadata that pandas would add: it names the version of pandas, which says nothing about the data.
    table = pa.Table.from_pandas(lines, schema=SCHEMA, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
