"""Where the hosts lie that the server itself asks, and which of these places everybody can reach."""

import ipaddress
import socket

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def host_addresses(host: str) -> frozenset[IpAddress]:
    """Every address of a host, however it is written; none for a host that is not known."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return frozenset()
    return frozenset(_innermost(ipaddress.ip_address(str(each[4][0]))) for each in found)


def is_public(address: IpAddress) -> bool:
    """True for an address that everybody can reach: none of this machine, of private networks, of neighbours."""
    inner = _innermost(address)
    return inner.is_global and not inner.is_multicast


def _innermost(address: IpAddress) -> IpAddress:
    """The IPv4 address inside an IPv6 one that only wraps it: that is where a request arrives."""
    return getattr(address, "ipv4_mapped", None) or address
