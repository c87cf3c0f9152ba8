"""What the routes work with, opened once for the process."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from timecontrol.clock import Clock, SystemClock
from timecontrol.settings import Settings
from timecontrol.warehouse.core_store import core_engine
from user_api.intake import Intake
from user_api.journal import Journal
from user_api.live_state import LiveStates
from user_api.token_check import TokenCheck


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

    async def close(self) -> None:
        """Close all connections."""
        await self.intake.close()
        await self.live.close()
        self.engine.dispose()


def open_services(settings: Settings) -> Services:
    """The services of this process; close them at its end."""
    engine = core_engine(settings)
    clock = SystemClock()
    return Services(
        settings=settings,
        clock=clock,
        engine=engine,
        tokens=TokenCheck(engine, settings.secrets.token_signing.get_secret_value().encode(), clock),
        intake=Intake(settings),
        live=LiveStates(settings),
        journal=Journal(settings.home),
    )


def services_of(request: Request) -> Services:
    """The services that the application was made with."""
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


ServicesOf = Annotated[Services, Depends(services_of)]
