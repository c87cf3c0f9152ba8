"""Character sets of MySQL and MariaDB as Python codecs. Pure."""

from collections.abc import Callable

from ingestion.sources.mysql_binlog.values import Encoded, encode_binary, encode_text

# Names that differ; all others are Python's own (ascii, cp1250, gbk, utf16le …).
CODECS = {
    "utf8": "utf-8",
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "ucs2": "utf-16-be",
    "utf16": "utf-16-be",
    "utf16le": "utf-16-le",
    "utf32": "utf-32-be",
    "latin2": "iso8859-2",
    "latin5": "iso8859-9",
    "latin7": "iso8859-13",
    "greek": "iso8859-7",
    "hebrew": "iso8859-8",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "ujis": "euc-jp",
    "eucjpms": "euc-jp",
    "sjis": "shift-jis",
    "euckr": "euc-kr",
    "tis620": "tis-620",
    "macroman": "mac-roman",
    "macce": "mac-latin2",
}
# What the servers call latin1 is Windows-1252, whose five empty places they fill with the control characters of ISO 8859-1.
LATIN1 = "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(256))
LATIN1_TABLE = {code: ord(character) for code, character in enumerate(LATIN1)}


def text_decoder(charset: str) -> Callable[[bytes], Encoded]:
    """Bytes of a text column as encoded text; bytes that are not of the character set are kept as bytes."""
    if charset == "latin1":
        return lambda raw: encode_text(raw.decode("latin-1").translate(LATIN1_TABLE))
    codec = CODECS.get(charset, charset)

    def decode(raw: bytes) -> Encoded:
        try:
            return encode_text(raw.decode(codec))
        except (UnicodeDecodeError, LookupError):
            return encode_binary(raw)

    return decode
