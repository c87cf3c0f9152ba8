"""The only reader of the dashboards: marts through the Read Redis, live state from it, the health of the pipeline."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

import streamlit as st
from redis import Redis

from dashboards.floor import LIVE_FIELDS, Presence, presence_of
from dashboards.provenance import keep
from dashboards.queries.sums import Question
from timecontrol.clock import Clock, SystemClock
from timecontrol.errors import UserError
from timecontrol.policy.files import DEFAULT_FOLDER, PolicyFolder, read_folder
from timecontrol.policy.what_if.board import Board
from timecontrol.serving.explain.day import explain
from timecontrol.serving.explain.text import render
from timecontrol.serving.exports.period import encode, read_period
from timecontrol.serving.live_keys import LIVE_STATE_WHOLE_KEY, live_key
from timecontrol.serving.read_cache import ReadCache
from timecontrol.serving.reads import Reads
from timecontrol.serving.redis_client import BestEffortRedis, read_redis
from timecontrol.serving.result import Result
from timecontrol.settings import Settings, load_settings
from timecontrol.warehouse.named_sql import named_sql


class Data:
    """Everything that pages read, with the rights of the role `reader`; one for the process, shared by its threads."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock

    @cached_property
    def reads(self) -> Reads:
        """Reads that no run of the models changes, past the cache."""
        return Reads(self.settings)

    @cached_property
    def cache(self) -> ReadCache:
        """Reads of the marts."""
        return ReadCache(self.reads, read_redis(self.settings))

    @cached_property
    def live_redis(self) -> BestEffortRedis:
        """The Read Redis as the live board's source; it may be away."""
        return BestEffortRedis(read_redis(self.settings))

    def presence(self, employee_ids: Sequence[str]) -> dict[str, Presence] | None:
        """What the live state says of these employees, without those of whom it knows nothing.

        None while Redis is away, or holds a part of the state only.
        """

        def hashes(redis: Redis) -> tuple[bool, list[list[bytes | None]]]:
            # Of one instant: a state that is missing and the word that none is.
            pipeline = redis.pipeline(transaction=True)
            pipeline.exists(LIVE_STATE_WHOLE_KEY)
            for employee_id in employee_ids:
                pipeline.hmget(live_key(employee_id), LIVE_FIELDS)
            is_whole, *found = pipeline.execute()
            return bool(is_whole), found

        answer = self.live_redis.attempt(hashes)
        if answer is None or not answer[0]:
            return None
        found = answer[1]
        return {
            employee_id: presence_of(values)
            for employee_id, values in zip(employee_ids, found, strict=True)
            if values[0] is not None
        }

    @cached_property
    def what_if(self) -> Board:
        """Where comparisons of two policies are asked for and answered; the service `what_if` computes them."""
        return Board(read_redis(self.settings))

    @cached_property
    def operator_reads(self) -> Reads:
        """Reads of what only operators may see: batches, quarantine, runs."""
        return Reads(self.settings, "operator")

    def health(self, name: str) -> Result:
        """A statement of `sql/dashboards.sql` about the pipeline, as the operator. Raises Transient."""
        return self.operator_reads.fetch(named_sql("dashboards")[name])

    def periods(self) -> Result:
        """The pay periods with their manifests, the newest first."""
        return keep(of_payroll(self.reads.fetch(named_sql("payroll")["periods"])))

    def totals_of_period(self, period: str) -> Result:
        """Hours of a pay period by pay code and site."""
        return keep(of_payroll(self.reads.fetch(named_sql("dashboards")["totals_of_period"], {"period": period})))

    def export(self, period: str, format_name: str, sha256: str) -> bytes:
        """The bytes of a period's export, the same as the command line writes.

        Raises UserError where the period's manifest no longer says `sha256`: the file would not be what its name says.
        """
        found = read_period(self.reads, period)
        if found.sha256 != sha256:
            raise UserError(f"Pay period {period} has changed since this page was opened; load it again")
        return encode(found, format_name)[0]

    def explanation(self, employee_id: str, day: date) -> str:
        """The day in plain words, as `timecontrol explain` prints it. Raises UserError where nothing is known of it."""
        return render(explain(self.reads, employee_id, day))

    def read(self, statement: Question) -> Result:
        """Rows of the marts; the second read between two runs does not reach PostgreSQL. Raises Transient."""
        return keep(self.cache.page(statement))


def of_payroll(result: Result) -> Result:
    """A result of payroll's tables: filled in one transaction from a run that succeeded, they hold nothing of a later one."""
    return replace(result, computed=result.computed and replace(result.computed, is_overtaken=False))


# A policy file that was edited is offered this much later; reading them all takes a second.
POLICIES_SECONDS = 60


@st.cache_resource(ttl=POLICIES_SECONDS, show_spinner=False)
def policies() -> PolicyFolder:
    """The policies of the repository."""
    return read_folder(DEFAULT_FOLDER)


@st.cache_resource
def data() -> Data:
    """The reader of this process."""
    return Data(load_settings(), SystemClock())
