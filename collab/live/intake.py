"""What one WebSocket may send in frames of every kind, and how long a message may take to come."""

from __future__ import annotations

from collab.errors import PeerError
from collab.live.addresses import Account
from collab.live.bucket import AT_ONCE, Bucket
from collab.live.pace import Patience
from collab.room.state import Limits

_SILENCE = 0.1
"""Seconds in which nothing comes of a peer that is read, after which it is no flood."""


class Intake:
    """Counts frames and held bytes of a socket, and of its address once `account` is set."""

    def __init__(self, limits: Limits, now: float) -> None:
        self.within = limits.request_within
        self.account: Account | None = None
        self._least_rate = limits.least_rate
        self._frames = Bucket(limits.frames, limits.frames * AT_ONCE, now)
        self._patience = Patience(
            limits.patience,
            f"Too fast for {limits.patience:g} s; the limit is {limits.frames} frames a second.",
        )
        self._silent_since: float | None = None
        self._charged = 0
        self._unfinished = 0
        self._begun: float | None = None

    def count(self, frames: int, size: int, now: float) -> float:
        """So many frames came, `size` bytes in all: seconds to wait before more is read.

        Raises PeerError when the peer has been too fast for too long.
        """
        silent = self._silent_since is not None and now - self._silent_since > _SILENCE
        self._silent_since = None
        if silent or (self._patience.tried and self._frames.is_full(now)):
            self._patience.rest()
        if wait := self._frames.take(frames, now):
            wait = self._patience.slow(wait, now)
        # What others of its address do is not this peer's fault: it waits, but is not sent away.
        return max(wait, self.account.take(frames, size, now)) if self.account else wait

    def wait(self, now: float) -> None:
        """Nothing more has come until now."""
        self._silent_since = now

    def finish(self) -> None:
        """A message has come to its end."""
        self._begun = None

    def hold(self, held: int, unfinished: int, now: float, *, begun: bool) -> None:
        """So many bytes are in memory, so many of them of a message that has `begun` to come.

        Raises PeerError when the peer's address has too many.
        """
        self._unfinished = unfinished
        if not begun:
            self._begun = None
        elif self._begun is None:
            self._begun = now
        if self.account and held != self._charged:
            change, self._charged = held - self._charged, held
            self.account.hold(change)

    def let_go(self) -> None:
        """Nothing is held any more."""
        self._begun = None
        if self.account:
            self.account.hold(-self._charged)
        self._charged = 0

    def late(self, now: float, *, excused: bool) -> float:
        """Seconds until the message that is coming is late, 0 when none is coming.

        It is `excused` while nothing is read of it. Raises PeerError when it is late.
        """
        if self._begun is None:
            return 0.0
        if excused:
            self._begun = now
        due = self._begun + self.within + self._unfinished / self._least_rate
        if now >= due:
            raise PeerError(
                "too_slow",
                f"A message came too slowly; the limit is {self.within} s and then"
                f" {self._least_rate} bytes a second.",
                close=4408,
            )
        return due - now
