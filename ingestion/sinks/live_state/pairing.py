"""From an employee's punches to the state that they leave: one pass, by the rules of pair_punches() of the models. Pure.

A test holds the two against each other on random punches. What is not here is what only the marts decide: hours.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from ingestion.sinks.live_state.history import RecentPunch
from timecontrol.contracts.punch import PunchKind
from timecontrol.serving.live_keys import LiveStateName


class Pairing(NamedTuple):
    """The pairing parameters of a policy at a date; the defaults are those of policies.md."""

    is_alternate: bool = False
    repeat_seconds: int = 60
    first_in_counts: bool = False
    last_out_counts: bool = False
    gap_seconds: int = 14_400
    max_shift_seconds: int = 57_600


# Which kinds are taken first at one instant, by the state before.
ORDER_AT_ONE_INSTANT: dict[LiveStateName, tuple[PunchKind, ...]] = {
    "break": ("break_end", "clock_out", "clock_in"),
    "in": ("clock_out", "break_start"),
    "out": ("clock_in",),
}


#: The parameters that are in force at the instant of a punch.
Rules = Callable[[RecentPunch], Pairing]


class LiveState(NamedTuple):
    """One employee after their punches.

    Attributes:
        since: instant of the punch that began the state.
        session_since: instant of the punch that began the session, None while out.
        counts_until: until when someone who is in can be: the longest shift after the worked shift's first punch.
        last: the last punch that was used.
    """

    state: LiveStateName = "out"
    since: datetime | None = None
    session_since: datetime | None = None
    counts_until: datetime | None = None
    last: RecentPunch | None = None


def state_after(punches: Sequence[RecentPunch], rules: Rules) -> LiveState:
    """The state after punches in force, in the order of `history.in_order`."""
    pass_ = _Pass(rules)
    waiting = list(punches)
    for place in range(len(waiting)):
        first = pass_.first_taken(waiting, place)
        waiting.insert(place, waiting.pop(first))
        pass_.take(waiting[place])
    return pass_.state()


class _Pass:
    """Where the pass stands: the present worked shift and session, and the last punch used."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._state: LiveStateName = "out"
        self._shift: RecentPunch | None = None
        self._session: RecentPunch | None = None
        self._out: RecentPunch | None = None
        self._used: RecentPunch | None = None
        self._used_as: PunchKind | None = None

    def first_taken(self, punches: Sequence[RecentPunch], place: int) -> int:
        """Which of the punches of one second is taken first.

        break_end, clock_out, clock_in, break_start where the state allows it, else as recorded. The state begins anew
        where the worked shift is over.
        """
        punch = punches[place]
        is_over = self._begins_new_shift(punch, self._rules(self._shift or punch))
        allowed = ORDER_AT_ONE_INSTANT["out" if is_over else self._state]
        ranks = {kind: rank for rank, kind in enumerate(allowed)}
        best, best_rank = place, len(ranks)
        for other in range(place, len(punches)):
            if punches[other].second != punch.second:
                break
            rank = ranks.get(punches[other].kind, len(ranks))
            if rank < best_rank:
                best, best_rank = other, rank
        return best

    def take(self, punch: RecentPunch) -> None:
        """Move on by one punch, which may turn out not to be used."""
        pairing = self._rules(self._shift or punch)
        if self._is_repeat(punch, pairing):
            return
        if self._begins_new_shift(punch, pairing):
            self._end_shift()
            pairing = self._rules(punch)
        kind = self._direction(punch.kind, pairing)
        if kind == "break_end" and self._state != "break":
            return
        if kind == "clock_in" and self._state == "in" and pairing.first_in_counts:
            return
        self._used, self._used_as = punch, kind
        if kind == "clock_out" and self._state == "out" and pairing.last_out_counts and self._shift is self._out:
            # A worked shift that began with a stray clock_out begins with the last of them.
            self._shift = None
        self._shift = self._shift or punch
        if kind == "clock_in" and self._state == "break":
            # Coming back without a break_end ends the break.
            kind = "break_end"
        if kind == "clock_in" or (kind == "break_start" and self._state == "out"):
            self._session = punch
        if kind == "clock_out":
            self._out = punch
            self._session = None
        after: dict[PunchKind, LiveStateName] = {"clock_out": "out", "break_start": "break"}
        self._state = after.get(kind, "in")

    def state(self) -> LiveState:
        """The state after all that was taken."""
        if self._used is None:
            return LiveState()
        if self._shift is None or self._state == "out":
            # Who never clocked out of a shift that is over is out, and nobody knows since when.
            since = self._used.occurred_at if self._used_as == "clock_out" else None
            return LiveState("out", since=since, last=self._used)
        longest = timedelta(seconds=self._rules(self._shift).max_shift_seconds)
        return LiveState(
            self._state,
            since=self._used.occurred_at,
            session_since=self._session.occurred_at if self._session else self._used.occurred_at,
            counts_until=self._shift.occurred_at + longest,
            last=self._used,
        )

    def _end_shift(self) -> None:
        self._shift = self._session = self._out = None
        self._state = "out"

    def _is_repeat(self, punch: RecentPunch, pairing: Pairing) -> bool:
        if self._used is None or punch.second - self._used.second > pairing.repeat_seconds:
            return False
        return pairing.is_alternate or punch.kind in ("unknown", self._used_as)

    def _begins_new_shift(self, punch: RecentPunch, pairing: Pairing) -> bool:
        if self._shift is None:
            return False
        if punch.second - self._shift.second > pairing.max_shift_seconds:
            return True
        # Only after a clock_out there is off time: an open session has no gap.
        return self._state == "out" and self._out is not None and punch.second - self._out.second >= pairing.gap_seconds

    def _direction(self, kind: PunchKind, pairing: Pairing) -> PunchKind:
        """The kind as it counts: where it says no direction it takes the opposite of the state before it."""
        if pairing.is_alternate:
            return "clock_in" if self._state == "out" else "clock_out"
        if kind != "unknown":
            return kind
        opposite: dict[LiveStateName, PunchKind] = {"out": "clock_in", "in": "clock_out", "break": "break_end"}
        return opposite[self._state]
