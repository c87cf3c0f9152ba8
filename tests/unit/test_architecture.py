"""The shape that the design fixes: imports point one way, and only the warehouse package connects to PostgreSQL."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = {
    "timecontrol": {"timecontrol"},
    "ingestion": {"ingestion", "timecontrol"},
    "user_api": {"user_api", "timecontrol"},
    "dashboards": {"dashboards", "timecontrol"},
    "orchestration": {"orchestration", "dashboards", "user_api", "ingestion", "timecontrol"},
    "benchmarks": {"benchmarks", "timecontrol"},
}
# The set-up of the stack speaks to servers that have no roles yet, over the local socket.
CONNECTORS = ("timecontrol/warehouse/", "timecontrol/stack/")
# psycopg's own ways to connect, and SQLAlchemy's.
CONNECTING_CALLS = {"connect", "ConnectionPool", "AsyncConnectionPool", "create_engine", "create_async_engine"}
CONNECTING_MODULES = {"psycopg", "psycopg2", "psycopg_pool", "sqlalchemy", "sqlalchemy.ext.asyncio"}


def modules(part: str) -> Iterator[Path]:
    """All Python files of a part."""
    return (path for path in (ROOT / part).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Names of the modules that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("part", PARTS)
def test_imports_point_one_way(part: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(part)
        for name in imported(ast.parse(path.read_text()))
        if name.split(".")[0] in PARTS and name.split(".")[0] not in PARTS[part]
    ]
    assert wrong == []


def connecting_calls(tree: ast.AST) -> Iterator[int]:
    """Lines on which a file opens a PostgreSQL connection, an engine or a pool of its own."""
    direct = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in CONNECTING_MODULES
        for alias in node.names
        if alias.name in CONNECTING_CALLS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Name) and function.id in direct:
            yield node.lineno
        elif isinstance(function, ast.Attribute) and function.attr in CONNECTING_CALLS:
            owner = ast.unparse(function.value)
            if owner in CONNECTING_MODULES or owner in {"psycopg.Connection", "psycopg.AsyncConnection"}:
                yield node.lineno


def test_only_the_warehouse_opens_connections() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for part in PARTS
        for path in modules(part)
        if not str(path.relative_to(ROOT)).startswith(CONNECTORS)
        for line in connecting_calls(ast.parse(path.read_text()))
    ]
    assert wrong == []


def test_the_check_for_connections_can_fail() -> None:
    sample = "import psycopg\nfrom sqlalchemy import create_engine\npsycopg.connect('x')\ncreate_engine('y')\n"
    assert list(connecting_calls(ast.parse(sample))) == [3, 4]
