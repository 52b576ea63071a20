"""The refusals of talk, with codes and words."""

from __future__ import annotations

from logging import getLogger

from collab.errors import LogUnavailable

_LOG = getLogger(__name__)


class Refused(Exception):
    """A request is refused. `code` is stable, `wait` are the seconds until a retry may succeed."""

    def __init__(self, code: str, message: str, *, wait: float = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.wait = wait


def unavailable(error: LogUnavailable) -> Refused:
    """Return the refusal for an error of the database. The client may send again."""
    _LOG.warning("a message waits for the database: %s", error)
    return Refused("unavailable", "The database does not answer; it is sent again.", wait=1)


def unknown_message(number: int) -> Refused:
    return Refused("unknown_message", f"There is no message {number} in this room.")


def unknown_thread(number: int) -> Refused:
    return Refused("unknown_thread", f"There is no thread {number} in this room.")
