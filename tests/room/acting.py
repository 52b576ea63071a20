"""Short words for what happens to a room in a test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from collab.protocol import (
    AddFile,
    Change,
    ClientChange,
    CodeUpdate,
    Edit,
    PlainMessage,
    ServerMessage,
    Submit,
)
from collab.room.plain import PlainSession
from collab.room.room import Room
from collab.room.session import OtSession, Session
from collab.room.snapshot import decode_snapshot, take_snapshot
from collab.room.state import Entry, Limits, State
from ot import Operation

NOW = datetime(2026, 1, 1, tzinfo=UTC)
T = TypeVar("T", bound=ServerMessage)


def entry(revision: int, change: Change, client: str = "else", seq: int | None = None) -> Entry:
    return Entry(revision, client, seq or revision, "", NOW, change)


def a_room(start: str = "", **limits: Any) -> Room:
    """A room as it is after its first entry."""
    room = Room(State(), Limits(**limits))
    room.read([entry(1, AddFile("main", "main.py", "python", start), client="")])
    return room


def edit(*components: int | str, file: str = "main") -> Edit:
    return Edit(file, Operation(components))


def joined(room: Room, client: str, revision: int | None = None, settled: int = 0) -> Session:
    session = OtSession(client, "person-" + client, client.title(), 0, settled=settled)
    room.join(session, revision)
    return session


def plain(room: Room, client: str) -> PlainSession:
    session = PlainSession(client, client, "Guest", 0)
    room.join_plain(session)
    return session


def submit(room: Room, session: Session, seq: int, revision: int, change: ClientChange) -> None:
    room.receive(session, Submit(seq, revision, change))


def update(room: Room, session: Session, message: PlainMessage | str) -> None:
    room.receive(session, CodeUpdate(message) if isinstance(message, str) else message)


def commit(room: Room) -> list[Entry]:
    """Commit what is pending, as the pump does when the log takes the batch."""
    batch = room.seal(NOW)
    room.read(batch)
    return batch


def told(session: Session, kind: type[T]) -> list[T]:
    """Return the messages of one kind from a session's outbox, and throw the others away."""
    messages: list[T] = [message for message in session.outbox if isinstance(message, kind)]
    session.outbox.clear()
    return messages


def reopened(state: State) -> State:
    """The state that a log has of a snapshot, with all texts."""
    snapshot = take_snapshot(state)
    again = decode_snapshot(snapshot.state)
    again.supply(snapshot.texts)
    return again


def text(room: Room) -> str:
    return str(room.state.main.text)
