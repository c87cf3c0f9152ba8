"""How to read a CSV file of punches: the mapping file, checked by pydantic."""

import codecs
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from timecontrol.contracts.punch import PunchKind
from timecontrol.errors import UserError

ColumnName = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class MappingError(UserError):
    """The mapping file cannot be used; the message names the file, the key and what it may be."""


class Columns(BaseModel):
    """Which column of the header holds what. Exactly one of `employee` and `user` is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: The employee's id itself (key cards, HR exports).
    employee: ColumnName | None = None
    #: The device's user number; readers resolve it by the badge table.
    user: ColumnName | None = None
    instant: ColumnName
    #: Without it every punch is `unknown` and takes its direction from its neighbours.
    kind: ColumnName | None = None
    #: Without it the file is of one device, named at the import.
    device: ColumnName | None = None

    @model_validator(mode="after")
    def _one_person(self) -> "Columns":
        if (self.employee is None) == (self.user is None):
            raise ValueError("give one of `employee` (employee ids) and `user` (user numbers of a device)")
        return self


class CsvMapping(BaseModel):
    """A CSV file with a header line; one record a line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["csv"] = "csv"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8"
    columns: Columns
    #: strptime format of the instant; without it ISO 8601, with or without an offset or Z.
    instant_format: str | None = None
    #: Zone of instants without an offset; without it the zone of the site.
    time_zone: str | None = None
    #: The file's words for kinds, upper or lower case alike.
    kinds: dict[str, PunchKind] = Field(default_factory=dict)

    @field_validator("kinds", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        """Words as text (YAML reads a bare 0 as a number), folded; two that differ in case only must agree."""
        if not isinstance(value, dict):
            return value
        words: dict[str, object] = {}
        for word, kind in value.items():
            folded = str(word).strip().casefold()
            if words.setdefault(folded, kind) != kind:
                raise ValueError(f"{word!r} is mapped twice, upper and lower case count alike")
        return words

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            found = codecs.lookup(value)
        except LookupError as error:
            raise ValueError(
                f"{value!r} is no encoding that is known; examples: utf-8, latin-1, cp1252, utf-16"
            ) from error
        # Python's codecs also hold transformations (rot13, base64, zlib), which give no text.
        if not found._is_text_encoding:  # noqa: SLF001  as bytes.decode asks it
            raise ValueError(f"{value!r} is no encoding of text; examples: utf-8, latin-1, cp1252, utf-16")
        return found.name

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            check_zone(value)
        return value

    @model_validator(mode="after")
    def _kinds_with_column(self) -> "CsvMapping":
        if self.columns.kind is not None and not self.kinds:
            raise ValueError("`columns.kind` is given, so `kinds` must say what the file's words mean")
        return self


def check_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises ValueError saying what a name looks like."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone; examples: Asia/Manila, Europe/Berlin, UTC") from error


def load_mapping(path: Path) -> CsvMapping:
    """Read a mapping file; raises MappingError naming every wrong key."""
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        return CsvMapping.model_validate(content)
    except FileNotFoundError as error:
        raise MappingError(f"There is no mapping file {path}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} is not readable as YAML: {error}") from error
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in item['loc']) or 'the file'}: {item['msg']}" for item in error.errors()
        ]
        raise MappingError(f"{path} is not a usable mapping:\n  " + "\n  ".join(lines)) from error
