"""The Read Redis before the marts: what was read once is not asked of PostgreSQL again until a run computes it anew.

Without Redis every read is answered by PostgreSQL. A value is stored only if no later run is known, so a slow reader
never puts old rows over new ones; and not while a later run is under way or has failed, since the rows may be partly
its own. Keys: docs/redis-keys.md.
"""

from datetime import date, timedelta
from typing import cast

import msgspec
from redis import Redis
from sqlalchemy import Select, select

from timecontrol.serving.cache_keys import PEOPLE_KEY, RUN_KEY, day_key, page_key, week_key
from timecontrol.serving.reads import Parameters, Reads, Statement
from timecontrol.serving.redis_client import BestEffortRedis
from timecontrol.serving.result import Result, decode, encode
from timecontrol.warehouse.marts import Employee, Workday

# A run that could not be announced (Redis was away) is noticed by readers after this long.
RUN_SECONDS = 300
# Results of pages are named after their run; this bounds what a run leaves behind in memory.
PAGE_SECONDS = 600
# Hours and people are renewed by the run that changes them; the bound clears out what nobody asks for any more.
HOURS_SECONDS = 2 * 86_400

# Make a run known unless a later one is. KEYS: run key; ARGV: run id, life in seconds. Saying it again extends nothing,
# so that a run that was never announced is looked for in PostgreSQL.
ANNOUNCE = """
local known = tonumber(redis.call('GET', KEYS[1]) or '-1')
if known < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return known
"""

# Store a value unless a run later than its own is known. KEYS: run key, value key; ARGV: run id, value, life in seconds.
STORE = """
if tonumber(redis.call('GET', KEYS[1]) or '-1') > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
return 1
"""

PEOPLE = select(*Employee.__table__.columns).order_by(Employee.employee_id)


def hours_of_day(employee_id: str, day: date) -> Select[tuple[Workday]]:
    """The row of `fct_workdays` for one employee and workday."""
    return select(*Workday.__table__.columns).where(Workday.employee_id == employee_id, Workday.workday == day)


def hours_of_week(employee_id: str, day: date) -> Select[tuple[Workday]]:
    """The rows of the workweek that contains the day, whatever weekday it begins on."""
    return (
        select(*Workday.__table__.columns)
        .where(Workday.employee_id == employee_id, Workday.workweek <= day, Workday.workweek > day - timedelta(days=7))
        .order_by(Workday.workday)
    )


class ReadCache:
    """Cache-aside reads of the marts; safe to share between threads."""

    def __init__(self, reads: Reads, redis: Redis) -> None:
        self.reads = reads
        self.redis = BestEffortRedis(redis)

    def page(self, statement: Statement, parameters: Parameters | None = None) -> Result:
        """What `Reads.fetch` answers, kept for the run that computed it. Only for statements on marts: a run must change them."""
        run = self.redis.attempt(lambda redis: cast(bytes | None, redis.get(RUN_KEY)))
        if run is not None:
            found = self._get(page_key(int(run), statement, parameters or {}))
            if found is not None:
                return found
        result = self.reads.fetch(statement, parameters)
        if result.computed is not None:
            self._store(page_key(result.computed.run_id, statement, parameters or {}), result, PAGE_SECONDS)
        return result

    def people(self) -> Result:
        """All rows of `dim_employees`."""
        return self._renewed(PEOPLE_KEY, PEOPLE)

    def hours_of_day(self, employee_id: str, day: date) -> Result:
        """The row of `fct_workdays` of this workday; no row where nothing was worked, planned or taken."""
        return self._renewed(day_key(employee_id, day), hours_of_day(employee_id, day))

    def hours_of_week(self, employee_id: str, day: date) -> Result:
        """The rows of `fct_workdays` of the workweek that contains the day."""
        return self._renewed(week_key(employee_id, day), hours_of_week(employee_id, day))

    def _renewed(self, key: str, statement: Statement) -> Result:
        """A value that each run renews where it changes it."""
        found = self._get(key)
        if found is not None:
            return found
        result = self.reads.fetch(statement)
        self._store(key, result, HOURS_SECONDS)
        return result

    def _get(self, key: str) -> Result | None:
        stored = self.redis.attempt(lambda redis: cast(bytes | None, redis.get(key)))
        if stored is None:
            return None
        try:
            return decode(stored).from_cache()
        except msgspec.MsgspecError:  # written by another version of this code
            return None

    def _store(self, key: str, result: Result, seconds: int) -> None:
        computed = result.computed
        if computed is None or computed.is_overtaken:
            return

        def store(redis: Redis) -> None:
            redis.eval(ANNOUNCE, 1, RUN_KEY, computed.run_id, RUN_SECONDS)
            redis.eval(STORE, 2, RUN_KEY, key, computed.run_id, encode(result), seconds)

        self.redis.attempt(store)
