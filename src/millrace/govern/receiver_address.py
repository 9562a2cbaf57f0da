"""Addresses of receivers: which services they may name, what of them may be shown, and where they must not lead."""

import ipaddress
import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from millrace.errors import MillraceError
from millrace.govern.host_addresses import IpAddress, host_addresses, is_public

ALLOWED_VARIABLE = "MILLRACE_PRIVATE_RECEIVERS"
"""Environment variable of the server: private hosts and networks, separated by commas, that notices may go to."""
SERVICES = frozenset({
    "mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "slack", "workflow", "workflows", "msteams",
    "discord", "ntfy", "ntfys", "gotify", "gotifys", "mmost", "mmosts", "rocket", "rockets", "tgram", "wxteams",
    "gchat", "matrix", "matrixs", "pagerduty", "opsgenie",
})  # fmt: skip
"""Services that do nothing but send over the network; others read files of the server or act on it."""
_READS_FILES = frozenset({"template", "pgpkey", "pgp", "keyfile"})


class AddressNotUsable(MillraceError):
    """The address of a receiver is not understood, or notices must not go there."""

    slug = "receiver-address-not-usable"

    def __init__(self, why: str) -> None:
        """Say why, without the address: it is a secret."""
        super().__init__(f"Notices cannot go to this address: {why}.")


def receiver(address: str) -> Any:
    """What sends to an address (an Apprise plugin). Raises AddressNotUsable."""
    from apprise import Apprise

    scheme = address.partition("://")[0].strip().lower()
    if scheme not in SERVICES:
        raise AddressNotUsable(
            "it has to begin with a service such as mailto://, slack://, workflows:// (Teams) or jsons:// (a webhook)"
        )
    if _READS_FILES & {name.lstrip("+-:").lower() for name, _ in parse_qsl(urlsplit(address).query)}:
        raise AddressNotUsable("it names a file of the server")
    found = Apprise.instantiate(address.strip(), suppress_exceptions=True)
    if found is None:
        raise AddressNotUsable(f"the part after {scheme}:// is not what that service needs")
    # A server that is allowed could lead on to one that is not.
    found.redirects = False
    _refuse_private({host for host in (getattr(found, "host", None), getattr(found, "smtp_host", None)) if host})
    return found


def shown_address(address: str) -> str:
    """What of an address may be shown: its service and its last signs."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://…{rest[-4:]}" if len(rest) > 12 else f"{scheme}://…"


def _refuse_private(hosts: Iterable[str]) -> None:
    """A host that is not known passes: for Slack and its like, a token stands in its place."""
    allowed = [each.strip() for each in os.environ.get(ALLOWED_VARIABLE, "").split(",") if each.strip()]
    for host in hosts:
        if host in allowed:
            continue
        for address in host_addresses(host):
            if not is_public(address) and not any(_lies_in(address, each) for each in allowed):
                raise AddressNotUsable(
                    f"it leads into a private network. Whoever runs the server can allow the host in {ALLOWED_VARIABLE}"
                )


def _lies_in(address: IpAddress, network: str) -> bool:
    try:
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
