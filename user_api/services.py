"""What the routes work with, opened once for the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import Depends, Request, Response
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from timecontrol.clock import Clock, SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.serving.document_cache import DocumentCache
from timecontrol.serving.documents import DocumentStore
from timecontrol.serving.read_cache import ReadCache
from timecontrol.serving.reads import Reads, write_position
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import Settings
from timecontrol.warehouse.core_store import core_engine, driver, transaction
from user_api.intake import Intake
from user_api.journal import Journal
from user_api.live_state import LiveStates
from user_api.sign_in_limit import SignInLimit
from user_api.token_check import TokenCheck

log = structlog.get_logger()

#: Header of an answer to a write, and of a read that must see it.
WRITE_POSITION = "X-Write-Position"
READ_AFTER = "X-Read-After"


@dataclass(frozen=True)
class Services:
    """Connections and settings of the process; nothing connects before it is used."""

    settings: Settings
    clock: Clock
    engine: Engine
    tokens: TokenCheck
    intake: Intake
    live: LiveStates
    journal: Journal
    reads: Reads
    cache: ReadCache
    documents: DocumentStore
    document_cache: DocumentCache
    sign_ins: SignInLimit

    async def close(self) -> None:
        """Close all connections."""
        await self.intake.close()
        await self.live.close()
        self.reads.close()
        self.documents.close()
        self.engine.dispose()


def open_services(settings: Settings) -> Services:
    """The services of this process; close them at its end."""
    engine = core_engine(settings)
    clock = SystemClock()
    reads = Reads(settings)
    redis = read_redis(settings)
    return Services(
        settings=settings,
        clock=clock,
        engine=engine,
        tokens=TokenCheck(engine, settings.secrets.token_signing.get_secret_value().encode(), clock),
        intake=Intake(settings),
        live=LiveStates(settings),
        journal=Journal(settings.home),
        reads=reads,
        cache=ReadCache(reads, redis),
        documents=DocumentStore(settings, clock),
        document_cache=DocumentCache(redis),
        sign_ins=SignInLimit(redis),
    )


def services_of(request: Request) -> Services:
    """The services that the application was made with."""
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


@contextmanager
def writing(services: Services, response: Response) -> Iterator[Session]:
    """A transaction of the User Core; the answer then says behind which position of the log it lies.

    A client that sends the position back (`X-Read-After`) reads its own write. Without one the write is done all the same.
    """
    with transaction(services.engine) as session:
        yield session
    try:
        with transaction(services.engine) as session:
            response.headers[WRITE_POSITION] = write_position(driver(session))
    except Transient as away:
        log.warning("write_position_not_read", error=str(away))


ServicesOf = Annotated[Services, Depends(services_of)]
