"""Limits the speed of one peer. Time comes in as an argument, in seconds of one clock."""

from __future__ import annotations

from collab.errors import PeerError
from collab.live.addresses import Account
from collab.live.bucket import AT_ONCE, Bucket
from collab.live.limits import ServerLimits

_BREATH = 0.1
"""The shortest pause, in seconds. A peer that waits for answers falls silent during it."""


class Patience:
    """Ends the connection of a peer that stays too fast for too long.

    Raises PeerError when it has been too fast for too long, without a moment in between in which
    it had nothing to say.
    """

    def __init__(self, seconds: float, words: str) -> None:
        self._seconds = seconds
        self._words = words
        self._pressed: float | None = None

    @property
    def tried(self) -> bool:
        return self._pressed is not None

    def slow(self, wait: float, now: float) -> float:
        """Slow the peer. Returns the seconds that it has to wait."""
        if self._pressed is None:
            # One large request is fine, since the pause pays for it. A peer that goes on after the
            # pause is too fast.
            self._pressed = now + wait
        elif now - self._pressed > self._seconds:
            raise PeerError("too_fast", self._words, close=4429)
        return max(wait, _BREATH)

    def rest(self) -> None:
        """Note that the peer had nothing to send for a moment."""
        self._pressed = None


class Pace:
    """Limits the messages and bytes of one socket in a second.

    A faster peer is read more slowly, so that TCP holds it back. Only a peer that stays too fast
    for long is sent away.
    """

    def __init__(self, limits: ServerLimits, account: Account, now: float) -> None:
        self.account = account
        self._messages = Bucket(limits.operations, limits.operations * AT_ONCE, now)
        self._bytes = Bucket(limits.bytes, limits.bytes * AT_ONCE, now)
        self._patience = Patience(
            limits.patience,
            f"Too fast for {limits.patience:g} s; the limit is {limits.operations} messages"
            f" and {limits.bytes} bytes a second.",
        )

    def count(self, messages: float, size: int, now: float) -> float:
        """Charge messages of `size` bytes in all. Returns the seconds to wait before they are read.

        Raises PeerError when the peer has been too fast for too long.
        """
        if self._patience.tried and self._rested(now):
            self._patience.rest()
        wait = max(self._messages.take(messages, now), self._bytes.take(size, now))
        return self._patience.slow(wait, now) if wait else 0.0

    def ask(self, messages: float, size: int, now: float) -> float:
        """Charge the cost of an answer. Returns the seconds to wait before more is read."""
        wait = self.count(messages, size, now)
        return max(wait, self.account.take(0, size, now))

    def fell_silent(self) -> None:
        """Note that the peer had nothing to send for a moment."""
        self._patience.rest()

    def _rested(self, now: float) -> bool:
        """Return whether both buckets are full again."""
        return self._messages.is_full(now) and self._bytes.is_full(now)
