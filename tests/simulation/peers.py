"""The two kinds of client, as a browser would run them, but without sockets and without a screen.

`Peer` is the OT client of PROTOCOL.md: one change in flight, then an ordered list of waiting
changes, in which an edit joins the last waiting edit of its file (`ot.Client` is the case of one
text). While it reads entries, it asserts what the protocol promises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import get_args

from msgspec import UNSET
from msgspec.structs import replace

from collab.changes.name import SetName
from collab.changes.tree import AddFolder, Move, Restore
from collab.protocol import (
    VERSION,
    AddFile,
    Caret,
    Carets,
    Change,
    Checksum,
    Checksums,
    ClientChange,
    ClientMessage,
    CodeUpdate,
    CursorUpdate,
    Edit,
    Entries,
    Error,
    File,
    Init,
    Join,
    Joined,
    Language,
    Left,
    Many,
    Origin,
    Person,
    PersonHere,
    PlainMessage,
    Presence,
    Profile,
    Refused,
    ServerMessage,
    SetLanguage,
    Single,
    Stretch,
    Submit,
    UserCountUpdate,
    UserJoined,
    UserLeft,
    Who,
    WireEntry,
    WireLimits,
)
from collab.room import carets
from collab.room.state import Entry
from ot import Operation, checksum, transform
from tests.simulation.log import UNSTORABLE
from tests.simulation.nodes import Node, Nodes, after, files_of, may_refuse, parts_of

Send = Callable[[ClientMessage | PlainMessage], None]
ORIGINS: tuple[Origin, ...] = get_args(Origin)
NOW = datetime(2030, 1, 1, tzinfo=UTC)
LANGUAGES: tuple[Language, ...] = ("python", "javascript", "typescript")


@dataclass
class Pending:
    """A change with the number that it is sent under."""

    seq: int
    change: ClientChange


@dataclass(frozen=True)
class Record:
    """The work that a page keeps on its device, so that another page can continue it."""

    revision: int
    seq: int
    in_flight: Pending | None
    waiting: list[ClientChange]
    typed: set[str]


class Writer:
    """Invents edits. When `typing`, they only insert, and every inserted character is unique."""

    def __init__(self, rng: Random, *, typing: bool) -> None:
        self.rng = rng
        self.typing = typing
        self._next = 0x1F300

    def word(self) -> str:
        if self.typing:
            self._next += 1
            return chr(self._next)
        if self.rng.random() < 0.3:
            return "".join(self.rng.choices("ab😀\n", k=self.rng.randint(2, 4)))
        return self.rng.choice("abc😀é\n")

    def insertion(self, word: str, length: int) -> Operation:
        """An insertion, mostly near the start of the text, where others edit too."""
        at = self._place(length)
        return Operation([at, word, length - at])

    def operation(self, length: int) -> Operation:
        """An edit of a text of `length`."""
        at = self._place(length)
        if self.typing or at == length or self.rng.random() < 0.55:
            return Operation([at, self.word(), length - at])
        gone = self.rng.randint(1, min(4, length - at))
        match self.rng.randrange(4):
            case 0:
                return Operation([at, self.word(), -gone, length - at - gone])
            case 1:
                return Operation([at, -gone, self.word(), length - at - gone])
            case 2 if gone > 1:
                return Operation([at, -1, self.word(), 1 - gone, length - at - gone])
            case _:
                return Operation([at, -gone, length - at - gone])

    def _place(self, length: int) -> int:
        return self.rng.randint(0, min(length, 6) if self.rng.random() < 0.7 else length)


@dataclass(eq=False)
class Peer:
    """An OT client: one page, from its loading to its reloading."""

    key: str
    client: str = ""
    number: int = 0
    send: Send | None = None
    """Sends a message to the server; None while not connected."""
    joined: bool = False
    limits: WireLimits | None = None
    revision: int = 0
    committed: Nodes = field(default_factory=dict)
    shown: dict[str, Node] = field(default_factory=dict)
    """What the person sees; texts are changed only by the operations an editor would be given."""
    committed_name: str | None = None
    name: str | None = None
    """The name of the room on the screen."""
    undo: dict[str, Operation] = field(default_factory=dict)
    """For each file, the operation that takes back the peer's last edit."""
    seq: int = 0
    in_flight: Pending | None = None
    waiting: list[ClientChange] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    refusals: int = 0
    told_otherwise: int = 0
    """Own changes that the server has placed elsewhere in the tree."""
    verified: int = 0
    """How many texts had the same checksum as the server's."""
    typed: set[str] = field(default_factory=set)
    """Every character that this peer ever inserted."""
    record: Record | None = None
    """The record on the device; None until there is a first change to send."""
    restored: bool = False
    """Whether the peer continues a record and has not received a text yet."""
    people: dict[str, PersonHere] = field(default_factory=dict)
    """The other people, by client, with their carets at `revision`."""

    @property
    def pending(self) -> list[ClientChange]:
        return [*([self.in_flight.change] if self.in_flight else []), *self.waiting]

    # The person

    def edit(self, file: str, operation: Operation) -> None:
        inverse = operation.invert(self.text(file))
        self._show(file, operation)
        self.undo[file] = inverse
        self.typed.update(*(c for c in operation.components if isinstance(c, str)))
        for index in range(len(self.waiting) - 1, -1, -1):
            change = self.waiting[index]
            if isinstance(change, Edit) and change.file == file:
                self.waiting[index] = Edit(file, change.operation.compose_pending(operation))
                return
            if not is_without(change, file):
                break  # what follows a change of the file is made on it
        self._submit(Edit(file, operation))

    def text(self, file: str) -> str:
        """The text of a file as the person sees it."""
        node = self.shown[file]
        assert isinstance(node, File)
        return node.text

    def arrange(self, change: ClientChange) -> None:
        """Change the tree, or anything else that is no single edit."""
        for part in parts_of(change):
            if isinstance(part, AddFile):
                self.typed.update(part.text)
            if isinstance(part, Edit):
                inverse = part.operation.invert(self.text(part.file))
                self._show(part.file, part.operation)
                self.undo[part.file] = inverse
                self.typed.update(*(c for c in part.operation.components if isinstance(c, str)))
        self._submit(change)
        self._show_tree()

    def take_back(self, file: str) -> None:
        if (operation := self.undo.get(file)) and not operation.is_noop():
            self.edit(file, operation)

    def set_language(self, file: str, language: Language) -> None:
        self.arrange(SetLanguage(file, language))

    def name_room(self, name: str) -> None:
        self.name = name
        self._submit(SetName(name))

    def point(self, file: str, at: float) -> None:
        """Put the caret at a share of the text. The server is told only when nothing is unsaved."""
        if self.joined and self.send and not self.pending:
            position = int(at * len(self.text(file)))
            self.send(Presence(self.revision, file, [(position, position)]))

    def keep(self) -> None:
        """Write the record anew. This must happen before a change is sent for the first time."""
        self.record = Record(
            self.revision, self.seq, copy(self.in_flight), self.waiting.copy(), self.typed.copy()
        )

    def successor(self) -> Peer:
        """The page that continues the record after this page was closed."""
        page = Peer(self.key)
        if self.record:
            page.revision, page.seq = self.record.revision, self.record.seq
            page.in_flight = copy(self.record.in_flight)
            page.waiting, page.typed = self.record.waiting.copy(), self.record.typed.copy()
            page.record, page.restored = self.record, True
        return page

    def rename(self, name: str) -> None:
        if self.joined and self.send:
            self.send(Profile(name, len(name) % 8))

    def start_over(self) -> None:
        """Forget all but the key and the numbers, as after an error about the change in flight."""
        self.committed, self.shown, self.people = {}, {}, {}
        self.in_flight = None
        for forgotten in (self.waiting, self.undo, self.typed):
            forgotten.clear()
        self.record, self.restored = None, False

    def resend(self) -> None:
        if self.joined and self.send and self.in_flight:
            seq, change = self.in_flight.seq, self.in_flight.change
            self.send(Submit(seq, self.revision, change, origin_of(seq)))

    # The network

    def connected(self, send: Send, at: int) -> None:
        self.send, self.joined = send, False
        known = self.revision if self.committed or self.restored else None
        send(
            Join(
                VERSION, self.key, f"person-{self.key}", "Peer", 0, known, text=self.restored, at=at
            )
        )

    def disconnected(self) -> None:
        self.send, self.joined = None, False

    def receive(self, message: ServerMessage) -> None:
        match message:
            case Joined():
                self._join(message)
            case Entries(revision, entries):
                self._read(revision, entries)
            case Checksum(revision, files):
                assert revision == self.revision, "a checksum of another revision"
                self._verify(files)
            case Refused(seq, code):
                self._refused(seq, code)
            case Person(client, person, name, colour, number):
                caret = self.people[client].caret if client in self.people else None
                self._meet(PersonHere(client, person, name, colour, caret, number))
            case Carets(client, None):
                self._meet(replace(self.people[client], caret=None))
            case Carets(client, str(file), revision, selections):
                caret = Caret(file, revision, selections)
                self._meet(replace(self.people[client], caret=caret))
            case Left(client):
                del self.people[client]  # and its number, which is never used again
            case Error():
                raise AssertionError(f"{self.key} did nothing wrong and was told {message}")

    def _join(self, message: Joined) -> None:
        self.client, self.number = message.client, message.number
        assert message.seq >= max(self.acknowledged, default=0), "a number was forgotten"
        if self.restored:
            assert message.seq <= self.seq, "something was sent that is not in the record"
        self.seq = max(self.seq, message.seq)
        self.people = {}
        if message.files is not UNSET:
            assert self.restored or not self.pending
            assert self.restored is (message.entries is not UNSET)
            if message.entries is not UNSET:
                self._read_past(message.entries)
            nodes: list[Node] = [*message.files, *message.folders, *message.assets]
            self.committed = {node.id: node for node in nodes}
            shown: Nodes = self.committed
            for change in self.pending:
                shown = after(shown, change)
            self.shown = dict(shown)
            self.committed_name = message.facts.get("name")
            self._show_name()
            self.revision, self.restored = message.revision, False
        else:
            assert message.entries is not UNSET
            self._read(self.revision + 1, message.entries)
            assert self.revision == message.revision, (self.revision, message.revision)
            assert self.committed_name == message.facts.get("name"), "another name of the room"
        assert message.checksums.keys() == {file.id for file in files_of(self.committed)}
        self._verify(message.checksums)
        self.limits = message.limits
        for person in message.people:
            self._meet(person)
        self.joined = True
        if self.in_flight:
            self.resend()
        else:
            self._next()

    def _verify(self, checksums: Checksums) -> None:
        """Assert that the committed texts have the checksums of the server's."""
        for file, expected in checksums.items():
            assert checksum(self._text(file)) == expected, "another committed text"
            self.verified += 1

    def _meet(self, person: PersonHere) -> None:
        assert person.client != self.client
        if caret := person.caret:
            assert caret.revision == self.revision, "a caret from another revision"
            length = len(self._text(caret.file))
            assert all(p <= length for pair in caret.selections for p in pair), "a caret outside"
        self.people[person.client] = person

    def _read(self, revision: int, entries: Sequence[WireEntry | Stretch]) -> None:
        assert revision == self.revision + 1, ("a gap or a repetition", revision, self.revision)
        for item in entries:
            if len(item) == 2:
                count, changes = item
                self.revision += count
                for change in changes:
                    self._foreign(change)
                continue
            client, seq, change = self._entry(item)
            self.revision += 1
            own = self.in_flight
            if own and client == self.client and seq == own.seq:
                assert is_same(change, own.change), ("rebased differently", change, own.change)
                self.told_otherwise += change != own.change
                self._commit(change)
                self.in_flight = None
                self._show_tree()
                self.acknowledged.append(seq)
                self._next()
            else:
                self._foreign(change)
            self._move_carets(Entry(self.revision, client, seq, "", NOW, change))

    def _entry(self, item: WireEntry) -> tuple[str, int, Change]:
        change = Edit(item[2], item[3]) if len(item) == 4 else item[2]
        return self._who(item[0]), item[1], change

    def _who(self, who: Who) -> str:
        """The client that wrote an entry."""
        if isinstance(who, str):
            return who
        if who == self.number:
            return self.client
        (client,) = [person.client for person in self.people.values() if person.number == who]
        return client

    def _read_past(self, entries: Sequence[WireEntry | Stretch]) -> None:
        """Carry the kept work past entries that the text from the server already includes."""
        for item in entries:
            if len(item) == 2:
                changes = item[1]
            else:
                client, seq, change = self._entry(item)
                own = self.in_flight
                if own and (client, seq) == (self.client, own.seq):
                    assert is_same(change, own.change), ("rebased differently", change)
                    self.acknowledged.append(seq)
                    self.in_flight = None
                    continue
                changes = [change]
            for change in changes:
                for part in parts_of(change):
                    if isinstance(part, Edit):
                        self._past_pending(part.file, part.operation, flying=True)

    def _move_carets(self, entry: Entry) -> None:
        for client, person in self.people.items():
            caret = carets.after(entry) if client == entry.client else None
            if person.caret:
                caret = caret or moved(person.caret, entry)
            self.people[client] = replace(person, caret=caret)

    def _commit(self, change: Change) -> None:
        if isinstance(change, SetName):
            self.committed_name = change.name
        else:
            self.committed = after(self.committed, change)

    def _foreign(self, change: Change) -> None:
        self._commit(change)
        for part in parts_of(change):
            if isinstance(part, Edit):
                self._carry(part.file, part.operation, flying=True)
        self._show_name()
        self._show_tree()

    def _text(self, file: str) -> str:
        node = self.committed[file]
        assert isinstance(node, File)
        return node.text

    def _carry(self, file: str, operation: Operation, *, flying: bool) -> None:
        """Show an operation on the committed text; if `flying`, on that with the one in flight."""
        self._show(file, self._past_pending(file, operation, flying=flying))

    def _past_pending(self, file: str, operation: Operation, *, flying: bool) -> Operation:
        if flying and self.in_flight:
            operation, self.in_flight.change = _past(file, operation, self.in_flight.change)
        for index, change in enumerate(self.waiting):
            operation, self.waiting[index] = _past(file, operation, change)
        return operation

    def _refused(self, seq: int, code: str) -> None:
        own = self.in_flight
        if own is None or own.seq != seq:
            return
        change = own.change
        self.in_flight = None
        self.refusals += 1
        if code == "text_too_large":
            assert self.limits
            lengths = [
                part.operation.target_length if isinstance(part, Edit) else len(part.text)
                for part in parts_of(change)
                if isinstance(part, Edit | AddFile)
            ]
            assert max(lengths) > self.limits.text, "refused for what is not committed"
        elif code == "not_storable":
            assert UNSTORABLE in str(change), "refused for what another did"
        else:
            assert self.limits
            may = may_refuse(self.committed, change, code, self.limits.files)
            assert may, ("refused for what is not committed", code, change)
        self.typed -= inserted(change)
        for part in parts_of(change):
            # An edit of a new file that was refused itself leaves nothing to be taken out.
            if isinstance(part, Edit) and part.file in self.committed:
                taken_out = part.operation.invert(self._text(part.file))
                self._carry(part.file, taken_out, flying=False)
        self._show_name()
        self._show_tree()
        self._next()

    def _show(self, file: str, operation: Operation) -> None:
        self.shown[file] = replace(self.shown[file], text=operation.apply(self.text(file)))
        if file in self.undo:
            self.undo[file] = transform(operation, self.undo[file])[1]

    def _show_tree(self) -> None:
        """Show the committed nodes with the own changes on them, and the texts as they are shown.

        A new file has its first text.
        """
        nodes = self.committed
        for change in self.pending:
            for part in parts_of(change):
                if not isinstance(part, Edit):
                    nodes = after(nodes, part)
        texts = {file.id: file.text for file in files_of(self.shown)}
        self.shown = {
            id_: replace(node, text=texts.get(id_, node.text)) if isinstance(node, File) else node
            for id_, node in nodes.items()
        }

    def _show_name(self) -> None:
        names = [change.name for change in self.pending if isinstance(change, SetName)]
        self.name = names[-1] if names else self.committed_name

    def _submit(self, change: ClientChange) -> None:
        self.waiting.append(change)
        if self.in_flight is None:
            self._next()

    def _next(self) -> None:
        self.in_flight = None
        if self.waiting:
            self.seq += 1
            self.in_flight = Pending(self.seq, self.waiting.pop(0))
            self.keep()
            self.resend()


def origin_of(seq: int) -> Origin:
    """The origin that a peer gives its change with this number."""
    return ORIGINS[seq % len(ORIGINS)]


def moved(caret: Caret, entry: Entry) -> Caret:
    """Move a caret past an entry. It stays left of what the entry inserts there."""
    selections = caret.selections
    for part in parts_of(entry.change):
        if isinstance(part, Edit) and part.file == caret.file:
            edit = part.operation
            selections = [(edit.map(anchor), edit.map(head)) for anchor, head in selections]
    return Caret(caret.file, entry.revision, selections)


@dataclass(eq=False)
class PlainPeer:
    """A client of whole texts. It shows the text that it gets, and sends the text that it shows."""

    send: Send | None = None
    text: str | None = None
    wrong: bool = False
    """The server said that the shown text is wrong, so the client should load the room again."""
    count: int = 0
    """How many people are in the room, as the server said."""

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
                assert code in {"text_too_large", "not_storable"}, message
                self.wrong = True


def _past(file: str, operation: Operation, change: ClientChange) -> tuple[Operation, ClientChange]:
    if isinstance(change, Many):
        parts: list[Single] = []
        for part in change.changes:
            if isinstance(part, Edit) and part.file == file:
                operation, carried = transform(operation, part.operation)
                parts.append(Edit(file, carried))
            else:
                parts.append(part)
        return operation, Many(parts, change.cause)
    if not isinstance(change, Edit) or change.file != file:
        return operation, change
    operation, carried = transform(operation, change.operation)
    return operation, Edit(file, carried)


def is_same(entry: Change, own: Change) -> bool:
    """Whether an entry is an own change, which the server may have placed elsewhere in the tree."""
    if isinstance(entry, Many) and isinstance(own, Many):
        pairs = zip(entry.changes, own.changes, strict=True)
        return entry.cause == own.cause and all(is_same(part, other) for part, other in pairs)
    places = AddFile | AddFolder | Move | Restore
    if isinstance(entry, places) and isinstance(own, places):
        return entry == replace(own, parent=entry.parent, name=entry.name)
    return entry == own


def inserted(change: Change) -> set[str]:
    """Every character that a change puts into texts."""
    parts = parts_of(change)
    texts = [part.text for part in parts if isinstance(part, AddFile)]
    edits = [part.operation for part in parts if isinstance(part, Edit)]
    return {
        character
        for text in [*texts, *(c for edit in edits for c in edit.components if isinstance(c, str))]
        for character in text
    }


def is_without(change: Change, node: str) -> bool:
    ids = [getattr(part, "file", getattr(part, "id", None)) for part in parts_of(change)]
    return node not in ids
