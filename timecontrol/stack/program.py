"""What the stack knows about one server or service: how to run it, and how to tell that it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

StopSignal = Literal["TERM", "INT"]

#: Exit status of a program that must not go on before a person has decided; the supervisor starts it anew after any other.
EXIT_WAITS_FOR_A_PERSON = 78


def _nothing() -> None:
    """No step here."""


def _never() -> bool:
    """It can always go on."""
    return False


@dataclass(frozen=True)
class Program:
    """One process that the supervisor holds.

    Attributes:
        name: as people type it (`stack kill NAME`) and as the supervisor lists it.
        command: program and arguments, no shell.
        answers: a real authenticated round trip; False while the program does not (yet) serve.
        environment: added to the supervisor's own (PATH, HOME, LANG).
        directory: working directory.
        os_user: the user it runs as; None is the user who runs the stack.
        ports: what it listens on at 127.0.0.1; checked to be free before a start.
        needs: programs that must answer before this one is started.
        is_lost: whether what runs can never catch up and must be stopped, prepared and started anew; raises Transient or
            psycopg's OperationalError where the server that knows does not answer.
        prepare: before every start, idempotent; what makes the data directory and the configuration.
        accepts_setup: whether `provision` may begin; it uses a door that is open before the first secret is set.
        provision: after every start, idempotent; what makes users, topics and databases.
        stop_signal: asks it to end; what has not ended after `stop_wait_seconds` is killed.
        start_wait_seconds: bound on the time until it answers.
    """

    name: str
    command: tuple[str, ...]
    answers: Callable[[], bool]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    os_user: str | None = None
    ports: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()
    is_lost: Callable[[], bool] = _never
    prepare: Callable[[], None] = _nothing
    accepts_setup: Callable[[], bool] | None = None
    provision: Callable[[], None] = _nothing
    stop_signal: StopSignal = "TERM"
    stop_wait_seconds: int = 20
    start_wait_seconds: int = 60
