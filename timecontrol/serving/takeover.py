"""What a follower of the marts (payroll's tables, the cache) has to look at after a run: nothing, what it touched, or all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg.rows import class_row

from timecontrol.contracts.errors import Transient
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection

Scope = Literal["nothing", "touched", "all"]


class RunUnderWay(Transient):
    """Another run was begun since the last that succeeded."""


class RunFailed(Transient):
    """Another run has failed since the last that succeeded, and none has succeeded after it."""


@dataclass(frozen=True)
class LastRun:
    """The last run that succeeded; `overtaken_by` is what has become of the last one that was begun since."""

    run_id: int
    watermark: int
    now_at: datetime
    full_refresh: bool
    previous_run_id: int | None
    overtaken_by: Literal["running", "failed"] | None

    def scope(self, taken_run_id: int | None) -> Scope:
        """What changed for a follower that holds the results of `taken_run_id`.

        `touched` names the weeks of the last run alone: who missed a run compares all.
        """
        if taken_run_id == self.run_id:
            return "nothing"
        if self.full_refresh or taken_run_id is None or taken_run_id != self.previous_run_id:
            return "all"
        return "touched"


def hold_last_run(connection: Connection) -> LastRun | None:
    """The run to follow, None before the first; no other begins until the caller's transaction ends.

    Raises RunUnderWay or RunFailed when another run was begun since: the next that succeeds is followed instead.
    """
    connection.execute(named_sql("takeovers")["hold_runs"].for_psycopg())
    cursor = connection.cursor(row_factory=class_row(LastRun))
    last = cursor.execute(named_sql("takeovers")["last_run"].for_psycopg()).fetchone()
    match last and last.overtaken_by:
        case "running":
            raise RunUnderWay("A run of the models is under way; the next that succeeds is followed")
        case "failed":
            raise RunFailed("The last run of the models has failed; the next that succeeds is followed")
    return last
