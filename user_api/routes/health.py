"""Whether the API runs, and whether it can do all of its work."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool

from timecontrol.contracts.errors import Transient
from timecontrol.warehouse.core_store import transaction
from user_api.services import Services, ServicesOf

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> dict[str, str]:
    """The process runs and answers."""
    return {"status": "live"}


@router.get("/ready")
async def ready(services: ServicesOf) -> JSONResponse:
    """Which servers answer. 200 while punches can be accepted into the Write Redis and people can sign in, else 503."""
    buffer, postgres = await asyncio.gather(services.intake.answers(), run_in_threadpool(_postgres_answers, services))
    status = {"write_redis": buffer, "postgres": postgres}
    return JSONResponse({"ready": all(status.values())} | status, 200 if all(status.values()) else 503)


def _postgres_answers(services: Services) -> bool:
    try:
        with transaction(services.engine) as session:
            session.execute(text("select 1"))
    except Transient:
        return False
    return True
