"""How the service bounds what it lets compute."""

import multiprocessing
import signal
import threading
from datetime import date

import pytest

from timecontrol.policy.what_if import service
from timecontrol.policy.what_if.request import Request

ASKED = Request(old="us-flsa", new="us-ca", first_day=date(2026, 10, 1), last_day=date(2026, 10, 31))


def never_ends(_request: Request) -> None:
    signal.pause()


def breaks_off(_request: Request) -> None:
    raise MemoryError


@pytest.mark.parametrize(
    ("stops", "seconds", "error"),
    [(False, 0, service.TOO_LONG), (True, 1800, service.STOPPED)],
    ids=["late", "stopped"],
)
def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, stops: bool, seconds: int, error: str) -> None:
    monkeypatch.setattr(service, "answer", never_ends)
    monkeypatch.setattr(service, "LONGEST_SECONDS", seconds)
    stop = threading.Event()
    if stops:
        stop.set()
    assert service.supervise(ASKED, stop) == error
    assert multiprocessing.active_children() == []


def test_what_breaks_off_is_said_to_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "answer", breaks_off)
    assert service.supervise(ASKED, threading.Event()) == service.BROKEN


def test_the_same_question_has_the_same_id() -> None:
    assert ASKED.id == ASKED.model_copy().id
    assert len({ASKED.id, ASKED.model_copy(update={"draft": "x"}).id, ASKED.model_copy(update={"old": "none"}).id}) == 3
