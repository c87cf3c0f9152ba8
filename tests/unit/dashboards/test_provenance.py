"""Where a page says that its numbers come from."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from dashboards import provenance
from dashboards.data import Data
from dashboards.provenance import sentence
from timecontrol.clock import FixedClock
from timecontrol.serving.read_cache import ReadCache
from timecontrol.serving.reads import Reads
from timecontrol.serving.result import Computed, Origin, Result
from timecontrol.settings import Settings

RUN = Computed(7, 4711, datetime(2026, 11, 24, 8, tzinfo=UTC))
NEXT = Computed(8, 4712, datetime(2026, 11, 24, 8, 1, tzinfo=UTC))
OVERTAKEN = Computed(7, 4711, datetime(2026, 11, 24, 8, tzinfo=UTC), is_overtaken=True)
BEGUN = (
    "a newer run is under way or has failed: these numbers are of the run before, some may be the newer one's already"
)


def result(computed: Computed | None, origin: Origin = "replica", age: float = 2.0) -> Result:
    return Result((), (), origin, age, computed)


def test_a_page_names_its_run_and_who_answered() -> None:
    assert sentence((result(RUN), result(RUN, "cache", 0.0))) == (
        "Computed 2026-11-24 08:00:00 UTC (run 7, watermark 4711) · "
        "read from the cache of this run and the replica, 2 s behind"
    )
    assert sentence((result(None, "primary", 0.0),)).startswith("Nothing has been computed yet · read from the primary")


def test_a_run_that_was_overtaken_is_said_to_be() -> None:
    assert BEGUN not in sentence((result(RUN),))
    assert f"(run 7, watermark 4711) · {BEGUN} · read from" in sentence((result(RUN), result(OVERTAKEN, "primary")))


def test_a_page_that_was_read_across_the_end_of_a_run_names_both() -> None:
    assert sentence((result(NEXT), result(RUN, "cache"))).startswith(
        "Computed 2026-11-24 08:01:00 UTC (run 8, watermark 4712) · some numbers are still of run 7: load the page again · "
    )


def a_page() -> None:
    import streamlit as st  # noqa: PLC0415  the page is run from its source alone

    from dashboards import provenance  # noqa: PLC0415
    from tests.unit.dashboards.test_provenance import OVERTAKEN, RUN, result  # noqa: PLC0415

    with provenance.noted() as note:
        provenance.keep(result(RUN, "cache"))
        st.caption("the numbers")
        note.before = "Two people."
        provenance.keep(result(OVERTAKEN, "primary"))
    provenance.keep(result(RUN))


def test_the_sentence_at_the_top_is_of_all_that_is_read_below_it() -> None:
    app = AppTest.from_function(a_page).run()
    assert not app.exception
    said, below = (caption.value for caption in app.caption)
    assert said.startswith("Two people. Computed 2026-11-24 08:00:00 UTC (run 7, watermark 4711) · " + BEGUN)
    assert said.endswith("read from the cache of this run and the primary, because the replica is down or late")
    assert below == "the numbers"


def test_what_pages_read_is_kept_for_their_sentence(
    monkeypatch: pytest.MonkeyPatch, settings_with_secrets: Settings
) -> None:
    monkeypatch.setattr(ReadCache, "page", lambda *_: result(RUN))
    monkeypatch.setattr(Reads, "fetch", lambda *_: result(OVERTAKEN))
    reader = Data(settings_with_secrets, FixedClock(RUN.now_at))
    with provenance.collected() as results:
        reader.read(select())
        reader.periods()
        reader.totals_of_period("2026-10")
    # Payroll's tables are filled from a run that succeeded, in one transaction: nothing of a later one is in them.
    assert results == [result(RUN)] * 3
