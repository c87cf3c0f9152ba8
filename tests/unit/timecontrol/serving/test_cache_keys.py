"""Names of the cache's keys."""

from datetime import date

from sqlalchemy import select

from timecontrol.serving.cache_keys import keys_of_week, page_key
from timecontrol.warehouse.marts import Workday


def test_a_week_has_a_day_and_a_week_key_for_each_of_its_days() -> None:
    keys = keys_of_week("E1", date(2026, 11, 23))
    assert len(keys) == 14
    assert keys[:2] == ["hours:E1:day:2026-11-23", "hours:E1:week:2026-11-23"]
    assert keys[-1] == "hours:E1:week:2026-11-29"


def test_the_key_of_a_page_follows_run_statement_and_values() -> None:
    def of(run: int, *employees: str) -> str:
        return page_key(run, select(Workday.workday).where(Workday.employee_id.in_(employees)), {})

    assert of(1, "E1") == of(1, "E1")
    assert len({of(1, "E1"), of(2, "E1"), of(1, "E2"), of(1, "E1", "E2")}) == 4
