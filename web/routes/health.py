"""Whether this process is alive and its database answers; for a load balancer or an operator."""

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from web.deps import ReaderDep

router = APIRouter()


@router.get("/health", name="health")
def health(session: ReaderDep) -> Response:
    """Say that the process serves and the database answers; 503 comes from the error page."""
    session.execute(sa.text("select 1"))
    return JSONResponse({"ok": True})
