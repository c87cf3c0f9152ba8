"""Checks of the pipeline as a whole; each that fails is an alert. The limits are what a person would call broken."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from timecontrol.alerts import alert
from timecontrol.contracts.errors import Transient
from timecontrol.settings import Settings
from timecontrol.stack.files import MIN_FREE_BYTES
from timecontrol.stack.measures import group_lags, replica_age_seconds
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import connect

PUNCHES = dg.AssetKey(["raw", "punches"])
WORKDAYS = dg.AssetKey(["marts", "fct_workdays"])
PAY_LINES = dg.AssetKey(["marts", "fct_pay_lines"])

# Hours are promised within 60 s of a punch; twice that is late, ten times is broken, and five minutes is in between.
UNCOMPUTED_SECONDS = 300
# A sink reads thousands of records a second: so many behind is more than a burst.
LAG_RECORDS = 50_000
# Messy devices cause one record in a hundred; more is a broken sender or a wrong mapping.
QUARANTINE_SHARE = 0.05
# Readers leave the replica at `replica_max_age_seconds`; a check runs less often and allows for a burst.
REPLICA_SECONDS = 60
# Transactions that write are bounded to a minute.
WRITER_SECONDS = 300


@dataclass(frozen=True)
class Measurement:
    """What a check found: whether it is in order, in words, and the numbers behind."""

    passed: bool
    words: str
    numbers: Mapping[str, float] = field(default_factory=dict)


def pipeline_check(asset: dg.AssetKey) -> Callable[[Callable[[Settings], Measurement]], dg.AssetChecksDefinition]:
    """A check of what the function measures. A server that does not answer is a failed check, at once: a run that waited for
    it would hold up the runs that compute hours.
    """

    def made(measure: Callable[[Settings], Measurement]) -> dg.AssetChecksDefinition:
        name = measure.__name__

        @dg.asset_check(asset=asset, name=name, description=measure.__doc__)
        def check(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
            try:
                found = measure(settings)
            except Transient as error:
                found = Measurement(passed=False, words=f"cannot be measured: {error}")
            if not found.passed:
                alert(settings, f"check {name} failed", found.words)
            return dg.AssetCheckResult(passed=found.passed, metadata={"measured": found.words, **found.numbers})

        return check

    return made


def one_row(settings: Settings, name: str) -> tuple[Any, ...]:
    """The one row of a statement of `sql/checks.sql`, from the primary."""
    with connect(settings, "operator") as connection:
        row = connection.execute(named_sql("checks")[name].for_psycopg()).fetchone()
    assert row is not None  # an aggregate has one row
    return tuple(row)


@pipeline_check(WORKDAYS)
def freshness(settings: Settings) -> Measurement:
    """No captured punch waits long for its hours."""
    (age,) = one_row(settings, "uncomputed_age")
    words = f"the oldest punch without computed hours waits for {age:,.0f} s"
    return Measurement(age <= UNCOMPUTED_SECONDS, words, {"age_seconds": age})


@pipeline_check(PUNCHES)
def consumer_lag(settings: Settings) -> Measurement:
    """Every sink keeps up with its topics."""
    lags = {lag.group: lag.records for lag in group_lags(settings)}
    words = ", ".join(f"{group} is {records:,} records behind" for group, records in lags.items())
    return Measurement(max(lags.values()) <= LAG_RECORDS, words, lags)


@pipeline_check(PUNCHES)
def quarantine_share(settings: Settings) -> Measurement:
    """Few records are refused."""
    quarantined, records = one_row(settings, "quarantine_share")
    share = quarantined / records if records else 0.0
    words = f"{quarantined:,} of {records:,} records of the last 24 hours are in quarantine ({share:.1%})"
    return Measurement(share <= QUARANTINE_SHARE, words, {"share": share})


@pipeline_check(WORKDAYS)
def replica_delay(settings: Settings) -> Measurement:
    """The replica that pages read from is up to date."""
    age = replica_age_seconds(settings)
    if age is None:
        return Measurement(passed=False, words="the replica has no heartbeat yet")
    return Measurement(age <= REPLICA_SECONDS, f"the replica is {age:,.1f} s behind", {"age_seconds": age})


@pipeline_check(PUNCHES)
def watermark_age(settings: Settings) -> Measurement:
    """No transaction holds the watermark back."""
    (age,) = one_row(settings, "oldest_writer")
    words = f"the oldest transaction that writes began {age:,.0f} s ago; no run reads past it"
    return Measurement(age <= WRITER_SECONDS, words, {"age_seconds": age})


@pipeline_check(PAY_LINES)
def lineage_adds_up(settings: Settings) -> Measurement:
    """Every paid second of the weeks computed last has its reason: the parts of each pay line add up to it.

    A run replaces the two tables one after the other, so what is measured beside one says nothing.
    """
    before = one_row(settings, "settled_run")
    if before == (None,):
        return Measurement(passed=True, words="no run has settled what there is to measure")
    (gaps,) = one_row(settings, "lineage_gaps")
    if one_row(settings, "settled_run") != before:
        return Measurement(passed=True, words="a run began meanwhile: measured again after it")
    words = f"{gaps:,} pay lines of the last run differ from the sum of their lineage"
    return Measurement(gaps == 0, words, {"gaps": gaps})


@pipeline_check(PUNCHES)
def free_disk(settings: Settings) -> Measurement:
    """Servers that cannot write stop; a stack that is started with less is refused."""
    free = shutil.disk_usage(settings.home).free
    return Measurement(
        free >= MIN_FREE_BYTES, f"{free / 1024**2:,.0f} MiB are free for {settings.home}", {"free_bytes": free}
    )


PIPELINE_CHECKS = [freshness, consumer_lag, quarantine_share, replica_delay, watermark_age, lineage_adds_up, free_disk]
