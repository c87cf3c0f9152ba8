"""What the doors write is what a real device writes."""

from datetime import UTC, datetime

import pytest

from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import check_instant, parse, to_json
from timecontrol.simulator.company import SITES
from timecontrol.simulator.doors.device_file import DAMAGED_LINES, attlog, attlog_line
from timecontrol.simulator.doors.terminal import event_of, faulty_records
from timecontrol.simulator.plan import make_plan

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
PLAN = make_plan(employees=40, days=7, seed=11, mess="normal", now=NOW)


def test_a_terminal_sends_the_local_instant_with_its_offset() -> None:
    punch = PLAN.through("terminal")[0]
    event = parse(to_json(event_of(punch, "terminal")))
    assert event.occurred_at == punch.at
    assert event.occurred_at.utcoffset() == punch.at.astimezone(punch.person.site.zone).utcoffset()
    assert (event.event_id, event.site_id) == (punch.event_id, punch.person.site.site_id)


def test_an_attlog_line_is_as_the_terminal_writes_it() -> None:
    assert attlog_line("126", datetime(2020, 1, 7, 10, 34, 8), 0) == "      126\t2020-01-07 10:34:08\t1\t0\t1\t0"  # noqa: DTZ001  attlog holds local wall clock time


def test_a_longer_dump_begins_with_the_shorter_one() -> None:
    berlin = SITES[2]
    punches = PLAN.through("device_file")
    shorter, longer = attlog(punches[:50], berlin, damaged=False), attlog(punches, berlin, damaged=True)
    assert longer.startswith(shorter)
    assert len(longer.splitlines()) == len(punches) + len(DAMAGED_LINES) + 1


def test_every_faulty_record_is_refused_or_contradicts_its_original() -> None:
    sample = event_of(PLAN.through("terminal")[0], "terminal")
    codes = []
    for _, value in faulty_records(11, sample):
        try:
            event = parse(value)
            check_instant(event, NOW)
            codes.append(
                "voids" if event.voids else "other content" if event.event_id == sample.event_id else "accepted"
            )
        except Rejected as refused:
            codes.append(refused.code)
    assert codes == [
        "invalid_field", "far_future", "before_2000", "invalid_field", "voids", "unknown_field", "malformed_json",
        "malformed_json", "other content",
    ]  # fmt: skip


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.site_id)
def test_each_site_has_a_terminal_of_its_own(site: object) -> None:
    assert sum(other == site for other in SITES) == 1
