"""A server whose connections are all in use is one that does not answer."""

import pytest
from sqlalchemy import QueuePool, create_engine, text

from timecontrol.serving.servers import NotAnswered, Server


def test_a_reader_that_gets_no_connection_may_ask_another_server() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01)
    server = Server("replica", engine)
    with engine.connect(), pytest.raises(NotAnswered, match="in use"):
        server.ask(lambda connection: connection.execute(text("select 1")).scalar_one())
    assert server.ask(lambda connection: connection.execute(text("select 1")).scalar_one()) == 1
