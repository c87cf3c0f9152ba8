"""Two who change the same leave or shift at once: the second one meets what the first has made of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.integration.api_client import NEEDED, Api
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.clock import SystemClock
from timecontrol.core.absence import decide_leave, find_leave, remove_leave
from timecontrol.core.schedule import end_pattern, find_pattern, remove_shift
from timecontrol.settings import Settings
from timecontrol.warehouse.core_store import core_engine, transaction
from timecontrol.warehouse.pools import connect

SHIFT = {"starts_at": "2026-06-01T08:00:00Z", "ends_at": "2026-06-01T16:00:00Z"}
LATER = {"starts_at": "2026-06-01T09:00:00Z", "ends_at": "2026-06-01T17:00:00Z"}


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture(scope="module")
def api(settings: Settings) -> Api:
    return Api(settings)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    opened = core_engine(settings)
    yield opened
    opened.dispose()


def second(
    settings: Settings, engine: Engine, first: Callable[[Session], object], request: Callable[[], httpx.Response]
) -> httpx.Response:
    """The answer to a request that comes while a first change is made and not committed."""
    with ThreadPoolExecutor(1) as pool, connect(settings, "operator") as watching:
        watching.autocommit = True

        def waits() -> bool:
            found = watching.execute("select 1 from pg_locks where locktype = 'advisory' and not granted")
            return found.fetchone() is not None

        with transaction(engine) as session:
            first(session)
            answer = pool.submit(request)
            eventually(lambda: answer.done() or waits())
        return answer.result()


@pytest.fixture
def me(api: Api) -> tuple[str, httpx.Client]:
    employee_id = api.employee()
    return employee_id, api.person("employee", employee_id=employee_id)


@pytest.fixture
def leave_id(me: tuple[str, httpx.Client]) -> str:
    answer = me[1].post("/v1/leave", json={"first_day": "2026-07-01", "last_day": "2026-07-02"})
    return str(answer.raise_for_status().json()["leave_id"])


def test_a_request_is_decided_once(settings: Settings, engine: Engine, api: Api, leave_id: str) -> None:
    def approve(session: Session) -> None:
        decide_leave(session, find_leave(session, leave_id), approve=True, actor="boss", now=SystemClock().now())

    answer = second(
        settings, engine, approve, lambda: api.admin.post(f"/v1/leave/{leave_id}/decision", json={"approve": False})
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "decided")


def test_leave_that_is_approved_meanwhile_is_not_taken_back_as_a_request(
    settings: Settings, engine: Engine, leave_id: str, me: tuple[str, httpx.Client]
) -> None:
    def approve(session: Session) -> None:
        decide_leave(session, find_leave(session, leave_id), approve=True, actor="boss", now=SystemClock().now())

    answer = second(settings, engine, approve, lambda: me[1].delete(f"/v1/leave/{leave_id}"))
    assert (answer.status_code, answer.json()["code"]) == (409, "decided")
    [leave] = me[1].get(f"/v1/employees/{me[0]}/leave").json()
    assert leave["status"] == "approved"


def test_leave_that_is_taken_back_is_not_approved(
    settings: Settings, engine: Engine, api: Api, leave_id: str, me: tuple[str, httpx.Client]
) -> None:
    def take_back(session: Session) -> None:
        remove_leave(session, find_leave(session, leave_id), actor="me", now=SystemClock().now())

    answer = second(
        settings, engine, take_back, lambda: api.admin.post(f"/v1/leave/{leave_id}/decision", json={"approve": True})
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api.admin.get(f"/v1/employees/{me[0]}/leave").json() == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_shift_that_is_taken_out_stays_out(settings: Settings, engine: Engine, api: Api, method: str) -> None:
    employee_id = api.employee()
    shift = api.admin.post("/v1/shifts", json=SHIFT | {"employee_id": employee_id}).raise_for_status().json()

    def take_out(session: Session) -> None:
        remove_shift(session, shift["shift_id"], actor="boss", now=SystemClock().now())

    body = LATER if method == "PUT" else None
    answer = second(
        settings, engine, take_out, lambda: api.admin.request(method, f"/v1/shifts/{shift['shift_id']}", json=body)
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    period = {"from": "2026-06-01", "to": "2026-06-02"}
    assert api.admin.get(f"/v1/employees/{employee_id}/schedule", params=period).json()["shifts"] == []


def test_a_pattern_is_ended_once(settings: Settings, engine: Engine, api: Api) -> None:
    body = {
        "employee_id": api.employee(),
        "week": [{"weekday": "monday", "start": "08:00", "end": "16:00"}],
        "valid_from": "2026-06-01",
        "valid_to": "2026-06-30",
    }
    pattern = api.admin.post("/v1/shift-patterns", json=body).raise_for_status().json()["pattern_id"]

    def end(session: Session) -> None:
        end_pattern(session, find_pattern(session, pattern), actor="boss", now=SystemClock().now())

    answer = second(settings, engine, end, lambda: api.admin.delete(f"/v1/shift-patterns/{pattern}"))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
