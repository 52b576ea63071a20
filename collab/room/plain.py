"""Sessions of plain clients, which send and are told whole texts of the room's first file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

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
    ServerMessage,
    SetLanguage,
    UserCountUpdate,
)
from collab.room.bridge import Bridge
from collab.room.session import Desk, Session
from collab.room.state import Limits


@dataclass(eq=False, slots=True)
class PlainSession(Session):
    """A plain client, and the server's side of its conversation.

    While `paused`, the client is sent no text, because what it was sent last is still on its way.
    """

    bridge: Bridge = field(default_factory=Bridge)
    paused: bool = False

    def depart(self) -> None:
        self.bridge.cursor = None

    def hear(self, message: ServerMessage | None, plainly: ServerMessage | None) -> None:
        if plainly is not None:
            self.tell(plainly)

    def greet(self, room: Desk) -> None:
        """Tell the client the text, and the number of people in the room with it."""
        self.bridge.show(str(room.state.main.text))
        self.tell(Init(self.bridge.shown))
        self.tell(UserCountUpdate(room.count + 1))

    def receive(self, room: Desk, message: PlainMessage) -> None:
        match message:
            case CodeUpdate():
                self._take(room.limits, message)
            case CursorUpdate(position):
                self.bridge.cursor = position
        self.advance(room, CodeUpdate(str(room.state.main.text)))

    def _take(self, limits: Limits, update: CodeUpdate) -> None:
        """Queue a text that the client has sent. Raises PeerError."""
        language, waiting = update.language, self.bridge.waiting
        try:
            code = normalise(update.code)
        except ValueError as error:
            raise PeerError("malformed", str(error)) from error
        if len(code) > limits.text:
            raise PeerError(
                "text_too_large",
                f"The file would have {len(code)} characters; the limit is {limits.text}.",
            )
        if _are_many(waiting, limits):
            # The newer text has all that the last one has, so it takes the last one's place.
            last = waiting.pop()
            language = last.language if language is UNSET else language
        waiting.append(CodeUpdate(code, language))

    def advance(self, room: Desk, whole: CodeUpdate) -> None:
        """Submit the next waiting text. If none waits, tell the client the text that it does not
        show yet.

        `whole` has the text at the head: one message, encoded once for all plain clients.
        """
        bridge = self.bridge
        if self.client in room.queue:
            return
        while bridge.waiting:
            change = _draft(room, bridge, bridge.waiting.popleft())
            if change is not None:
                bridge.seq += 1
                room.submit(self, bridge.seq, change, "typed")
                return
        main = room.state.main
        if bridge.cursor is not None:
            position = bridge.position(bridge.cursor)
            bridge.cursor = None
            self.caret = Caret(main.id, room.revision, [(position, position)])
            room.point(self)
        if not self.paused and whole.code != bridge.shown:
            bridge.show(whole.code)
            self.tell(whole)

    def refuse(self, room: Desk, seq: int, refusal: Refusal) -> None:
        """Tell the client why its text is refused, and which text stands."""
        bridge = self.bridge
        bridge.forget()
        bridge.show(str(room.state.main.text))
        self.tell(Error(refusal.code, refusal.message))
        self.tell(CodeUpdate(bridge.shown))


def normalise(text: str) -> str:
    """Return a text with LF as its only line end. Raises ValueError for U+0000."""
    if "\0" in text:
        raise ValueError("A text cannot hold U+0000.")
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(data: bytes) -> str | None:
    """Return the text that bytes are, with LF as its only line end; None if they are none."""
    try:
        return normalise(data.decode())
    except ValueError:
        return None


def _are_many(waiting: Collection[CodeUpdate], limits: Limits) -> bool:
    """Tell whether waiting texts have reached their limit, in number or in length."""
    return len(waiting) >= limits.waiting_texts or sum(len(w.code) for w in waiting) >= limits.text


def _draft(room: Desk, bridge: Bridge, update: CodeUpdate) -> Change | None:
    """Draft the first change that an update makes. The rest of the update stays in the queue."""
    main = room.state.main
    if update.language is not UNSET and update.language != room.state.language(main.id):
        if update.code != bridge.shown:
            bridge.waiting.appendleft(CodeUpdate(update.code))
        return SetLanguage(main.id, update.language)
    operation = bridge.draft(update.code)
    return Edit(main.id, operation) if operation else None
