"""What pages read, where no server is needed to say what is right."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from dashboards import data
from dashboards.data import Data
from timecontrol.clock import FixedClock
from timecontrol.errors import UserError
from timecontrol.serving.exports.period import COLUMNS, Period, in_order
from timecontrol.settings import Settings

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SHOWN, CHANGED = "a" * 64, "b" * 64


def test_a_period_that_changed_since_it_was_shown_is_no_download(
    monkeypatch: pytest.MonkeyPatch, settings_with_secrets: Settings
) -> None:
    lines = in_order(pd.DataFrame([], columns=COLUMNS))
    period = Period("2026-10", date(2026, 10, 1), date(2026, 10, 31), 101, CHANGED, lines)
    monkeypatch.setattr(data, "read_period", lambda *_: period)
    reader = Data(settings_with_secrets, FixedClock(NOW))
    with pytest.raises(UserError, match=r"2026-10 has changed .* load it again"):
        reader.export("2026-10", "csv", SHOWN)
    assert reader.export("2026-10", "csv", CHANGED).startswith(b"employee_id,workday,")
