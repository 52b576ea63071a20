"""A client that breaks the rules: wrong numbers, wrong revisions, and messages of other clients."""

from __future__ import annotations

from random import Random

from msgspec import UNSET

from collab.changes.tree import AddFolder, Move, Remove
from collab.protocol import (
    VERSION,
    AddFile,
    ClientChange,
    Edit,
    Entries,
    Join,
    Joined,
    Many,
    ServerMessage,
    SetLanguage,
    Submit,
)
from ot import Operation
from tests.simulation.nodes import text_of
from tests.simulation.peers import Send

FORGED = "ƒ"
"""The letter that the forger types into changes that it invents."""


class Forger:
    """Joins like any client, and then sends what it likes.

    When `modest`, it deletes nothing and repeats no text of others.
    """

    def __init__(self, *, modest: bool) -> None:
        self.send: Send | None = None
        self._modest = modest
        self._seq = 0
        self._revision = 0
        self._length: int | None = None
        """The length of the first file at `_revision`."""
        self._heard: list[ClientChange] = []

    def connected(self, send: Send, at: int) -> None:
        self.send = send
        send(Join(VERSION, "key-of-a-forger", "person", "Forger", 0, at=at))

    def disconnected(self) -> None:
        self.send = self._length = None

    def receive(self, message: ServerMessage) -> None:
        match message:
            case Joined(revision=revision, files=files) if files is not UNSET:
                self._revision, self._length = revision, len(text_of(files[0]))
            case Entries(_, entries):
                self._heard += [Edit(item[2], item[3]) for item in entries if len(item) == 4]

    def forge(self, rng: Random) -> None:
        if self.send is None or self._length is None:
            return
        self._seq = max(1, self._seq + rng.choice([-3, -1, 0, 1, 1, 1, 2]))
        at = rng.randint(0, self._length)
        own = Edit("main", Operation([at, FORGED, self._length - at]))
        name = rng.choice(["con", "a/b", "..", "x.", "a.py", ".git", "n" * 300])
        changes: list[ClientChange] = [
            own,
            own,
            SetLanguage("nowhere", "python"),
            Move(rng.choice(["main", "other", "nowhere"]), rng.choice(["", "main", "n1"]), name),
            Remove("nowhere"),
            AddFile("main", name, "python", "", "n2"),
            AddFolder("forged", "n1", name),
            Many([AddFolder("forged2", "main", "a.py"), Remove("nowhere")], "import"),
        ]
        if self._heard and not self._modest:
            changes.append(rng.choice(self._heard))
        revision = self._revision if rng.random() < 0.8 else rng.randint(0, self._revision + 9)
        self.send(Submit(self._seq, revision, rng.choice(changes)))
