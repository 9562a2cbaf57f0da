"""Where a host lies decides whether the server may ask it, however its address is written."""

from ipaddress import ip_address

import pytest

from millrace.govern.host_addresses import host_addresses, is_public


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0",
     "224.0.0.1", "fe80::1%lo"],
)  # fmt: skip
def test_addresses_inside_the_network_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9"])
def test_addresses_that_everybody_reaches_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f000001", "[::ffff:127.0.0.1]"])
def test_one_place_written_in_several_ways_is_one_address(host: str) -> None:
    assert host_addresses(host) == {ip_address("127.0.0.1")}


@pytest.mark.parametrize("host", ["nobody.invalid", "a" * 64 + ".example"])
def test_a_host_that_is_not_known_lies_nowhere(host: str) -> None:
    assert host_addresses(host) == frozenset()
