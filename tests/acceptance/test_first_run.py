"""`timecontrol run`, twice, on a small company in a stack of its own: everything is there, and the second time doubles nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
from rich.console import Console

from tests.integration.api_client import client
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.core.first_accounts import FirstAccount, ensure_accounts
from timecontrol.first_run import command
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

# Twelve teams, each led by its first member: half of these people have a manager, and each kind of front door is used.
EMPLOYEES = 24
DAYS = 4
EMPLOYEE, MANAGER = "E00013", "E00001"
# What a second run could double: capture, image, hours, pay, accounts, tokens that hold.
COUNTS = """
select
    (select count(*) from raw.punches) as punches,
    (select count(*) from raw.punch_ids) as events,
    (select count(*) from raw.quarantine) as quarantined,
    (select count(*) from raw.hr_image) as legacy_rows,
    (select count(*) from raw.hr_versions) as legacy_versions,
    (select sum(worked_seconds) from marts.fct_workdays) as worked_seconds,
    (select sum(seconds) from marts.fct_pay_lines) as pay_seconds,
    (select count(*) from payroll.pay_lines) as payroll_lines,
    (select count(*) from core.accounts) as accounts,
    (select count(*) from core.tokens where kind = 'device' and revoked_at is null) as device_tokens
"""


@dataclass(frozen=True)
class Run:
    """What a run has printed, and what is in the stores after it."""

    table: str
    counts: dict[str, int | Decimal]


@pytest.fixture(scope="module")
def settings(untouched_stack: RunningStack) -> Settings:
    return untouched_stack.settings


@pytest.fixture(scope="module")
def runs(settings: Settings) -> Iterator[tuple[Run, Run]]:
    """Two runs at one instant: between two others, people of the company would go on punching."""
    instant = FixedClock(datetime.now(UTC))
    console = Console(record=True, width=80)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "EMPLOYEES", EMPLOYEES)
        patch.setattr(command, "DAYS", DAYS)
        patch.setattr(command, "SystemClock", lambda: instant)
        patch.setattr(command, "Console", lambda: console)

        def run() -> Run:
            command.run(quiet=True)
            return Run(console.export_text(), counts(settings))

        yield run(), run()


def counts(settings: Settings) -> dict[str, int | Decimal]:
    with connect(settings, "owner") as connection:
        cursor = connection.execute(COUNTS)
        names = [column.name for column in cursor.description or ()]
        values = cursor.fetchone()
    assert values is not None
    return dict(zip(names, values, strict=True))


def signed_in(settings: Settings, login: str) -> httpx.Client:
    account = ensure_accounts(settings, [FirstAccount(login, ())])[login]
    answer = client(settings).post("/v1/sessions", json={"login": login, "password": account.password})
    answer.raise_for_status()
    return client(settings, answer.json()["token"])


def test_a_run_captures_computes_and_exports(runs: tuple[Run, Run]) -> None:
    found = runs[0].counts
    assert found["punches"] == found["events"] > 100
    assert found["worked_seconds"] > 0
    assert found["pay_seconds"] > 0
    assert found["payroll_lines"] > 0
    assert found["accounts"] == 5


def test_running_it_again_doubles_nothing(runs: tuple[Run, Run]) -> None:
    assert runs[1].counts == runs[0].counts


def test_no_token_of_a_kiosk_is_left(runs: tuple[Run, Run]) -> None:
    assert runs[0].counts["device_tokens"] == 0


def test_the_table_says_where_everything_is_in_80_columns(runs: tuple[Run, Run], settings: Settings) -> None:
    for run in runs:
        lines = dict(re.findall(r"^│ (.*?) +│ (.*?) +│$", run.table, re.MULTILINE))
        # A value that does not fit goes on in a line without a name.
        assert "" not in lines, run.table
        assert max(map(len, run.table.splitlines())) <= 80
        assert lines["web clock"] == f"http://127.0.0.1:{settings.api.port}/clock/"
        assert lines["API docs"] == f"http://127.0.0.1:{settings.api.port}/docs"
        assert lines["passwords"] == f"{settings.home}/accounts.json"
        assert lines["  employee is"].endswith(f"({EMPLOYEE}), New York")
        assert lines["  manager is"].endswith(f"({MANAGER}), New York")
        assert re.fullmatch(r"[\d,.]+ s", lines["all these together"])
        paid = [value for name, value in lines.items() if name.startswith("pay period")]
        assert [value for value in paid if not re.fullmatch(r"[\d,]+ lines, [\d,.]+ paid hours", value)] == []
        assert paid != []


@pytest.mark.usefixtures("runs")
def test_the_employee_and_the_manager_of_the_table_can_sign_in(settings: Settings) -> None:
    employee, manager = signed_in(settings, "employee"), signed_in(settings, "manager")
    assert employee.get("/v1/me").json()["employee_id"] == EMPLOYEE
    assert employee.get("/v1/me/state").status_code == 200
    assert employee.get(f"/v1/employees/{MANAGER}/state").status_code == 403
    assert manager.get(f"/v1/employees/{EMPLOYEE}/state").status_code == 200
