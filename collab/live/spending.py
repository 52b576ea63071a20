"""Slows the writers of a room whose log grows too fast."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from collab.live.addresses import Account, log_budget
from collab.live.limits import ServerLimits
from collab.protocol import AddFile, Change, Edit, Many
from collab.room.state import Entry
from collab.telemetry import metrics

_ENTRY = 64
"""Bytes that an entry takes besides its texts."""
_COMPONENT = 4


class _Writer(Struct):
    account: Account
    wrote: int = 0
    gone: bool = False


class Spending:
    """Charges the writers of one room, and their addresses, for the bytes that they commit.

    Bytes over the budget are committed all the same, but the server reads their writer later.
    """

    def __init__(self, limits: ServerLimits, now: float) -> None:
        self._room = log_budget(limits.log_bytes_per_room, now)
        self._writers: dict[str, _Writer] = {}

    def join(self, client: str, account: Account) -> None:
        self._writers[client] = _Writer(account)

    def leave(self, client: str, *, waits: bool) -> None:
        """Note that a client has left. With `waits`, a change of it still waits for its commit."""
        if waits and (writer := self._writers.get(client)):
            writer.gone = True
        else:
            self._writers.pop(client, None)

    def commit(self, batch: Sequence[Entry], now: float) -> None:
        """Charge for a batch that is in the log."""
        for entry in batch:
            size = weigh(entry.change)
            metrics.LOG_BYTES.inc(size)
            self._room.take(size, now)
            if writer := self._writers.get(entry.client):
                writer.wrote += size
                writer.account.log.take(size, now)
                if writer.gone:
                    del self._writers[entry.client]

    def pause(self, client: str, now: float) -> float:
        """Return the seconds until more of a client is read, because of the bytes it wrote.

        An address waits until its whole debt is paid. In a room each writer pays only for their own
        bytes, so that a person who types is not slowed by a person who floods.
        """
        writer = self._writers.get(client)
        if writer is None or not writer.wrote:
            return 0.0
        wrote, writer.wrote = writer.wrote, 0
        of_address = writer.account.log.wait(0, now)
        of_room = min(self._room.wait(0, now), self._room.cost(wrote))
        if of_address or of_room:
            metrics.LOG_SLOWED.labels("address" if of_address > of_room else "room").inc()
        return max(of_address, of_room)


def weigh(change: Change) -> int:
    """Estimate the bytes that a change takes in the log."""
    match change:
        case Edit(operation=operation):
            parts = operation.components
            texts = sum(_size(part) for part in parts if isinstance(part, str))
            return _ENTRY + _COMPONENT * len(parts) + texts
        case AddFile(text=text):
            return _ENTRY + _size(text)
        case Many(changes=parts):
            return sum(weigh(part) for part in parts)
    return _ENTRY


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
