"""How much a request may carry: counted while it comes, so that nothing too large reaches the disk."""

from collections.abc import Callable
from contextlib import suppress

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from millrace.errors import MillraceError

LARGEST_FORM_BYTES = 2 * 2**20
"""A request that carries no export."""


class UploadTooLarge(MillraceError):
    """A request carries more than its address takes."""

    slug = "upload-too-large"

    def __init__(self, largest_bytes: int) -> None:
        """Say how much may be sent, and what to do."""
        super().__init__(
            f"This is larger than the {largest_bytes // 2**20:,} MB that may be sent here. "
            "Export less, or pack it with gzip."
        )


class LimitBodies:
    """Refuses what is larger than an export may be, and on all other addresses what is larger than a form."""

    def __init__(
        self, app: ASGIApp, largest_upload_bytes: int, refusal: Callable[[Request, MillraceError], Response]
    ) -> None:
        """Let at most `largest_upload_bytes` through to the addresses that take exports; answer others `refusal`."""
        self._app, self._largest, self._refusal = app, largest_upload_bytes, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._largest if _takes_exports(scope["path"]) else LARGEST_FORM_BYTES
        too_large = UploadTooLarge(limit)
        promised = dict(scope["headers"]).get(b"content-length", b"0")
        if promised.isdigit() and int(promised) > limit:
            await self._refuse(too_large, scope, receive, send)
            return
        n_bytes, has_answered = 0, False

        async def counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > limit:
                raise too_large
            return message

        async def noted(message: Message) -> None:
            nonlocal has_answered
            if n_bytes > limit and not has_answered:
                return  # whoever reads a form takes the break for one that is written badly, and says so
            has_answered = True
            await send(message)

        with suppress(UploadTooLarge):
            await self._app(scope, counted, noted)
        if n_bytes > limit and not has_answered:
            await self._refuse(too_large, scope, receive, send)

    async def _refuse(self, error: UploadTooLarge, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await run_in_threadpool(self._refusal, Request(scope), error)
        await answer(scope, receive, send)


def _takes_exports(path: str) -> bool:
    return path.startswith(("/sources", "/api/v1/sources"))
