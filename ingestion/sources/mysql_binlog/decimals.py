"""DECIMAL in row images: groups of nine digits in four bytes, big endian, the sign in the first bit. Pure."""

DIGITS_PER_GROUP = 9
# Bytes of a group that is not full, by its digits.
PARTIAL_BYTES = (0, 1, 1, 2, 2, 3, 3, 4, 4, 4)


def decimal_size(precision: int, decimals: int) -> int:
    """Bytes of a DECIMAL(precision, decimals)."""
    whole_groups, whole_rest = divmod(precision - decimals, DIGITS_PER_GROUP)
    fraction_groups, fraction_rest = divmod(decimals, DIGITS_PER_GROUP)
    return (whole_groups + fraction_groups) * 4 + PARTIAL_BYTES[whole_rest] + PARTIAL_BYTES[fraction_rest]


def decode_decimal(raw: bytes, precision: int, decimals: int) -> str:
    """The number as the server prints it: all decimals, no leading zeros but one before the point."""
    negative = not raw[0] & 0x80
    content = bytes([raw[0] ^ 0x80]) + raw[1:]
    if negative:
        content = bytes(byte ^ 0xFF for byte in content)
    whole_groups, whole_rest = divmod(precision - decimals, DIGITS_PER_GROUP)
    fraction_groups, fraction_rest = divmod(decimals, DIGITS_PER_GROUP)
    widths = [whole_rest, *[DIGITS_PER_GROUP] * (whole_groups + fraction_groups), fraction_rest]
    digits, place = "", 0
    for width in widths:
        size = PARTIAL_BYTES[width] if width < DIGITS_PER_GROUP else 4
        if width:
            digits += str(int.from_bytes(content[place : place + size], "big")).zfill(width)
        place += size
    whole, fraction = digits[: precision - decimals].lstrip("0") or "0", digits[precision - decimals :]
    number = f"{whole}.{fraction}" if decimals else whole
    return f"-{number}" if negative and digits.strip("0") else number
