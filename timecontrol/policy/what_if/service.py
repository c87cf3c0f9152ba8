"""The service that computes comparisons: one after the other, each in a process of its own that ends in bounded time.

It alone has the password of role `transform`, which makes scratch schemas beside production and reads its inputs.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

import structlog

from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.errors import UserError
from timecontrol.logs import configure_logs
from timecontrol.policy.difference import compare
from timecontrol.policy.files import DEFAULT_FOLDER, read_folder
from timecontrol.policy.what_if.board import Board
from timecontrol.policy.what_if.request import Request, sides
from timecontrol.progress import Report, Step
from timecontrol.serving.redis_client import read_redis
from timecontrol.serving.replay import Days
from timecontrol.settings import load_settings
from timecontrol.warehouse.dbt import ModelsFailed

log = structlog.get_logger()

# Nobody notices half a second, and a look is one short command.
LOOK_SECONDS = 0.5
# 10,000 people over a year take some eight minutes under each policy on two cores.
LONGEST_SECONDS = 1800
# What a computation needs to drop its scratch schemas; what it does not drop, the next one does.
END_SECONDS = 20.0

STOPPED = "The service what_if was stopped or lost the Read Redis while it was computing. Compare again."
TOO_LONG = (
    f"It took longer than {LONGEST_SECONDS // 60} minutes and was ended; nothing is left of it. "
    "`timecontrol policy diff` on the command line takes as long as it needs: let it run at night."
)
BROKEN = "The computation ended unexpectedly. `what_if.log` in the folder of logs says why; then compare again."


def main() -> None:
    """Compute what is asked for until SIGTERM; while Redis is away, wait for it."""
    configure_logs("what_if")
    board = Board(read_redis(load_settings()))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.wait(LOOK_SECONDS):
        try:
            # Nothing is being computed now: whoever was at these was killed, or could not write what became of them.
            for comparison_id in board.left():
                board.fail(comparison_id, STOPPED, SystemClock().now())
            request = board.take(SystemClock().now())
            if request is not None:
                error = supervise(request, stop)
                board.fail(request.id, error, SystemClock().now())
        except Transient as error:
            log.warning("not_now", reason=str(error))


def supervise(request: Request, stop: threading.Event) -> str:
    """Let a process compute and end it where it takes too long or the service stops; why there may be no answer."""
    process = get_context("spawn").Process(target=answer, args=(request,), daemon=True)
    process.start()
    deadline = time.monotonic() + LONGEST_SECONDS
    while process.is_alive() and not stop.is_set() and time.monotonic() < deadline:
        process.join(LOOK_SECONDS)
    if not process.is_alive():
        return BROKEN
    process.terminate()
    process.join(END_SECONDS)
    process.kill()
    process.join()
    return STOPPED if stop.is_set() else TOO_LONG


def answer(request: Request) -> None:
    """Compute one comparison and write the answer, or why there is none, to the board."""
    configure_logs("what_if")
    # As from a keyboard: dbt ends its statements, and scratch schemas are dropped on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=end_with_the_service, daemon=True).start()
    settings = load_settings()
    board = Board(read_redis(settings))
    try:
        folder = read_folder(DEFAULT_FOLDER)
        report = Announced(board, request.id)
        days = Days(request.first_day, request.last_day)
        found = compare(settings, folder, *sides(folder, request), days, report)
        board.finish(request.id, found, SystemClock().now())
    except (UserError, Transient, ModelsFailed) as error:
        log.warning("not_computed", comparison=request.id, reason=str(error))
        board.fail(request.id, str(error), SystemClock().now())


def end_with_the_service() -> None:
    """Whose service was killed has nobody who waits for its answer."""
    service = parent_process()
    if service is not None:
        service.join()
        os.kill(os.getpid(), signal.SIGTERM)


class Announced(Report):
    """Says on the board what is computed."""

    def __init__(self, board: Board, comparison_id: str) -> None:
        super().__init__(quiet=True)
        self._board = board
        self._comparison_id = comparison_id

    @contextmanager
    def step(self, description: str, total: int | None = None) -> Iterator[Step]:
        """A step for the block."""
        self._board.say(self._comparison_id, description, SystemClock().now())
        with super().step(description, total) as step:
            yield step


if __name__ == "__main__":
    main()
