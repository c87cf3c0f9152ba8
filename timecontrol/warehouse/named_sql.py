"""SQL with names and descriptions: the files of `sql/`, one topic each, as procrastinate keeps its own.

A statement begins with its name and description and ends where the next begins:

    -- day_of --
    -- What an employee worked on one workday.
    select … where employee_id = :employee_id
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# A parameter (`:name`), not a cast (`::name`).
PARAMETER = re.compile(r"(?<!:):([a-z]\w*)")
HEADING = re.compile(r"^-- (?P<name>\w+) --$", re.MULTILINE)


@dataclass(frozen=True)
class NamedSql:
    """One statement: its name (`topic.statement`), what it answers, and its text with `:named` parameters."""

    name: str
    description: str
    text: str

    def for_psycopg(self) -> bytes:
        """The text with its parameters as psycopg takes them."""
        return PARAMETER.sub(r"%(\1)s", self.text).encode()


@cache
def named_sql(topic: str) -> dict[str, NamedSql]:
    """All statements of `sql/<topic>.sql` by their name without the topic."""
    return parse(topic, (files("timecontrol.warehouse") / "sql" / f"{topic}.sql").read_text(encoding="utf-8"))


def parse(topic: str, content: str) -> dict[str, NamedSql]:
    """Split a file into its statements; raises ValueError for one without a description or twice the same name."""
    pieces = HEADING.split(content)[1:]
    found: dict[str, NamedSql] = {}
    for name, body in zip(pieces[::2], pieces[1::2], strict=True):
        lines = body.strip().splitlines()
        described = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
        if described == 0 or name in found:
            raise ValueError(f"sql/{topic}.sql: {name} needs a description and a name of its own")
        found[name] = NamedSql(
            name=f"{topic}.{name}",
            description=" ".join(line.removeprefix("--").strip() for line in lines[:described]),
            text="\n".join(lines[described:]).strip().removesuffix(";"),
        )
    return found
