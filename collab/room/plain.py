"""What plain clients say and are told: whole texts of the room's first file."""

from __future__ import annotations

from collections.abc import Collection, Container
from typing import Protocol

from msgspec import UNSET

from collab.errors import PeerError, Refusal
from collab.protocol import (
    Caret,
    Change,
    CodeUpdate,
    CursorUpdate,
    Edit,
    Error,
    Init,
    PlainMessage,
    SetLanguage,
    UserCountUpdate,
)
from collab.room.bridge import Bridge
from collab.room.languages import unknown_language
from collab.room.session import PlainSession, Session
from collab.room.state import Limits, State


class Desk(Protocol):
    """What a plain client's side needs of the room."""

    state: State
    limits: Limits

    @property
    def queue(self) -> Container[str]:
        """The clients whose change waits."""

    @property
    def count(self) -> int: ...

    @property
    def revision(self) -> int: ...

    def submit(self, session: Session, seq: int, change: Change) -> None: ...

    def point(self, session: Session) -> None: ...


def normalise(text: str) -> str:
    """A stranger's text with LF alone. Raises ValueError for U+0000."""
    if "\0" in text:
        raise ValueError("A text cannot hold U+0000.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def greet(room: Desk, session: PlainSession) -> None:
    bridge = session.bridge
    bridge.show(str(room.state.main.text))
    session.tell(Init(bridge.shown))
    session.tell(UserCountUpdate(room.count + 1))


def receive(room: Desk, session: PlainSession, message: PlainMessage) -> None:
    """Take a message. Raises PeerError."""
    bridge = session.bridge
    match message:
        case CodeUpdate(code, language):
            try:
                code = normalise(code)
            except ValueError as error:
                raise PeerError("malformed", str(error)) from error
            if len(code) > room.limits.text:
                raise PeerError(
                    "text_too_large",
                    f"The file would have {len(code)} characters; the limit is {room.limits.text}.",
                )
            if language is not UNSET and (words := unknown_language(language)):
                raise PeerError("malformed", f"Malformed message: {words} - at `$.language`")
            if _are_many(bridge.waiting, room.limits):
                # The newer text says all that the last one does.
                last = bridge.waiting.pop()
                language = last.language if language is UNSET else language
            bridge.waiting.append(CodeUpdate(code, language))
        case CursorUpdate(position):
            bridge.cursor = position
    advance(room, session)


def advance(room: Desk, session: PlainSession) -> None:
    """Submit what waits next; when nothing does, show the client what it does not show yet."""
    bridge = session.bridge
    if session.client in room.queue:
        return
    while bridge.waiting:
        change = _draft(room, bridge, bridge.waiting.popleft())
        if change is not None:
            bridge.seq += 1
            room.submit(session, bridge.seq, change)
            return
    main = room.state.main
    if bridge.cursor is not None:
        position = bridge.position(bridge.cursor)
        bridge.cursor = None
        session.caret = Caret(main.id, room.revision, [(position, position)])
        room.point(session)
    if (text := str(main.text)) != bridge.shown:
        bridge.show(text)
        session.tell(CodeUpdate(text))


def _are_many(waiting: Collection[CodeUpdate], limits: Limits) -> bool:
    """Whether no more texts should wait: they are as many as may, or as long as one may be."""
    return len(waiting) >= limits.waiting_texts or sum(len(w.code) for w in waiting) >= limits.text


def refused(room: Desk, session: PlainSession, refusal: Refusal) -> None:
    """What the client shows will not be: tell it why, and show it what is."""
    bridge = session.bridge
    bridge.forget()
    bridge.show(str(room.state.main.text))
    session.tell(Error(refusal.code, refusal.message))
    session.tell(CodeUpdate(bridge.shown))


def _draft(room: Desk, bridge: Bridge, update: CodeUpdate) -> Change | None:
    """What an update changes first; what else it changes waits on."""
    main = room.state.main
    if update.language is not UNSET and update.language != main.language:
        if update.code != bridge.shown:
            bridge.waiting.appendleft(CodeUpdate(update.code))
        return SetLanguage(main.id, update.language)
    operation = bridge.draft(update.code)
    return Edit(main.id, operation) if operation else None
