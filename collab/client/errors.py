"""The errors that a program in a room meets. Each has a stable `code` and words for people."""

from __future__ import annotations


class RoomError(Exception):
    """Something that a program asked of a room cannot be."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class NoEntry(RoomError):
    """There is no such room, or it does not let this program in, or not any more."""


class NoServer(RoomError):
    """The server does not answer, or not as Collab does."""


class NotThere(RoomError):
    """There is no such file."""


class Taken(RoomError):
    """There is a file already where one was to be added."""


class Busy(RoomError):
    """The server asks to come back later."""


class Stale(RoomError):
    """The text to be replaced does not occur, or more than once. Nothing was changed."""


class Refused(RoomError):
    """The room has refused a change. `lost` are the texts that it would have inserted."""

    def __init__(self, code: str, words: str, lost: list[str]) -> None:
        super().__init__(code, words)
        self.lost = lost
