"""Dates and times in row images, as the server prints them. Pure. No Python dates: MySQL has a day 0 and 838 hours."""

from datetime import UTC, datetime, timedelta

# Bytes of the fraction by its digits: two digits a byte, rounded up.
FRACTION_BYTES = (0, 1, 1, 2, 2, 3, 3)
# The packed formats keep numbers non-negative by this: bit 39 of DATETIME2, bit 23 of TIME2.
DATETIME2_OFFSET = 0x8000000000
TIME2_OFFSET = 0x800000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decode_date(raw: bytes) -> str:
    """DATE: day in 5 bits, month in 4, year in 15."""
    packed = int.from_bytes(raw, "little")
    return f"{packed >> 9:04}-{packed >> 5 & 15:02}-{packed & 31:02}"


def decode_datetime2(raw: bytes, digits: int) -> str:
    """DATETIME: year * 13 + month in 17 bits, day 5, hour 5, minute 6, second 6; then the fraction."""
    packed = int.from_bytes(raw[:5], "big") - DATETIME2_OFFSET
    year, month = divmod(packed >> 22, 13)
    date = f"{year:04}-{month:02}-{packed >> 17 & 31:02}"
    return f"{date} {packed >> 12 & 31:02}:{packed >> 6 & 63:02}:{packed & 63:02}{_fraction(raw[5:], digits)}"


def decode_timestamp2(raw: bytes, digits: int) -> str:
    """TIMESTAMP: seconds since 1970, big endian; then the fraction. 0 is the zero date."""
    return _utc(int.from_bytes(raw[:4], "big"), _fraction(raw[4:], digits))


def decode_time2(raw: bytes, digits: int) -> str:
    """TIME: sign, hours in 10 bits, minutes 6, seconds 6; then the fraction. Negative values are complements."""
    size = FRACTION_BYTES[digits]
    bits = size * 8
    packed = int.from_bytes(raw, "big") - (TIME2_OFFSET << bits)
    sign, packed = ("-", -packed) if packed < 0 else ("", packed)
    whole = packed >> bits
    fraction = _fraction((packed & (1 << bits) - 1).to_bytes(size, "big"), digits)
    return f"{sign}{whole >> 12 & 1023:02}:{whole >> 6 & 63:02}:{whole & 63:02}{fraction}"


def decode_datetime(raw: bytes) -> str:
    """DATETIME of servers before 5.6: YYYYMMDDhhmmss as a number."""
    digits = f"{int.from_bytes(raw, 'little'):014}"
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}"


def decode_timestamp(raw: bytes) -> str:
    """TIMESTAMP of servers before 5.6: seconds since 1970, little endian."""
    return _utc(int.from_bytes(raw, "little"), "")


def decode_time(raw: bytes) -> str:
    """TIME of servers before 5.6: hhmmss as a number with a sign."""
    packed = int.from_bytes(raw, "little", signed=True)
    digits = f"{abs(packed):06}"
    return f"{'-' if packed < 0 else ''}{digits[:-4]}:{digits[-4:-2]}:{digits[-2:]}"


def _utc(seconds: int, fraction: str) -> str:
    if seconds == 0 and not fraction.strip(".0"):
        return f"0000-00-00 00:00:00{fraction}"
    return f"{EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}{fraction}"


def _fraction(raw: bytes, digits: int) -> str:
    """The fraction with its declared digits; storage has an even number of them."""
    return f".{int.from_bytes(raw, 'big'):0{len(raw) * 2}}"[: digits + 1] if digits else ""
