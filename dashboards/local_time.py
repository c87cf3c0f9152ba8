"""Instants as the clock on the wall showed them: each row in its own zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd


def to_local(instants: pd.Series, zones: pd.Series) -> pd.Series:
    """UTC instants as local times without a zone, each by the IANA zone of its row; empty stays empty."""
    local = pd.Series(pd.NaT, index=instants.index, dtype="datetime64[us]")
    for zone, rows in zones.groupby(zones).groups.items():
        local.loc[rows] = instants.loc[rows].dt.tz_convert(str(zone)).dt.tz_localize(None).astype("datetime64[us]")
    return local


def clock(instant: datetime | pd.Timestamp, zone: ZoneInfo) -> str:
    """The time of day at this zone, `08:05`."""
    return instant.astimezone(zone).strftime("%H:%M")
