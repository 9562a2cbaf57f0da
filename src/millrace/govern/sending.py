"""Sending a notice once: it arrives, or it is said why not."""

import logging
import re
from urllib.parse import quote

from millrace.errors import MillraceError
from millrace.govern.receiver_address import receiver

KEY_HEADER = "Idempotency-Key"
_WEBHOOKS = ("json", "xml", "form")


class NotSent(MillraceError):
    """A receiver did not take a notice."""

    slug = "notice-not-sent"

    def __init__(self, why: str) -> None:
        """Say why, without the address."""
        super().__init__(f"The notice was not taken: {why}.")


def send(address: str, title: str, body: str, key: str) -> None:
    """Send a notice to an address. Raises AddressNotUsable, NotSent.

    `key` is the same however often the notice is sent: webhooks get it as the header `Idempotency-Key`, all others in
    the last line of the body.
    """
    import apprise

    if address.startswith(_WEBHOOKS):
        address = f"{address}{'&' if '?' in address else '?'}+{KEY_HEADER}={quote(key)}"
    sender = receiver(address)
    with apprise.LogCapture(level=logging.WARNING) as said:  # type: ignore[no-untyped-call]
        arrived = sender.notify(body=f"{body}\n\n{key}", title=title)
        why = said.getvalue()
    if not arrived:
        raise NotSent(_why(why))


def _why(said: str) -> str:
    """What the service answered; nothing else of what was logged, which may hold the address."""
    status = re.search(r"error=(\d+)", said)
    return f"the receiver answered with status {status[1]}" if status else "the receiver could not be reached"
