"""What every answer tells the browser: load nothing from elsewhere, run nothing inline, be framed by nobody."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HTTPS_ONLY = "max-age=31536000; includeSubDomains"

Next = Callable[[Request], Awaitable[Response]]


def with_headers(*, is_behind_https: bool) -> Callable[[Request, Next], Awaitable[Response]]:
    """Put the headers on every answer; what people see of the workspace is not kept by the browser."""

    async def add_headers(request: Request, answer: Next) -> Response:
        response = await answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_behind_https:
            response.headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
        if not request.url.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return add_headers
