"""The client of whole texts, as a browser would run it, without sockets and without a screen."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import UNSET

from collab.protocol import (
    CodeUpdate,
    CursorUpdate,
    Error,
    Init,
    Language,
    ServerMessage,
    UserCountUpdate,
    UserJoined,
    UserLeft,
)
from ot import Operation
from tests.simulation.peers import Send


@dataclass(eq=False)
class PlainPeer:
    """A client of whole texts. It shows the text that it gets, and sends the text that it shows."""

    send: Send | None = None
    text: str | None = None
    wrong: bool = False
    """The server said that the shown text is wrong, so the client should load the room again."""
    count: int = 0
    """The number of people in the room, as the server said."""

    def edit(self, operation: Operation, language: Language | None = None) -> None:
        assert self.text is not None
        assert self.send is not None
        self.text = operation.apply(self.text)
        self.send(CodeUpdate(self.text, language or UNSET))

    def point(self, at: float) -> None:
        if self.send and self.text is not None:
            self.send(CursorUpdate(int(at * (len(self.text) + 2))))

    def connected(self, send: Send, _at: int) -> None:
        self.send, self.text, self.wrong = send, None, False

    def disconnected(self) -> None:
        self.send = None

    def receive(self, message: ServerMessage) -> None:
        match message:
            case Init(code) | CodeUpdate(code):
                self.text = code
            case UserCountUpdate(count) | UserJoined(count) | UserLeft(count):
                self.count = count
            case Error(code):
                assert code in {"text_too_large", "not_storable", "not_allowed"}, message
                self.wrong = True
