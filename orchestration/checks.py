"""Checks of the pipeline as a whole; each that fails is an alert. The limits are what a person would call broken."""

from typing import Any

import dagster as dg

from orchestration.alerts import alert
from orchestration.transient import retried
from timecontrol.settings import PostgresRole, Settings
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


def result(
    settings: Settings, name: str, *, passed: bool, measured: str, **metadata: float | str
) -> dg.AssetCheckResult:
    """The check's result; one that failed is an alert."""
    if not passed:
        alert(settings, f"check {name} failed", measured)
    return dg.AssetCheckResult(passed=passed, metadata={"measured": measured, **metadata})


def one(settings: Settings, role: PostgresRole, name: str) -> tuple[Any, ...]:
    """The one row of a statement of `sql/checks.sql`, from the primary."""
    with retried(), connect(settings, role) as connection:
        row = connection.execute(named_sql("checks")[name].for_psycopg()).fetchone()
    assert row is not None  # an aggregate has one row
    return tuple(row)


@dg.asset_check(asset=WORKDAYS)
def freshness(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """No captured punch waits long for its hours."""
    (age,) = one(settings, "operator", "uncomputed_age")
    measured = f"the oldest punch without computed hours waits for {age:,.0f} s"
    return result(settings, "freshness", passed=age <= UNCOMPUTED_SECONDS, measured=measured, age_seconds=age)


@dg.asset_check(asset=PUNCHES)
def consumer_lag(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """Every sink keeps up with its topics."""
    with retried():
        lags = {lag.group: lag.records for lag in group_lags(settings)}
    measured = ", ".join(f"{group} is {records:,} records behind" for group, records in lags.items())
    return result(settings, "consumer_lag", passed=max(lags.values()) <= LAG_RECORDS, measured=measured, **lags)


@dg.asset_check(asset=PUNCHES)
def quarantine_share(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """Few records are refused."""
    quarantined, records = one(settings, "operator", "quarantine_share")
    share = quarantined / records if records else 0.0
    measured = f"{quarantined:,} of {records:,} records of the last 24 hours are in quarantine ({share:.1%})"
    return result(settings, "quarantine_share", passed=share <= QUARANTINE_SHARE, measured=measured, share=share)


@dg.asset_check(asset=WORKDAYS)
def replica_delay(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """The replica that pages read from is up to date."""
    with retried():
        age = replica_age_seconds(settings)
    measured = "the replica has no heartbeat yet" if age is None else f"the replica is {age:,.1f} s behind"
    return result(settings, "replica_delay", passed=age is not None and age <= REPLICA_SECONDS, measured=measured)


@dg.asset_check(asset=PUNCHES)
def watermark_age(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """No transaction holds the watermark back."""
    (age,) = one(settings, "operator", "oldest_writer")
    measured = f"the oldest transaction that writes began {age:,.0f} s ago; no run reads past it"
    return result(settings, "watermark_age", passed=age <= WRITER_SECONDS, measured=measured, age_seconds=age)


@dg.asset_check(asset=PAY_LINES)
def lineage_adds_up(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """Every paid second has its reason: the parts of each pay line add up to it."""
    (gaps,) = one(settings, "operator", "lineage_gaps")
    measured = f"{gaps:,} pay lines differ from the sum of their lineage"
    return result(settings, "lineage_adds_up", passed=gaps == 0, measured=measured, gaps=gaps)


PIPELINE_CHECKS = [freshness, consumer_lag, quarantine_share, replica_delay, watermark_age, lineage_adds_up]
