"""Which names the server answers to: a page of elsewhere may give its own name this machine's address."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class KnownHosts:
    """Refuses requests that name another host than those the server is known by."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        """Answer to `hosts` only; to any, where they are None."""
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the header Host, whatever its port."""
        if scope["type"] == "http" and self._hosts is not None:
            named = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
            if without_port(named).lower() not in self._hosts:
                await PlainTextResponse("Millrace is not known by this name here.", 421)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def without_port(host: str) -> str:
    """`localhost:8017` → `localhost`, `[::1]:8017` → `[::1]`."""
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
