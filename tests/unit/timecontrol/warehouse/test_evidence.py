"""What PostgreSQL knows of events, however many are asked for."""

from unittest.mock import Mock
from uuid import UUID

from timecontrol.warehouse.evidence import IDS_AT_ONCE, committed_ids


def test_no_statement_asks_for_more_ids_than_it_answers_in_time() -> None:
    asked: list[int] = []

    def execute(_statement: str, parameters: tuple[list[UUID]]) -> list[tuple[UUID]]:
        asked.append(len(parameters[0]))
        return [(event_id,) for event_id in parameters[0] if event_id.int % 2 == 0]

    found = committed_ids(Mock(execute=execute), (UUID(int=number) for number in range(IDS_AT_ONCE + 2)))
    assert asked == [IDS_AT_ONCE, 2]
    assert found == {UUID(int=number) for number in range(0, IDS_AT_ONCE + 2, 2)}
