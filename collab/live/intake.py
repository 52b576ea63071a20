"""Limits the frames of one WebSocket, and the time that an unfinished message may take."""

from __future__ import annotations

from collab.errors import PeerError
from collab.live.addresses import Account
from collab.live.bucket import AT_ONCE, Bucket
from collab.live.limits import ServerLimits
from collab.live.pace import Patience

_SILENCE = 0.1
"""Seconds of silence after which a peer that is read no longer counts as flooding."""


class Intake:
    """Counts frames and held bytes of a socket, and of its address once `account` is set."""

    def __init__(self, limits: ServerLimits, now: float) -> None:
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
        """Charge frames of `size` bytes in all. Returns the seconds to wait before more is read.

        Raises PeerError when the peer has been too fast for too long.
        """
        silent = self._silent_since is not None and now - self._silent_since > _SILENCE
        self._silent_since = None
        if silent or (self._patience.tried and self._frames.is_full(now)):
            self._patience.rest()
        if wait := self._frames.take(frames, now):
            wait = self._patience.slow(wait, now)
        # This peer is not to blame for others of its address: it waits, but is not sent away.
        return max(wait, self.account.take(frames, size, now)) if self.account else wait

    def wait(self, now: float) -> None:
        """Note that no more bytes have come until now."""
        self._silent_since = now

    def finish(self) -> None:
        """Note that a message is complete."""
        self._begun = None

    def hold(self, held: int, unfinished: int, now: float, *, begun: bool) -> None:
        """Set the bytes in memory; `unfinished` of them belong to a message that has `begun`.

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
        """Note that no bytes are held any more."""
        self._begun = None
        if self.account:
            self.account.hold(-self._charged)
        self._charged = 0

    def late(self, now: float, *, excused: bool) -> float:
        """Return the seconds until the unfinished message is late; 0 without one.

        While the message is `excused`, because nothing is read of it, its time begins anew. Raises
        PeerError when it is late.
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
