"""The parts that domains add to the rooms of this process: messages, and reactions to changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct, json

from collab.live.who import Who
from collab.protocol import ClientMessage, DomainMessage, make_client_decoder
from collab.room.doors import What
from collab.room.session import Session
from collab.room.state import Entry


class OpenRoom(Protocol):
    """A room that is in memory here."""

    room_id: UUID

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts of the room at its head, by name: see `Fact`."""

    def tell_everybody(self, message: DomainMessage) -> None:
        """Tell the clients of the OT protocol that are connected to this process."""


class Extension(Struct, frozen=True):
    """The parts that one domain adds. Its functions neither block nor raise, unless they say so."""

    messages: Mapping[type[Any], Callable[[UUID, Session, Any], Awaitable[int | None]]] = {}
    """The handlers of further messages of a client, by type. They may block and raise PeerError.

    They return the bytes that a large answer counts as: whoever asks again and again waits."""
    needs: Mapping[type[Any], What] = {}
    """What somebody must be allowed to do to send one of them, by type; each has one."""
    kinds: frozenset[type[Any]] = frozenset()
    """The types of changes that `read` and `committed` are called for."""
    opened: Callable[[OpenRoom], None] | None = None
    """Called when a room has come into memory."""
    read: Callable[[OpenRoom, Sequence[Entry]], None] | None = None
    """Called when entries were read from the log, whoever committed them."""
    committed: Callable[[OpenRoom, Sequence[Entry]], None] | None = None
    """Called when this process has committed entries. `read` was called with them before."""
    left: Callable[[UUID, Session], None] | None = None
    """Called when the socket of a session is gone."""
    noticed: Callable[[UUID, str, str], None] | None = None
    """Called with the topic and the `about` of every notice of another process, of any domain."""
    tick: Callable[[Collection[UUID]], Awaitable[None]] | None = None
    """Called with the rooms in memory every second or so, and when notices may have been lost. May
    raise LogUnavailable."""
    joined: Callable[[OpenRoom, Session, Who | None], Awaitable[None]] | None = None
    """Called when a socket has joined, with the person behind it, where somebody knows. Nothing
    that the socket sends is taken before it has returned. May raise LogUnavailable."""
    parted: Callable[[OpenRoom, Session, Who | None], None] | None = None
    """Called when that socket is gone."""
    visited: Callable[[OpenRoom, Session, UUID], Awaitable[None]] | None = None
    """Called before a program changes the room without a socket, with the public id of the person
    behind it, where somebody knows. May raise LogUnavailable."""
    closing: Callable[[], None] | None = None
    """Called when this process begins to stop, which waits for the answers that are under way."""


class Extensions:
    """The extensions of all domains."""

    def __init__(self, extensions: Sequence[Extension] = ()) -> None:
        self._all = extensions
        self.messages = {
            type_: handler for each in extensions for type_, handler in each.messages.items()
        }
        self.needs = {type_: what for each in extensions for type_, what in each.needs.items()}
        assert self.needs.keys() == self.messages.keys(), "each message says what it needs"
        self.decoder: json.Decoder[ClientMessage] = make_client_decoder(*self.messages)

    def opened(self, room: OpenRoom) -> None:
        for each in self._all:
            if each.opened:
                each.opened(room)

    def read(self, room: OpenRoom, entries: Sequence[Entry]) -> None:
        for each in self._all:
            if each.read and (found := _of(each, entries)):
                each.read(room, found)

    def committed(self, room: OpenRoom, entries: Sequence[Entry]) -> None:
        for each in self._all:
            if each.committed and (found := _of(each, entries)):
                each.committed(room, found)

    def left(self, room_id: UUID, session: Session) -> None:
        for each in self._all:
            if each.left:
                each.left(room_id, session)

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        for each in self._all:
            if each.noticed:
                each.noticed(room_id, topic, about)

    async def tick(self, rooms: Collection[UUID]) -> None:
        """Raises LogUnavailable."""
        for each in self._all:
            if each.tick:
                await each.tick(rooms)

    async def joined(self, room: OpenRoom, session: Session, who: Who | None) -> None:
        """Raises LogUnavailable."""
        for each in self._all:
            if each.joined:
                await each.joined(room, session, who)

    def parted(self, room: OpenRoom, session: Session, who: Who | None) -> None:
        for each in self._all:
            if each.parted:
                each.parted(room, session, who)

    async def visited(self, room: OpenRoom, session: Session, who: UUID) -> None:
        """Raises LogUnavailable."""
        for each in self._all:
            if each.visited:
                await each.visited(room, session, who)

    def closing(self) -> None:
        for each in self._all:
            if each.closing:
                each.closing()


def _of(extension: Extension, entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if type(entry.change) in extension.kinds]


NOTHING = Extensions()
