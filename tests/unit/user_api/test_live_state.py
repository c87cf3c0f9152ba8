"""What the API shows of a live state as time passes."""

from datetime import UTC, datetime

from user_api.live_state import LiveState, shown

FOUND = {
    "state": "break",
    "since": "2026-03-02T12:00:00+00:00",
    "session_since": "2026-03-02T08:00:00+00:00",
    "counts_until": "2026-03-03T00:00:00+00:00",
    "break_type": "meal",
    "site_id": "",
}


def test_who_is_in_for_longer_than_any_shift_is_out() -> None:
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert (shown(FOUND, midnight).state, shown(FOUND, midnight).site_id) == ("break", None)
    assert shown(FOUND, midnight.replace(second=1)) == LiveState(state="out")


def test_who_never_punched_is_out() -> None:
    assert shown({}, datetime(2026, 3, 3, tzinfo=UTC)) == LiveState(state="out")
