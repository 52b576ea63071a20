"""Sends a room's messages to its sockets in this process, and its news to other processes."""

from __future__ import annotations

import asyncio
from uuid import UUID

from collab.live.connection import Connection
from collab.live.doorbell import Doorbell
from collab.live.guard import Guard
from collab.live.wire import Frame, frame
from collab.protocol import ServerMessage
from collab.room.plain import PlainSession
from collab.room.room import Room


class Audience:
    """The connections of a room to sockets in this process."""

    def __init__(self, room_id: UUID, room: Room, doorbell: Doorbell, guard: Guard) -> None:
        self.connections: set[Connection] = set()
        self._room_id = room_id
        self._room = room
        self._doorbell = doorbell
        self._guard = guard

    def tell(self) -> None:
        """Send the room's messages and news, within the guard. Each message is encoded once."""
        self._guard.enter(self.flush)

    def flush(self) -> None:
        encoded: dict[int, tuple[ServerMessage, Frame]] = {}
        told: list[ServerMessage] = []
        frames: list[Frame] = []
        for connection in self.connections:
            outbox = connection.session.outbox
            if outbox or connection.session.closing:
                # Nearly always everybody is told the same single message, so its frames are made
                # once.
                if not len(outbox) == len(told) == 1 or outbox[0] is not told[0]:
                    told = outbox.copy()
                    frames = [_encode(message, encoded) for message in told]
                connection.put(frames)
                outbox.clear()
                if isinstance(connection.session, PlainSession):
                    self._pace(connection, connection.session, frames)
        for news in self._room.people.news:
            self._doorbell.tell(self._room_id, news)
        self._room.people.news.clear()

    def close(self, code: int, reason: str) -> None:
        """Close every socket. Messages that were not sent yet are dropped."""
        for connection in self.connections:
            connection.session.outbox.clear()
            connection.session.closing = connection.session.closing or (code, reason)
            connection.put([])

    def _pace(self, connection: Connection, session: PlainSession, frames: list[Frame]) -> None:
        """Charge a plain client's address for these frames, and pause the client if they are too
        many."""
        loop = asyncio.get_running_loop()
        size = sum(len(frame.json) for frame in frames)
        if (wait := connection.account.tell(size, loop.time())) and not session.paused:
            session.paused = True
            loop.call_later(wait, self._resume, connection, session)

    def _resume(self, connection: Connection, session: PlainSession) -> None:
        session.paused = False
        if connection in self.connections:
            self._guard.enter(self._room.advance_plain, [session])
            self.tell()


def _encode(message: ServerMessage, encoded: dict[int, tuple[ServerMessage, Frame]]) -> Frame:
    """Return the frame of a message, the same one for the same object.

    `encoded` keeps the object alive, so that its id stays its own.
    """
    found = encoded.get(id(message))
    if found is None:
        found = encoded[id(message)] = (message, frame(message))
    return found[1]
