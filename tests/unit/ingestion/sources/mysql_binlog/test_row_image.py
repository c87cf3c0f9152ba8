"""Row images byte by byte, where a server in the tests would not reach; the types themselves: test_binlog_values.py."""

import base64
import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymysqlreplication.constants import FIELD_TYPE

from ingestion.sources.mysql_binlog.charsets import text_decoder
from ingestion.sources.mysql_binlog.decimals import decimal_size, decode_decimal
from ingestion.sources.mysql_binlog.row_image import ImageColumn, RowImages, reader
from ingestion.sources.mysql_binlog.temporal import decode_datetime, decode_time, decode_timestamp


@pytest.mark.parametrize("stored", [bytes(range(1, 17)), b"\x01" * 15, b"\x01", b""])
def test_fixed_binary_values_are_padded_on_the_right(stored: bytes) -> None:
    binary = reader(ImageColumn("b", FIELD_TYPE.STRING, "binary", length=16))
    uuid = reader(ImageColumn("u", FIELD_TYPE.STRING, "uuid", length=16))
    image = bytes([len(stored)]) + stored
    padded = stored + b"\0" * (16 - len(stored))
    assert (
        uuid(image, 0)[0]
        == f"{padded.hex()[:8]}-{padded.hex()[8:12]}-{padded.hex()[12:16]}-{padded.hex()[16:20]}-{padded.hex()[20:]}"
    )
    value, place = binary(image, 0)
    assert place == len(image)
    assert text_of(value) == padded


def text_of(value: object) -> bytes:
    """The bytes behind a tag."""
    assert isinstance(value, dict)
    return base64.b64decode(value["base64"])


def test_a_type_that_nobody_writes_is_named() -> None:
    with pytest.raises(ValueError, match="column x has the type 140"):
        reader(ImageColumn("x", 140))


def test_an_image_that_is_cut_off_is_no_row() -> None:
    images = RowImages([ImageColumn("t", FIELD_TYPE.VARCHAR, charset="utf8mb4", length=10)])
    with pytest.raises(ValueError, match="behind its event"):
        images.read(b"\x00\x05ab", 0)


@given(st.integers(1, 65), st.data())
def test_decimals_are_read_as_they_were_written(precision: int, data: st.DataObject) -> None:
    decimals = data.draw(st.integers(0, min(30, precision)))
    digits = data.draw(st.text("0123456789", min_size=precision, max_size=precision))
    negative = data.draw(st.booleans())
    stored = encode_decimal(digits, decimals, negative=negative)
    assert len(stored) == decimal_size(precision, decimals)
    read = decode_decimal(stored, precision, decimals)
    whole, fraction = digits[: precision - decimals], digits[precision - decimals :]
    expected = Decimal(f"{'-' if negative else ''}{whole or '0'}.{fraction or '0'}")
    assert Decimal(read) == expected
    assert len(read.partition(".")[2]) == decimals


def encode_decimal(digits: str, decimals: int, *, negative: bool) -> bytes:
    """As the server stores it: groups of nine digits in four bytes from the point outwards, then sign and complement."""
    sizes = (0, 1, 1, 2, 2, 3, 3, 4, 4, 4)
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    rest = len(whole) % 9
    groups = (
        [whole[:rest]]
        + [whole[n : n + 9] for n in range(rest, len(whole), 9)]
        + [fraction[n : n + 9] for n in range(0, decimals, 9)]
    )
    raw = b"".join(int(group).to_bytes(sizes[len(group)], "big") for group in groups if group)
    raw = bytes([raw[0] ^ 0x80]) + raw[1:]
    return bytes(byte ^ 0xFF for byte in raw) if negative else raw


def test_formats_of_old_servers() -> None:
    assert decode_datetime((20240102030405).to_bytes(8, "little")) == "2024-01-02 03:04:05"
    assert decode_time((-8385959).to_bytes(3, "little", signed=True)) == "-838:59:59"
    assert decode_time((123456).to_bytes(3, "little")) == "12:34:56"
    assert decode_timestamp((1).to_bytes(4, "little")) == "1970-01-01 00:00:01"


def test_bytes_that_are_not_of_the_character_set_are_kept() -> None:
    assert text_decoder("utf8mb4")(b"\xff") == {"base64": "/w=="}
    assert text_decoder("latin1")(bytes(range(128, 160)))  # every byte is a character there
    assert text_decoder("unheard_of")(b"a") == {"base64": "YQ=="}


@given(st.binary(max_size=60))
def test_no_bytes_crash_the_decoder_in_another_way(data: bytes) -> None:
    images = RowImages(
        [
            ImageColumn("a", FIELD_TYPE.VARCHAR, charset="utf8mb4", length=10),
            ImageColumn("b", FIELD_TYPE.DATE),
            ImageColumn("c", FIELD_TYPE.SET, length=1, words=("x", "y")),
        ]
    )
    with contextlib.suppress(ValueError, IndexError):
        images.read(data, 0)
