"""Where a browser goes after it signed in: back to where it wanted to go, and never out of the workbench."""

from urllib.parse import urlsplit


def own_page(path: str) -> str:
    """The path if it is one of our own pages, otherwise the portfolio."""
    parts = urlsplit(path)
    leads_out = parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//")
    is_strange = "\\" in path or any(ord(sign) < 0x20 for sign in path)
    return "/" if leads_out or is_strange or path.startswith("/sign-in") else path
