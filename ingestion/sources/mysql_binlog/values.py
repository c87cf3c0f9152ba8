"""Encodings of column values in JSON, without loss, and how a snapshot's text becomes them. Pure; docs/hr-image.md.

The same value has the same encoding whether a SELECT or a row image of the binary log brought it.
"""

import base64
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address
from typing import Any
from uuid import UUID

from ingestion.sources.mysql_binlog.catalog import Column

Encoded = int | float | str | dict[str, str]


def encode_binary(value: bytes) -> dict[str, str]:
    """Bytes, tagged so that they are not taken for text."""
    return {"base64": base64.b64encode(value).decode()}


def encode_text(value: str) -> str | dict[str, str]:
    """Text; with a NUL character, which PostgreSQL's jsonb refuses, as tagged UTF-8."""
    return value if "\x00" not in value else {"utf8_base64": base64.b64encode(value.encode()).decode()}


def encode_datetime(value: str) -> str:
    """`YYYY-MM-DDTHH:MM:SS[.ffffff]`, no zone: the source does not say one. Zero dates stay as they are."""
    return value.replace(" ", "T", 1)


def encode_timestamp(value: str) -> str:
    """The same with `Z`: a TIMESTAMP is an instant, read in UTC."""
    return encode_datetime(value) + "Z"


def encode_inet6(value: str) -> str:
    """The shortest form, which servers and Python spell differently for embedded IPv4."""
    return IPv6Address(value).compressed


def select_expression(column: Column) -> str:
    """What a snapshot selects for a column: a FLOAT as the DOUBLE that it is, because its own text is cut to 6 digits."""
    name = quote(column.name)
    return f"cast({name} as double)" if column.data_type == "float" else name


def quote(name: str) -> str:
    """A name of the source as an identifier in its SQL."""
    return "`" + name.replace("`", "``") + "`"


def encode_bit(value: bytes) -> int:
    """BIT(n) as the number that its bits are."""
    return int.from_bytes(value, "big")


def encode_uuid(value: str) -> str:
    """Lower case, with hyphens."""
    return str(UUID(value))


# By the catalog's type; what is not here is text or bytes.
ENCODERS: Mapping[str, Callable[[Any], Encoded]] = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "year"), int),
    **dict.fromkeys(("float", "double"), float),
    **dict.fromkeys(("date", "time", "decimal"), str),
    "bit": encode_bit,
    "datetime": encode_datetime,
    "timestamp": encode_timestamp,
    "uuid": encode_uuid,
    "inet6": encode_inet6,
    "inet4": str,
    "json": encode_text,
}


def text_encoder(column: Column) -> Callable[[Any], Encoded]:
    """How the text (or bytes) that a SELECT gives for a column's value is encoded; NULL never comes here."""
    return ENCODERS.get(column.data_type) or (encode_binary if column.charset is None else encode_text)
