"""Kiosks that speak to the User API: a token for each device, punches in batches of the size a kiosk collects."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import groupby
from types import TracebackType
from typing import Any, Self

import httpx

from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.punch import to_json
from timecontrol.core.first_accounts import SignIn
from timecontrol.settings import Settings
from timecontrol.simulator.doors.terminal import event_of
from timecontrol.simulator.punching import PlannedPunch

# What a kiosk that was offline for a while hands in at once; the API takes up to 5,000.
PUNCHES_AT_ONCE = 500
# A batch is answered within milliseconds; half a minute covers an API that is just starting.
TIMEOUT_SECONDS = 30
# A token is taken back when its kiosk has handed in everything; where that is cut short it ends by itself.
TOKEN_LIFE = timedelta(days=1)


class UserApiDoor:
    """The kiosks of the company; a context manager that closes its connections."""

    def __init__(self, settings: Settings, administrator: SignIn) -> None:
        self._administrator = administrator
        self._http = httpx.Client(base_url=f"http://{settings.api.host}:{settings.api.port}", timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        """The door, open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, punches: Sequence[PlannedPunch]) -> Iterator[int]:
        """Hand in the punches of each kiosk in the order of time; yields how many the API has accepted so far.

        Raises Transient when the API does not answer or does not accept them.
        """
        accepted = 0
        session = str(self._ask("POST", "/v1/sessions", None, _json(asdict(self._administrator)))["token"])
        by_device = sorted(punches, key=lambda punch: punch.person.site.device_id)
        for device_id, of_device in groupby(by_device, key=lambda punch: punch.person.site.device_id):
            issued = self._device_token(session, device_id)
            collected = list(of_device)
            for start in range(0, len(collected), PUNCHES_AT_ONCE):
                batch = collected[start : start + PUNCHES_AT_ONCE]
                body = b"[" + b",".join(to_json(event_of(punch, "kiosk")) for punch in batch) + b"]"
                accepted += self._ask("POST", "/v1/punches/batch", issued["token"], body)["accepted"]
                yield accepted
            self._ask("DELETE", f"/v1/tokens/{issued['token_id']}", session)
        self._ask("DELETE", "/v1/sessions/current", session)

    def _device_token(self, session: str, device_id: str) -> dict[str, Any]:
        expires_at = SystemClock().now() + TOKEN_LIFE
        body = _json({"expires_at": expires_at.isoformat()})
        return self._ask("POST", f"/v1/devices/{device_id}/tokens", session, body)

    def _ask(self, method: str, path: str, token: str | None, content: bytes = b"") -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            answer = self._http.request(method, path, headers=headers, content=content)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise Transient(f"the User API did not take {path}: {error}") from error
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
