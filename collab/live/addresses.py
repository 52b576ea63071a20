"""What each address has: sockets that are open, rooms that it made lately. In this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Network, ip_address

from collab.errors import PeerError
from collab.live.pace import Bucket
from collab.room.state import Limits

_HOUR = 3600.0
_MANY = 10_000
"""Addresses remembered before those are forgotten that made no room lately."""


class Addresses:
    """Counts by address. One household's IPv6 addresses, a /64, are one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sockets: Counter[str] = Counter()
        self._rooms: dict[str, Bucket] = {}

    @contextmanager
    def socket(self, host: str) -> Iterator[None]:
        """Count a socket while it is open. Raises PeerError when there are too many."""
        address, most = _household(host), self._limits.sockets_per_address
        if most and self._sockets[address] >= most:
            raise PeerError(
                "too_many_sockets",
                f"The limit is {most} open connections from your address.",
                close=4429,
            )
        self._sockets[address] += 1
        try:
            yield
        finally:
            self._sockets[address] -= 1
            if not self._sockets[address]:
                del self._sockets[address]

    def create_room(self, host: str, now: float) -> float:
        """Count a room, and give 0; or the seconds until this address may make another."""
        address, most = _household(host), self._limits.rooms_per_address
        bucket = self._rooms.get(address)
        if bucket is None:
            self._forget(now)
            bucket = self._rooms[address] = Bucket(most / _HOUR, most, now)
        wait = bucket.wait(1, now)
        if not wait:
            bucket.take(1, now)
        return wait

    def _forget(self, now: float) -> None:
        if len(self._rooms) >= _MANY:
            self._rooms = {
                a: bucket for a, bucket in self._rooms.items() if not bucket.is_full(now)
            }


def _household(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host  # a socket of this machine has none
    return str(IPv6Network((int(address), 64), strict=False)) if address.version == 6 else host
