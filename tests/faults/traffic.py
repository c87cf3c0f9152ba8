"""Punches that flow through every front door at once, from clients that keep a punch until it is acknowledged."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import httpx
import pymysql

from ingestion.sources.device_files.decode import FileSource, lines_account
from tests.capture import produce_pairs
from tests.integration.api_client import Api
from timecontrol.contracts.punch import to_json
from timecontrol.settings import Settings
from timecontrol.simulator.company import SITES
from timecontrol.simulator.doors.device_file import attlog, drop
from timecontrol.simulator.doors.legacy_hr import LegacyHrDoor
from timecontrol.simulator.doors.terminal import event_of
from timecontrol.simulator.plan import Plan
from timecontrol.simulator.punching import PlannedPunch

# A client that finds nobody at the door knocks again after this long.
KNOCK_SECONDS = 0.2
SITE_OF_DOOR = {site.door: site for site in SITES}


class NotTaken(Exception):
    """The door did not acknowledge; the client keeps its punches and comes again after `pause_seconds`."""

    def __init__(self, reason: str, pause_seconds: float = KNOCK_SECONDS) -> None:
        super().__init__(reason)
        self.pause_seconds = pause_seconds


class Rate(NamedTuple):
    """So many punches at a time, and the pause (seconds) after them."""

    punches: int
    pause: float


def legacy_key(punch: PlannedPunch) -> str:
    """The attribute `legacy_key` of a punch that was written as a row; see `LegacyHrDoor.write_attendance`."""
    return f"[{punch.event_id.int % 2**62}]"


@dataclass
class Door:
    """One front door with its clients: what they still have to hand in, and what was acknowledged.

    Attributes:
        take: hands in punches; returns when they are acknowledged, or raises NotTaken.
        refusals: why punches were not taken, in the order of the attempts.
    """

    name: str
    waiting: Sequence[PlannedPunch]
    rate: Rate
    take: Callable[[Sequence[PlannedPunch]], None]
    acknowledged: list[PlannedPunch] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        """Hand in piece after piece until told to stop; a piece that was begun is handed in to its end."""
        for start in range(0, len(self.waiting), self.rate.punches):
            if stop.is_set():
                return
            self._hand_in(self.waiting[start : start + self.rate.punches])
            stop.wait(self.rate.pause)
        raise AssertionError(f"{self.name}: no punches left, the plan is too small for this machine")

    def _hand_in(self, punches: Sequence[PlannedPunch]) -> None:
        pause = threading.Event()
        while True:
            try:
                self.take(punches)
            except NotTaken as refusal:
                self.refusals.append(str(refusal))
                pause.wait(refusal.pause_seconds)
            else:
                self.acknowledged.extend(punches)
                return


class DumpedTerminal:
    """A terminal without a network: somebody drops a dump of its whole memory into the watched folder now and then."""

    def __init__(self, settings: Settings) -> None:
        self._inbox = settings.home / "inbox"
        self._memory: list[PlannedPunch] = []
        self.site = SITE_OF_DOOR["device_file"]

    def take(self, punches: Sequence[PlannedPunch]) -> None:
        """Add to the memory and drop the dump; the file is the receipt."""
        self._memory.extend(punches)
        drop(self._inbox, self.site, attlog(self._memory, self.site, damaged=False))

    def event_ids(self) -> list[UUID]:
        """The events that the last dump stands for."""
        source = FileSource(self.site.site_id, self.site.device_id, self.site.time_zone, None)
        dump = attlog(self._memory, self.site, damaged=False)
        events, unreadable = lines_account(dump, source, datetime.now(UTC))
        assert not unreadable
        return list(events.values())


class Traffic:
    """All doors of a company; they are open from `begin` to `end`."""

    def __init__(self, settings: Settings, api: Api, plan: Plan) -> None:
        self._settings = settings
        kiosk = SITE_OF_DOOR["api"]
        self._http = api.device(kiosk.device_id, kiosk.site_id)
        self._legacy = LegacyHrDoor(settings)
        self.dumped = DumpedTerminal(settings)
        by_api = plan.through("api")
        self.terminals = Door("terminals", plan.through("terminal"), Rate(2, 0.4), self._produce)
        self.singles = Door("singles", by_api[::2], Rate(1, 0.25), self._post_one)
        self.batches = Door("batches", by_api[1::2], Rate(3, 0.5), self._post_batch)
        # The folder takes a file that has not changed for five seconds.
        self.files = Door("files", plan.through("device_file"), Rate(15, 6.5), self.dumped.take)
        self.legacy = Door("legacy", plan.through("legacy"), Rate(1, 0.5), self._write_rows)
        self.doors = (self.terminals, self.singles, self.batches, self.files, self.legacy)
        self._stop = threading.Event()
        self._clients = [threading.Thread(target=door.run, args=(self._stop,), name=door.name) for door in self.doors]

    def begin(self) -> None:
        """Let clients come to every door."""
        for client in self._clients:
            client.start()

    def end(self) -> None:
        """Let no more come; returns when each has got its last acknowledgement."""
        self._stop.set()
        for client in self._clients:
            client.join()

    def event_ids(self) -> list[UUID]:
        """Every acknowledged event whose id its source has given: all but those of the legacy table."""
        given = [door.acknowledged for door in (self.terminals, self.singles, self.batches)]
        return [punch.event_id for punches in given for punch in punches] + self.dumped.event_ids()

    def _produce(self, punches: Sequence[PlannedPunch]) -> None:
        events = [event_of(punch, "terminal") for punch in punches]
        produce_pairs(self._settings, [(event.employee_id, to_json(event)) for event in events])

    def _post_one(self, punches: Sequence[PlannedPunch]) -> None:
        [punch] = punches
        self._post("/v1/punches", to_json(event_of(punch, "kiosk")))

    def _post_batch(self, punches: Sequence[PlannedPunch]) -> None:
        answer = self._post(
            "/v1/punches/batch", b"[" + b",".join(to_json(event_of(p, "kiosk")) for p in punches) + b"]"
        )
        assert answer.json()["accepted"] == len(punches), answer.text

    def _post(self, path: str, content: bytes) -> httpx.Response:
        try:
            answer = self._http.post(path, content=content)
        except httpx.TransportError as error:
            raise NotTaken(repr(error)) from error
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise NotTaken(answer.text, float(answer.headers["Retry-After"]))
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        return answer

    def _write_rows(self, punches: Sequence[PlannedPunch]) -> None:
        try:
            self._legacy.write_attendance(punches)
        except (pymysql.err.OperationalError, pymysql.err.InterfaceError) as error:
            raise NotTaken(repr(error)) from error
