"""What a statement in the binary log does to rows that we hold. Pure.

Rows travel as row images; what stands in the log as a statement is DDL, transaction control, or a change that some
session logged as a statement after all. A statement that is not known to be harmless is answered by a new snapshot.
"""

import re
from dataclasses import dataclass

COMMENT = re.compile(r"/\*.*?\*/|(?:--|#)[^\n]*", re.DOTALL)
NAME = r"(?:`(?:[^`]|``)+`|[\w$]+)"
QUALIFIED = re.compile(rf"\s*(?:({NAME})\s*\.\s*)?({NAME})")
TRUNCATE = re.compile(r"truncate\s+(?:table\s+)?", re.IGNORECASE)
DROP = re.compile(r"drop\s+table\s+(?:if\s+exists\s+)?", re.IGNORECASE)
# Statements that change no row: of transactions, rights, definitions of other things than tables, and new empty tables
# (rows of CREATE TABLE … SELECT follow as row images).
HARMLESS = re.compile(
    r"begin\b|start\s+transaction|commit\b|savepoint\b|release\s+savepoint|flush\b|grant\b|revoke\b|analyze\b|optimize\b|"
    r"set\b|(create|alter|drop|rename)\s+(user|role)\b|"
    r"(create|drop)\s+(or\s+replace\s+)?(unique\s+|fulltext\s+|spatial\s+)?index\b|"
    r"(create|alter|drop)\s+((?!table\b)[^(\s]+\s+)*?(view|procedure|function|trigger|event|package|sequence|server)\b|"
    r"create\s+(temporary\s+)?table\b|drop\s+temporary\s+table\b|(create|alter)\s+(database|schema)\b|"
    r"xa\s+(start|end|prepare|commit)\b|insert\s+into\s+mysql\.|$",
    re.IGNORECASE,
)
REPLACES_TABLE = re.compile(r"create\s+or\s+replace\s+table\b", re.IGNORECASE)


@dataclass(frozen=True)
class Emptied:
    """These tables of the database have no rows any more."""

    tables: tuple[str, ...]


@dataclass(frozen=True)
class Unclear:
    """Rows may have changed in a way that the log does not show: the tables must be read anew."""

    statement: str


def effect(statement: str, session_database: str, database: str) -> Emptied | Unclear | None:
    """What a logged statement does to the tables of `database`; `session_database` is the one it ran in. None: nothing."""
    text = COMMENT.sub(" ", statement).strip()
    for pattern in (TRUNCATE, DROP):
        if found := pattern.match(text):
            named = _tables(text[found.end() :], session_database)
            tables = tuple(table for owner, table in named if owner == database)
            return Emptied(tables) if tables else None
    if REPLACES_TABLE.match(text) is None and HARMLESS.match(text):
        return None
    if session_database != database and database.lower() not in text.lower():
        return None
    return Unclear(text)


def _tables(text: str, session_database: str) -> list[tuple[str, str]]:
    """The comma-separated tables at the beginning of a text, as (database, table)."""
    found = []
    for piece in text.split(","):
        match = QUALIFIED.match(piece)
        if match:
            owner, table = match.groups()
            found.append((_unquoted(owner) if owner else session_database, _unquoted(table)))
    return found


def _unquoted(name: str) -> str:
    return name[1:-1].replace("``", "`") if name.startswith("`") else name
