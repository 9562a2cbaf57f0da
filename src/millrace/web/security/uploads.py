"""How much a request may carry: counted while it comes, so that nothing too large reaches the disk."""

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_FORM_BYTES = 2 * 2**20
"""A request that carries no export."""


class _TooLarge(Exception):
    pass


class LimitBodies:
    """Refuses what is larger than an export may be, and on all other addresses what is larger than a form."""

    def __init__(self, app: ASGIApp, largest_upload_bytes: int) -> None:
        """Let at most `largest_upload_bytes` through to the addresses that take exports."""
        self._app, self._largest = app, largest_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._largest if _takes_exports(scope["path"]) else LARGEST_FORM_BYTES
        promised = dict(scope["headers"]).get(b"content-length", b"0")
        if promised.isdigit() and int(promised) > limit:
            await _refusal(scope["path"], limit)(scope, receive, send)
            return
        n_bytes, has_answered = 0, False

        async def counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > limit:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal has_answered
            has_answered = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLarge:
            if not has_answered:
                await _refusal(scope["path"], limit)(scope, receive, send)


def _takes_exports(path: str) -> bool:
    return path.startswith(("/sources", "/api/v1/sources"))


def _refusal(path: str, limit: int) -> Response:
    sentence = (
        f"This is larger than the {limit // 2**20:,} MB that may be sent here. Export less, or pack it with gzip."
    )
    if path.startswith("/api/"):
        problem = {"type": "urn:millrace:upload-too-large", "title": "Too large", "status": 413, "detail": sentence}
        return JSONResponse(problem, 413, media_type="application/problem+json")
    return PlainTextResponse(sentence, 413)
