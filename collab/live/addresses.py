"""Counts the open sockets, traffic, new rooms and log bytes of each address in this process."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from collab.errors import PeerError
from collab.live.bucket import AT_ONCE, Bucket
from collab.live.limits import ServerLimits

_HOUR = 3600.0
_LOG_AT_ONCE = 900.0
"""Seconds. An address may write the log bytes of this much time in one go."""
_MANY = 10_000
"""The number of remembered addresses above which the idle ones are forgotten."""


class Account:
    """The budgets of one address."""

    def __init__(self, limits: ServerLimits, now: float) -> None:
        self.sockets = 0
        self.rooms = Bucket(limits.rooms_per_address / _HOUR, limits.rooms_per_address, now)
        self.log = log_budget(limits.log_bytes_per_address, now)
        self._frames = Bucket(limits.frames_per_address, limits.frames_per_address * AT_ONCE, now)
        self._bytes = Bucket(limits.bytes_per_address, limits.bytes_per_address * AT_ONCE, now)
        self._told = Bucket(limits.bytes_per_address, limits.bytes_per_address * AT_ONCE, now)
        self._held = 0
        # One whole message must fit in any case.
        most = limits.held_per_address
        self._most_held = max(most, limits.largest_message) if most else 0

    def take(self, frames: float, size: int, now: float) -> float:
        """Charge frames of `size` bytes in all. Returns the seconds until more may be read."""
        return max(self._frames.take(frames, now), self._bytes.take(size, now))

    def tell(self, size: int, now: float) -> float:
        """Charge bytes that plain clients are sent. Returns the seconds until more may be sent."""
        return self._told.take(size, now)

    def hold(self, size: int) -> None:
        """Add to the bytes of unfinished messages and bodies in memory; a negative size takes away.

        Raises PeerError when there are too many. The bytes are counted all the same.
        """
        self._held += size
        if size > 0 and self._most_held and self._held > self._most_held:
            raise PeerError(
                "too_much_unfinished",
                f"Unfinished messages and requests from your address hold more than"
                f" {self._most_held} bytes, the limit.",
                close=4429,
            )

    def is_idle(self, now: float) -> bool:
        """Return whether the account can be forgotten without changing any limit."""
        return not self.sockets and not self._held and self._are_full(now)

    def _are_full(self, now: float) -> bool:
        buckets = (self.rooms, self.log, self._frames, self._bytes, self._told)
        return all(bucket.is_full(now) for bucket in buckets)


class Addresses:
    """Keeps the accounts by address. One household's IPv6 addresses, a /64, share one."""

    def __init__(self, limits: ServerLimits) -> None:
        self._limits = limits
        self._accounts: dict[str, Account] = {}

    def account(self, host: str, now: float) -> Account:
        """Return the account of an address."""
        address = household(host)
        account = self._accounts.get(address)
        if account is None:
            self._forget(now)
            account = self._accounts[address] = Account(self._limits, now)
        return account

    def open_socket(self, host: str, now: float) -> Account:
        """Count a socket, and return the account of its address. Raises PeerError when there are
        too many. Whoever calls this takes the socket off `sockets` when it closes."""
        account, most = self.account(host, now), self._limits.sockets_per_address
        if most and account.sockets >= most:
            raise PeerError(
                "too_many_sockets",
                f"The limit is {most} open connections from your address.",
                close=4429,
            )
        account.sockets += 1
        return account

    def create_room(self, host: str, now: float) -> float:
        """Count a new room and return 0, or return the seconds until this address may make one."""
        bucket = self.account(host, now).rooms
        wait = bucket.wait(1, now)
        if not wait:
            bucket.take(1, now)
        return wait

    def _forget(self, now: float) -> None:
        if len(self._accounts) >= _MANY:
            self._accounts = {
                a: account for a, account in self._accounts.items() if not account.is_idle(now)
            }


def log_budget(bytes_an_hour: int, now: float) -> Bucket:
    """Make a budget of bytes for the log."""
    rate = bytes_an_hour / _HOUR
    return Bucket(rate, rate * _LOG_AT_ONCE, now)


def parse_address(host: str) -> IPv4Address | IPv6Address | None:
    """Parse an IP address; one of IPv4 inside IPv6 becomes IPv4. None where it is no address."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def household(host: str) -> str:
    """Return what stands for an address where tries are counted: itself, or an IPv6 /64."""
    address = parse_address(host)
    if address is None:
        return host  # a socket of this machine has none
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), 64), strict=False))
    return str(address)
