"""Limits for one address, on a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from collab.errors import PeerError
from collab.live.addresses import Addresses
from collab.live.limits import ServerLimits

NOW = 5.0


@contextmanager
def socket_of(addresses: Addresses, host: str) -> Iterator[None]:
    account = addresses.open_socket(host, NOW)
    yield
    account.sockets -= 1


def test_sockets_are_counted_while_they_are_open() -> None:
    addresses = Addresses(ServerLimits(sockets_per_address=2))
    with socket_of(addresses, "192.0.2.1"), socket_of(addresses, "192.0.2.2"):
        with socket_of(addresses, "192.0.2.1"):
            with (
                pytest.raises(PeerError, match="limit is 2 open") as told,
                socket_of(addresses, "192.0.2.1"),
            ):
                pass
            assert (told.value.code, told.value.close) == ("too_many_sockets", 4429)
        with socket_of(addresses, "192.0.2.1"):
            pass


def test_the_addresses_of_one_household_are_one() -> None:
    addresses = Addresses(ServerLimits(sockets_per_address=1))
    with (
        socket_of(addresses, "2001:db8::1"),
        socket_of(addresses, "2001:db8:0:1::1"),
        pytest.raises(PeerError),
        socket_of(addresses, "2001:db8::ffff:2"),
    ):
        pass


def test_an_ipv4_address_is_one_also_when_ipv6_carries_it() -> None:
    addresses = Addresses(ServerLimits(sockets_per_address=1))
    with (
        socket_of(addresses, "192.0.2.1"),
        socket_of(addresses, "::ffff:192.0.2.2"),
        pytest.raises(PeerError),
        socket_of(addresses, "::ffff:192.0.2.1"),
    ):
        pass


def test_rooms_come_back_with_time() -> None:
    addresses = Addresses(ServerLimits(rooms_per_address=60))
    assert [addresses.create_room("192.0.2.1", NOW) for _ in range(60)] == [0.0] * 60
    assert addresses.create_room("192.0.2.1", NOW) == pytest.approx(60)
    assert addresses.create_room("192.0.2.2", NOW) == 0
    # To be refused costs nothing.
    assert addresses.create_room("192.0.2.1", NOW + 59) == pytest.approx(1)
    assert addresses.create_room("192.0.2.1", NOW + 61) == 0


def test_zero_is_no_limit() -> None:
    addresses = Addresses(ServerLimits(sockets_per_address=0, rooms_per_address=0))
    assert {addresses.create_room("", NOW) for _ in range(1000)} == {0.0}
    with ExitStack() as stack:
        for _ in range(1000):
            stack.enter_context(socket_of(addresses, ""))


@pytest.mark.parametrize("most", [3600, 0])
def test_addresses_that_made_no_room_lately_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("collab.live.addresses._MANY", 10)
    addresses = Addresses(ServerLimits(rooms_per_address=most))
    for number in range(100):
        addresses.create_room(f"192.0.2.{number}", NOW + number)
    assert len(addresses._accounts) <= 10
