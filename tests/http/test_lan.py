"""The address that a page on this machine may offer to others."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import httpx
import pytest

from collab.pages.lan import lan_address


def test_a_server_that_listens_to_this_machine_alone_has_no_address_for_others(
    http: httpx.Client,
) -> None:
    assert http.get("/lan").json() == {"address": None}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_an_address_that_is_no_wildcard_is_the_operators_own_choice(host: str) -> None:
    assert lan_address(host) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_server_that_listens_everywhere_has_an_address_of_this_machine(host: str) -> None:
    address = lan_address(host)
    if address is None:
        pytest.skip("this machine is in no network")
    assert not ip_address(address).is_loopback
    with socket.create_server((address, 0)):
        pass  # the address is this machine's own
