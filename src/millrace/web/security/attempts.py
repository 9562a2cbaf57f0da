"""How often one may try to sign in: by address and by place, so that passwords cannot be guessed."""

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from millrace.errors import MillraceError

_PER_ADDRESS = RateLimitItemPerMinute(5, 5)
_PER_PLACE = RateLimitItemPerMinute(30, 5)


class TooManyAttempts(MillraceError):
    """Somebody tries again and again."""

    slug = "too-many-attempts"

    def __init__(self) -> None:
        """Say how long to wait."""
        super().__init__("Too many attempts to sign in. Wait five minutes and try again.")


class Attempts:
    """Counts attempts over the last five minutes."""

    def __init__(self) -> None:
        """Begin with none."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, request: Request, address: str) -> None:
        """Count an attempt. Raises TooManyAttempts."""
        if not self._limiter.hit(_PER_PLACE, "place", place_of(request)):
            raise TooManyAttempts
        if not self._limiter.hit(_PER_ADDRESS, "address", address.strip().lower()):
            raise TooManyAttempts

    def forget(self, address: str) -> None:
        """Who signed in begins anew."""
        self._limiter.clear(_PER_ADDRESS, "address", address.strip().lower())


def place_of(request: Request) -> str:
    """Where a request comes from: behind a proxy of this machine, what that says (uvicorn has looked at it)."""
    return request.client.host if request.client else ""


def attempts_of(request: Request) -> Attempts:
    """The attempts at this server."""
    attempts: Attempts = request.app.state.attempts
    return attempts
