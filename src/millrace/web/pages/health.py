"""Whether the server is well, for what watches it. It tells everybody, and says nothing that is not for everybody."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from millrace.web.security.gate import Bench, Everybody

router = APIRouter()


@router.get("/healthz")
def show_health(_: Everybody, bench: Bench) -> JSONResponse:
    """200 where the database answers and the folder can be written to, else 503 and what is wrong."""
    ailments = bench.ailments()
    return JSONResponse({"status": "ill" if ailments else "well", "because": ailments}, 503 if ailments else 200)
