"""What came of a first run, in one table: captured, computed, found and exported; where the pages are; seconds of each step."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Column, Table

from timecontrol.core.first_accounts import STAFF, FirstAccount, accounts_file
from timecontrol.progress import Report
from timecontrol.serving.exports.export import manifest_path
from timecontrol.serving.exports.period import FORMATS, file_name
from timecontrol.settings import Address, Settings
from timecontrol.simulator.company import Person
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection, connect


def summary(settings: Settings, report: Report, people: Sequence[tuple[FirstAccount, Person]]) -> Table:
    """The table, at most 80 columns wide; its figures come from the stores and the manifests beside the exported files."""
    exports = settings.home / "exports"
    # A path that is too long goes on in the next line rather than lose its end.
    value = Column(overflow="fold")
    table = Table(Column(no_wrap=True), value, title="Employee Time Control runs", show_header=False)
    with connect(settings, "operator") as connection:
        for row in rows(connection, "summary", "captured"):
            table.add_row(f"captured from {row['source']}", f"{row['punches']:,} punches of {row['people']:,} people")
        for name in ("capture_totals", "computed"):
            for label, value in rows(connection, "summary", name)[0].items():
                table.add_row(label.replace("_", " "), f"{value or 0:,}")
        periods = rows(connection, "payroll", "periods")
    table.add_section()
    for period in sorted(periods, key=lambda period: period["starts_on"]):
        content = exported(exports, period["period"], period["watermark"], period["sha256"])
        table.add_row(f"pay period {period['period']}", content)
    table.add_row(f"exports ({', '.join(FORMATS)})", shown(exports))
    table.add_section()
    logins = [account.login for account in STAFF] + [
        account.login for account, _ in people if "manager" in account.roles
    ]
    table.add_row("dashboards", page(settings.dashboards))
    table.add_row("  sign in as", ", ".join(logins))
    table.add_row("web clock", page(settings.api, "/clock/"))
    table.add_row("  sign in as", ", ".join(account.login for account, _ in people))
    for account, person in people:
        table.add_row(f"  {account.login} is", f"{person.name} ({person.employee_id}), {person.site.name}")
    table.add_row("passwords", shown(accounts_file(settings)))
    table.add_row("API docs", page(settings.api, "/docs"))
    table.add_row("Dagster", f"{page(settings.dagster)} (no password)")
    table.add_section()
    for step, seconds in report.seconds.items():
        table.add_row(step, f"{seconds:.1f} s")
    table.add_row("all these together", f"{sum(report.seconds.values()):.1f} s")
    return table


def rows(connection: Connection, file: str, name: str) -> list[dict[str, Any]]:
    """The rows of a named statement, by column name."""
    cursor = connection.execute(named_sql(file)[name].for_psycopg())
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def exported(exports: Path, period: str, watermark: int, sha256: str) -> str:
    """What the files of a period hold, by their manifests; a file that Dagster has not written is said to be missing."""
    files = {
        format_name: manifest_path(exports, file_name(period, watermark, sha256, format_name))
        for format_name in FORMATS
    }
    missing = [format_name for format_name, manifest in files.items() if not manifest.exists()]
    if missing:
        return f"no {' and '.join(missing)} yet: Dagster's job exports"
    manifest = json.loads(next(iter(files.values())).read_text(encoding="utf-8"))
    return f"{manifest['rows']:,} lines, {manifest['paid_seconds'] / 3600:,.1f} paid hours"


def shown(path: Path) -> str:
    """A path as a shell takes it, the user's own home as ~."""
    return f"~/{path.relative_to(Path.home())}" if path.is_relative_to(Path.home()) else str(path)


def page(address: Address, path: str = "") -> str:
    """Where a browser finds it."""
    return f"http://{address.host}:{address.port}{path}"
