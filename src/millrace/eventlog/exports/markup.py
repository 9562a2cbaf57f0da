"""Texts of a log as XML, written by the engine."""

from millrace.eventlog.engine import text as literal

_FORBIDDEN = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{FFFE}\\x{FFFF}]"
_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def escaped(expression: str) -> str:
    """An expression of a text as it may stand in XML; characters that XML forbids become “�”."""
    cell = f"regexp_replace({expression}, {literal(_FORBIDDEN)}, '\ufffd', 'g')"
    for sign, reference in _SIGNS.items():
        cell = f"replace({cell}, {literal(sign)}, {literal(reference)})"
    return cell


def escaped_text(words: str) -> str:
    """A text as it may stand in XML."""
    for sign, reference in _SIGNS.items():
        words = words.replace(sign, reference)
    return "".join("\ufffd" if sign < " " or sign in "\ufffe\uffff" else sign for sign in words)


def instant(expression: str) -> str:
    """An expression of a UTC timestamp, as XML and JSON write it."""
    return f"replace(strftime({expression}, '%Y-%m-%dT%H:%M:%S.%f'), '.000000', '') || 'Z'"
