"""A token bucket. Time comes in as an argument, in seconds of one clock."""

from __future__ import annotations

AT_ONCE = 2.0
"""Seconds. The traffic of this much time may come in one go."""


class Bucket:
    """A token bucket: fills at `rate` a second, up to `size`, and may be left in debt.

    A rate of 0 is no limit. Each message takes from several buckets, so `take` is written out.
    """

    __slots__ = ("_at", "_level", "_rate", "_size")

    def __init__(self, rate: float, size: float, now: float) -> None:
        self._rate = rate
        self._size = size
        self._level = size
        self._at = now

    def take(self, amount: float, now: float) -> float:
        """Take an amount. Returns the seconds until the debt is paid; 0 without a debt."""
        rate = self._rate
        self._level = level = min(self._size, self._level + (now - self._at) * rate) - amount
        self._at = now
        return -level / rate if level < 0 and rate else 0.0

    def wait(self, amount: float, now: float) -> float:
        """Return the seconds until an amount may be taken without a debt."""
        self._fill(now)
        missing = amount - self._level
        return missing / self._rate if missing > 0 and self._rate else 0.0

    def cost(self, amount: float) -> float:
        """Return the seconds in which the bucket gains an amount."""
        return amount / self._rate if self._rate else 0.0

    def is_full(self, now: float) -> bool:
        self._fill(now)
        return not self._rate or self._level >= self._size

    def _fill(self, now: float) -> None:
        self._level = min(self._size, self._level + (now - self._at) * self._rate)
        self._at = now
