"""The interface of a line between server processes, as the doorbell uses it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

CHANNEL = "collab"
"""The channel on which the processes of one deployment listen."""

PATIENCE = 3.0
"""Seconds that opening a line, or sending on it, may take."""

Send = Callable[[bytes], Awaitable[None]]
"""Sends a message. Raises LineLost."""


class LineLost(ConnectionError):
    """The line is lost. The last message may still have arrived."""


class Line(Protocol):
    """Sends short messages to every process that has the line open, this one included."""

    largest: int
    """The largest message, in bytes."""

    def open(
        self, hear: Callable[[bytes], None], lose: Callable[[str], None]
    ) -> AbstractAsyncContextManager[Send]:
        """Keep one connection, or one for each direction, until the block ends.

        `hear` is called for each message, in the order of each sender. `lose` is called with a
        reason when the line is lost. Raises LineLost when the line cannot be opened.
        """
