"""Where a page says that its numbers come from."""

from datetime import UTC, datetime

from dashboards.provenance import sentence
from timecontrol.serving.result import Computed, Origin, Result

RUN = Computed(7, 4711, datetime(2026, 11, 24, 8, tzinfo=UTC))
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
