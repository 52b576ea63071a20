"""The errors of the service, grouped by the side that is at fault.

The peer is wrong: `PeerError`, told in band. The room says no: `Refusal`. The log cannot do it:
`LogError` and its kinds. We are wrong: a plain AssertionError, and the room is read anew.
"""

from __future__ import annotations

import msgspec


class PeerError(Exception):
    """The peer sent what it must not; the stable `code` and the words go back to it.

    With `seq` the change in flight is meant. With `close` the socket cannot go on.
    """

    def __init__(
        self, code: str, message: str, *, seq: int | None = None, close: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.seq = seq
        self.close = close


class NotSignedIn(PeerError):
    """The credentials are wrong or expired, or there are none where some are needed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, close=4401)


class SessionEnded(PeerError):
    """The session of a browser has ended, and it is given another when it comes back."""

    def __init__(self) -> None:
        words = "Your session has ended. Connect again, and you get another."
        super().__init__("session_ended", words, close=1012)


class Restarting(Exception):
    """This server is about to stop. Another takes new clients."""


class Refusal(msgspec.Struct, frozen=True):
    """The committed room does not allow a change."""

    code: str
    message: str


class ChangeRefused(Exception):
    """The room has refused the change of a program that waits for it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class LogError(Exception):
    """The log did not do what it was asked."""


class RevisionTaken(LogError):
    """Another process has committed the next revision: read the log and draft again."""


class NotStorable(LogError):
    """The database rejects the content of an entry in the batch. Nothing was written."""


class LogUnavailable(LogError):
    """The database did not answer. Only reading the log tells if it committed."""


class NewerRelease(LogUnavailable):
    """A newer release has written what this one cannot read; a server of that release can."""

    def __init__(self, what: str) -> None:
        super().__init__(f"A newer release of Collab has written this room: {what}")


class MigrationError(Exception):
    """The tables cannot be brought up to date; nothing was changed."""


class NothingStored(Exception):
    """There is no room to back up, or none in what was restored."""
