"""A client of the running User API, for tests: signs people in and issues devices' tokens."""

from uuid import UUID

import httpx
import uuid_utils

from timecontrol.core.accounts import create_account
from timecontrol.settings import Settings

PASSWORD = "a password for tests"
NEEDED = ("user_api", "sink_postgres", "sink_live_state", "flusher", "outbox_relay")


def new_id(prefix: str) -> str:
    """An id that no other test has."""
    return f"{prefix}-{str(uuid_utils.uuid7())[-12:]}"


def event_id() -> str:
    """A new event id."""
    return str(UUID(str(uuid_utils.uuid7())))


def base_url(settings: Settings) -> str:
    """Where the API listens."""
    return f"http://{settings.api.host}:{settings.api.port}"


def client(settings: Settings, token: str | None = None) -> httpx.Client:
    """A client that carries this token."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=base_url(settings), headers=headers, timeout=15)


class Api:
    """The API as seen by somebody who may make accounts."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        create_account(settings, "test-admin", PASSWORD, ["admin", "hr"], None)
        self.admin = self.sign_in("test-admin")

    def sign_in(self, login: str) -> httpx.Client:
        """A client of the person with this login."""
        answer = client(self.settings).post("/v1/sessions", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return client(self.settings, answer.json()["token"])

    def person(self, *roles: str, employee_id: str | None = None) -> httpx.Client:
        """A client of a new person with these roles."""
        login = new_id("login")
        account = {"login": login, "password": PASSWORD, "roles": list(roles), "employee_id": employee_id}
        answer = self.admin.post("/v1/accounts", json=account)
        assert answer.status_code == 201, answer.text
        return self.sign_in(login)

    def employee(self, **known: object) -> str:
        """The id of a new employee at the site `TST` (Europe/Berlin)."""
        self.admin.put("/v1/sites/TST", json={"name": "Test", "time_zone": "Europe/Berlin"}).raise_for_status()
        employee_id = new_id("emp")
        body: dict[str, object] = {"name": f"Name of {employee_id}", "site_id": "TST"} | known
        answer = self.admin.put(f"/v1/employees/{employee_id}", json=body)
        assert answer.status_code == 201, answer.text
        return employee_id

    def device(self, device_id: str = "TST-T1", site_id: str | None = "TST") -> httpx.Client:
        """A client with a new token of a device."""
        answer = self.admin.post(f"/v1/devices/{device_id}/tokens", json={"site_id": site_id})
        assert answer.status_code == 201, answer.text
        return client(self.settings, answer.json()["token"])
