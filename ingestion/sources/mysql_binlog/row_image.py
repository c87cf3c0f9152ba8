"""Row images of the binary log, byte by byte, into the encodings of `values`. Pure.

Own code and not the library's `rows`: that gives None for zero dates and empty sets, cuts what it cannot hold in a
Python date, and drops the right padding of fixed binary values. Formats: MySQL's `rpl_record.cc` and `field.cc`.
"""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from pymysqlreplication.constants import FIELD_TYPE
from pymysqlreplication.json_binary import parse_json

from ingestion.sources.mysql_binlog.charsets import text_decoder
from ingestion.sources.mysql_binlog.decimals import decimal_size, decode_decimal
from ingestion.sources.mysql_binlog.temporal import (
    FRACTION_BYTES,
    decode_date,
    decode_datetime,
    decode_datetime2,
    decode_time,
    decode_time2,
    decode_timestamp,
    decode_timestamp2,
)
from ingestion.sources.mysql_binlog.values import Encoded, encode_binary, encode_datetime, encode_timestamp

# Reads one value that is not NULL at a place of the buffer: (value, the place after it).
Reader = Callable[[bytes, int], tuple[Encoded, int]]

# Longest value whose length fits one byte; longer columns have two bytes of length.
ONE_BYTE_LENGTH = 255


@dataclass(frozen=True)
class ImageColumn:
    """A column as a table map describes its storage, with what the catalog knows about its meaning.

    Attributes:
        field_type: type number of the binary log (`pymysqlreplication.constants.FIELD_TYPE`).
        data_type: the catalog's type, for what the log does not tell apart (`uuid` from BINARY(16)); None if unknown.
        charset: character set of text; None for bytes.
        length: greatest length in bytes of strings; bytes of the length prefix of blobs; bytes of enum and set.
    """

    name: str
    field_type: int
    data_type: str | None = None
    unsigned: bool = False
    charset: str | None = None
    length: int = 0
    precision: int = 0
    decimals: int = 0
    fraction_digits: int = 0
    words: tuple[str, ...] = ()


class RowImages:
    """Decoder of the images of one table."""

    def __init__(self, columns: Sequence[ImageColumn]) -> None:
        self._names = [column.name for column in columns]
        self._readers = [reader(column) for column in columns]
        self._null_bytes = (len(columns) + 7) // 8

    def read(self, buffer: bytes, place: int) -> tuple[dict[str, Encoded | None], int]:
        """The row at this place by column name, and the place after it."""
        nulls = int.from_bytes(buffer[place : place + self._null_bytes], "little")
        place += self._null_bytes
        row: dict[str, Encoded | None] = {}
        for name, read in zip(self._names, self._readers, strict=True):
            if nulls & 1:
                row[name] = None
            else:
                row[name], place = read(buffer, place)
            nulls >>= 1
        if place > len(buffer):
            raise ValueError(f"a row image ends {place - len(buffer)} bytes behind its event")
        return row, place


def reader(column: ImageColumn) -> Reader:
    """How a column's values are read. Raises ValueError for a type that no server of today writes."""
    make = READERS.get(column.field_type)
    if make is None:
        raise ValueError(f"column {column.name} has the type {column.field_type} of the log, which is not supported")
    return make(column)


def _structured(layout: str) -> Reader:
    unpack, size = struct.Struct(layout).unpack_from, struct.calcsize(layout)

    def read(buffer: bytes, place: int) -> tuple[Encoded, int]:
        return unpack(buffer, place)[0], place + size

    return read


def _fixed(size: int, decode: Callable[[bytes], Encoded]) -> Reader:
    def read(buffer: bytes, place: int) -> tuple[Encoded, int]:
        return decode(buffer[place : place + size]), place + size

    return read


def _prefixed(prefix: int, decode: Callable[[bytes], Encoded]) -> Reader:
    def read(buffer: bytes, place: int) -> tuple[Encoded, int]:
        begin = place + prefix
        end = begin + int.from_bytes(buffer[place:begin], "little")
        return decode(buffer[begin:end]), end

    return read


def _string(column: ImageColumn) -> Callable[[bytes], Encoded]:
    """Fixed binary values come without their trailing zero bytes: they are padded on the right."""
    if column.data_type == "uuid":
        return lambda raw: str(UUID(bytes=raw.ljust(16, b"\0")))
    if column.data_type == "inet6":
        return lambda raw: IPv6Address(raw.ljust(16, b"\0")).compressed
    if column.data_type == "inet4":
        return lambda raw: str(IPv4Address(raw.ljust(4, b"\0")))
    if column.charset is not None:
        return text_decoder(column.charset)
    if column.field_type == FIELD_TYPE.STRING:
        return lambda raw: encode_binary(raw.ljust(column.length, b"\0"))
    return encode_binary


def _set_words(bits: int, words: Sequence[str]) -> str:
    return ",".join(word for number, word in enumerate(words) if bits >> number & 1)


def _mysql_json(raw: bytes) -> Encoded:
    """MySQL's binary JSON as text the way MySQL prints it (MariaDB's JSON is text in the log)."""
    parsed: Any = parse_json(raw[0], raw[1:]) if raw else None
    return json.dumps(parsed, ensure_ascii=False, default=lambda item: item.decode())


def _integer(signed: str, unsigned: str) -> Callable[[ImageColumn], Reader]:
    return lambda column: _structured(unsigned if column.unsigned else signed)


def _medium_integer(column: ImageColumn) -> Reader:
    return _fixed(3, lambda raw: int.from_bytes(raw, "little", signed=not column.unsigned))


def _decimal(column: ImageColumn) -> Reader:
    size = decimal_size(column.precision, column.decimals)
    return _fixed(size, lambda raw: decode_decimal(raw, column.precision, column.decimals))


def _enum(column: ImageColumn) -> Reader:
    # 0 stands for a value that was not one of the words.
    words = ("", *column.words)
    return _fixed(column.length, lambda raw: words[int.from_bytes(raw, "little")])


def _set(column: ImageColumn) -> Reader:
    return _fixed(column.length, lambda raw: _set_words(int.from_bytes(raw, "little"), column.words))


def _short_string(column: ImageColumn) -> Reader:
    return _prefixed(1 if column.length <= ONE_BYTE_LENGTH else 2, _string(column))


def _long_string(column: ImageColumn) -> Reader:
    return _prefixed(column.length, encode_binary if column.charset is None else text_decoder(column.charset))


def _with_fraction(size: int, decode: Callable[[bytes, int], Encoded]) -> Callable[[ImageColumn], Reader]:
    def make(column: ImageColumn) -> Reader:
        digits = column.fraction_digits
        return _fixed(size + FRACTION_BYTES[digits], lambda raw: decode(raw, digits))

    return make


READERS: Mapping[int, Callable[[ImageColumn], Reader]] = {
    FIELD_TYPE.TINY: _integer("b", "B"),
    FIELD_TYPE.SHORT: _integer("<h", "<H"),
    FIELD_TYPE.INT24: _medium_integer,
    FIELD_TYPE.LONG: _integer("<i", "<I"),
    FIELD_TYPE.LONGLONG: _integer("<q", "<Q"),
    FIELD_TYPE.FLOAT: lambda _: _structured("<f"),
    FIELD_TYPE.DOUBLE: lambda _: _structured("<d"),
    FIELD_TYPE.NEWDECIMAL: _decimal,
    FIELD_TYPE.BIT: lambda column: _fixed(column.length, lambda raw: int.from_bytes(raw, "big")),
    FIELD_TYPE.ENUM: _enum,
    FIELD_TYPE.SET: _set,
    FIELD_TYPE.VARCHAR: _short_string,
    FIELD_TYPE.VAR_STRING: _short_string,
    FIELD_TYPE.STRING: _short_string,
    FIELD_TYPE.BLOB: _long_string,
    FIELD_TYPE.GEOMETRY: _long_string,
    FIELD_TYPE.JSON: lambda column: _prefixed(column.length, _mysql_json),
    # A year 0 is kept as 0, all others count from 1900.
    FIELD_TYPE.YEAR: lambda _: _fixed(1, lambda raw: raw[0] + 1900 if raw[0] else 0),
    FIELD_TYPE.DATE: lambda _: _fixed(3, decode_date),
    FIELD_TYPE.NEWDATE: lambda _: _fixed(3, decode_date),
    FIELD_TYPE.DATETIME2: _with_fraction(5, lambda raw, digits: encode_datetime(decode_datetime2(raw, digits))),
    FIELD_TYPE.TIMESTAMP2: _with_fraction(4, lambda raw, digits: encode_timestamp(decode_timestamp2(raw, digits))),
    FIELD_TYPE.TIME2: _with_fraction(3, decode_time2),
    # Servers before 5.6 wrote these, and tables from then still do.
    FIELD_TYPE.DATETIME: lambda _: _fixed(8, lambda raw: encode_datetime(decode_datetime(raw))),
    FIELD_TYPE.TIMESTAMP: lambda _: _fixed(4, lambda raw: encode_timestamp(decode_timestamp(raw))),
    FIELD_TYPE.TIME: lambda _: _fixed(3, decode_time),
}
