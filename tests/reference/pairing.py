"""Punches become sessions and worked shifts: repeats, directions, pairing and cuts, one punch after the other."""

from dataclasses import dataclass, field
from datetime import date

from tests.reference.calendar import Calendar
from tests.reference.case import Punch
from tests.reference.policy import Parameter
from tests.reference.times import seconds

OFF, WORKING, ON_BREAK = "off", "working", "on break"
# At one instant they are taken in this order, each where the state allows it.
ALLOWED = {
    "break_end": {ON_BREAK},
    "clock_out": {WORKING, ON_BREAK},
    "clock_in": {OFF, ON_BREAK},
    "break_start": {WORKING},
}
OPPOSITE = {OFF: "clock_in", WORKING: "clock_out", ON_BREAK: "break_end"}


@dataclass(frozen=True)
class Mark:
    """An end of a session or break: the instant, and what the punch there is taken as (`closed`: there is none)."""

    kind: str
    at: int


@dataclass
class Break:
    """Without an end it lasts to the end of its session."""

    type: str
    start: Mark
    end: Mark | None = None


@dataclass
class Session:
    """Without an end it does not count: it is still open, or a later punch left it open."""

    start: Mark
    end: Mark | None = None
    breaks: list[Break] = field(default_factory=list)
    left_open_at: int | None = None
    gap_from: Mark | None = None  # the clock_out after which the employee was off until this session


@dataclass
class WorkedShift:
    first: int
    sessions: list[Session] = field(default_factory=list)
    outs: list[Mark] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.sessions[0].start.at if self.sessions else self.first

    @property
    def end(self) -> int | None:
        """The last out; empty while the last session is open."""
        if not self.sessions:
            return self.outs[-1].at
        last = self.sessions[-1].end
        return max([last.at, *[out.at for out in self.outs]]) if last else None


@dataclass(frozen=True)
class Note:
    """Something that a person must look at; of the workday of its worked shift's start, a total of its own."""

    kind: str
    at: int
    shift: WorkedShift | None
    day: date | None = None


class Pairing:
    """The state between two punches."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.state = OFF
        self.shift: WorkedShift | None = None
        self.last_used: Mark | None = None
        self.shifts: list[WorkedShift] = []
        self.notes: list[Note] = []

    def rule(self, key: str, at: int) -> Parameter:
        return self.calendar.rule(f"pairing.{key}", self.calendar.workday(at))

    def state_at(self, at: int) -> str:
        """The state begins anew with each worked shift."""
        return OFF if self.shift is None or self.ends_before(at) else self.state

    def ends_before(self, at: int) -> bool:
        """Whether the worked shift is over, by its length or by the gap after its last clock_out."""
        assert self.shift
        gap = seconds(self.rule("new_shift_after_gap_minutes", self.shift.first))
        too_late = at > self.shift.first + seconds(self.rule("max_shift_minutes", self.shift.first))
        return too_late or (self.state == OFF and at - self.shift.outs[-1].at >= gap)

    def note(self, kind: str, at: int) -> None:
        self.notes.append(Note(kind, at, self.shift))

    def is_repeat(self, punch: Punch) -> bool:
        if not self.last_used or punch.at - self.last_used.at > self.rule("repeat_within_seconds", punch.at):
            return False
        return self.rule("direction", punch.at) == "alternate" or punch.kind in {"unknown", self.last_used.kind}

    def take(self, punch: Punch) -> None:
        if self.is_repeat(punch):
            return self.note("repeated_punch", punch.at)
        state = self.state_at(punch.at)
        if self.shift and self.ends_before(punch.at):
            self.leave_open(punch.at)
            self.shift, self.state = None, OFF
        alternate = self.rule("direction", punch.at) == "alternate"
        kind = OPPOSITE[state] if alternate or punch.kind == "unknown" else punch.kind
        mark = Mark(kind, punch.at)
        if getattr(self, kind)(mark, punch.break_type):
            self.last_used = mark  # repeats are of its kind, also where it is taken as another
        return None

    def leave_open(self, at: int) -> None:
        if self.state != OFF and self.shift:
            self.shift.sessions[-1].left_open_at = at

    def in_shift(self, mark: Mark) -> WorkedShift:
        """The worked shift of a punch, a new one where none goes on."""
        if self.shift is None:
            self.shift = WorkedShift(mark.at)
            self.shifts.append(self.shift)
        return self.shift

    def begin_session(self, mark: Mark) -> None:
        shift = self.in_shift(mark)
        gap_from = shift.outs[-1] if shift.outs and self.state == OFF and shift.sessions else None
        shift.sessions.append(Session(mark, gap_from=gap_from))
        self.state = WORKING

    def clock_in(self, mark: Mark, _: str) -> bool:
        if self.state == ON_BREAK:
            return self.break_end(Mark("break_end", mark.at), _)
        if self.state == WORKING and self.rule("in_after_in", mark.at) == "repeat":
            self.note("repeated_punch", mark.at)
            return False
        self.leave_open(mark.at)
        self.begin_session(mark)
        return True

    def clock_out(self, mark: Mark, _: str) -> bool:
        shift = self.in_shift(mark)
        if self.state != OFF:
            shift.sessions[-1].end = mark
        elif shift.outs and self.rule("out_after_out", mark.at) == "repeat":
            repeated = shift.outs.pop()
            self.note("repeated_punch", repeated.at)
            if shift.sessions and shift.sessions[-1].end is repeated:
                shift.sessions[-1].end = mark
            else:
                self.notes.remove(Note("missing_clock_in", repeated.at, shift))
                self.note("missing_clock_in", mark.at)
            if not shift.sessions:
                shift.first = mark.at
        else:
            self.note("missing_clock_in", mark.at)
        shift.outs.append(mark)
        self.state = OFF
        return True

    def break_start(self, mark: Mark, break_type: str) -> bool:
        if self.state == OFF:
            self.begin_session(mark)
            self.note("missing_clock_in", mark.at)
        elif self.state == ON_BREAK:
            self.break_end(mark, break_type)
        self.in_shift(mark).sessions[-1].breaks.append(Break(break_type, mark))
        self.state = ON_BREAK
        return True

    def break_end(self, mark: Mark, _: str) -> bool:
        if self.state != ON_BREAK:
            self.note("missing_break_start", mark.at)
            return False
        self.in_shift(mark).sessions[-1].breaks[-1].end = mark
        self.state = WORKING
        return True


def pair(punches: list[Punch], calendar: Calendar) -> Pairing:
    """All punches taken in order; at one instant in the order that the state allows, else as written."""
    pairing = Pairing(calendar)
    waiting = list(punches)
    while waiting:
        now = [punch for punch in waiting if punch.at == waiting[0].at]
        state = pairing.state_at(now[0].at)
        fitting = [punch for kind in ALLOWED for punch in now if punch.kind == kind and state in ALLOWED[kind]]
        explicit = pairing.rule("direction", now[0].at) == "explicit"
        chosen = (fitting or now)[0] if explicit else now[0]
        waiting.remove(chosen)
        pairing.take(chosen)
    pairing.notes += [
        Note("missing_break_end", session.end.at, shift)
        for shift in pairing.shifts
        for session in shift.sessions
        if session.end and session.breaks and not session.breaks[-1].end
    ]
    return pairing
