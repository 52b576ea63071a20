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
from collab.protocol import (
    VERSION,
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
    Origin,
    Person,
    PersonHere,
    PlainMessage,
    Presence,
    Profile,
    Refused,
    ServerMessage,
    SetLanguage,
    Stretch,
    Submit,
    UserCountUpdate,
    UserJoined,
    UserLeft,
    Who,
    WireEntry,
)
from collab.room import carets
from collab.room.state import Entry
from ot import Operation, checksum, transform
from tests.simulation.log import UNSTORABLE

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
    limit: int = 0
    revision: int = 0
    committed: dict[str, File] = field(default_factory=dict)
    shown: dict[str, File] = field(default_factory=dict)
    """The files on the screen. Only operations that a text editor would get change them."""
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
        inverse = operation.invert(self.shown[file].text)
        self._show(file, operation)
        self.undo[file] = inverse
        self.typed.update(*(c for c in operation.components if isinstance(c, str)))
        for index in range(len(self.waiting) - 1, -1, -1):
            change = self.waiting[index]
            if isinstance(change, Edit) and change.file == file:
                self.waiting[index] = Edit(file, change.operation.compose_pending(operation))
                return
        self._submit(Edit(file, operation))

    def take_back(self, file: str) -> None:
        if (operation := self.undo.get(file)) and not operation.is_noop():
            self.edit(file, operation)

    def set_language(self, file: str, language: Language) -> None:
        self.shown[file] = replace(self.shown[file], language=language)
        self._submit(SetLanguage(file, language))

    def name_room(self, name: str) -> None:
        self.name = name
        self._submit(SetName(name))

    def point(self, file: str, at: float) -> None:
        """Put the caret at a share of the text. The server is told only when nothing is unsaved."""
        if self.joined and self.send and not self.pending:
            position = int(at * len(self.shown[file].text))
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
            self.committed = {file.id: file for file in message.files}
            self.shown = self.committed
            for change in self.pending:
                self.shown = after(self.shown, change)
            self.shown = dict(self.shown)
            self.committed_name = message.facts.get("name")
            self._show_name()
            self.revision, self.restored = message.revision, False
        else:
            assert message.entries is not UNSET
            self._read(self.revision + 1, message.entries)
            assert self.revision == message.revision, (self.revision, message.revision)
            assert self.committed_name == message.facts.get("name"), "another name of the room"
        assert message.checksums.keys() == self.committed.keys()
        self._verify(message.checksums)
        self.limit = message.limits.text
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
            assert checksum(self.committed[file].text) == expected, "another committed text"
            self.verified += 1

    def _meet(self, person: PersonHere) -> None:
        assert person.client != self.client
        if caret := person.caret:
            assert caret.revision == self.revision, "a caret from another revision"
            length = len(self.committed[caret.file].text)
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
                assert change == own.change, ("rebased differently", change, own.change)
                self._commit(change)
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
                    assert change == own.change, ("rebased differently", change, own.change)
                    self.acknowledged.append(seq)
                    self.in_flight = None
                    continue
                changes = [change]
            for change in changes:
                if isinstance(change, Edit):
                    self._past_pending(change.file, change.operation, flying=True)

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
        if isinstance(change, Edit):
            self._carry(change.file, change.operation, flying=True)
        elif isinstance(change, SetLanguage):
            self._show_language(change.file)
        elif isinstance(change, SetName):
            self._show_name()
        else:
            self.shown[change.file] = self.committed[change.file]

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
            assert isinstance(change, Edit)
            assert change.operation.target_length > self.limit, "refused for what is not committed"
        if code == "not_storable":
            assert UNSTORABLE in str(change), "refused for what another did"
        if isinstance(change, Edit):
            taken_out = change.operation.invert(self.committed[change.file].text)
            self._carry(change.file, taken_out, flying=False)
        elif isinstance(change, SetLanguage):
            self._show_language(change.file)
        else:
            self._show_name()
        self._next()

    def _show(self, file: str, operation: Operation) -> None:
        before = self.shown[file]
        self.shown[file] = replace(before, text=operation.apply(before.text))
        if file in self.undo:
            self.undo[file] = transform(operation, self.undo[file])[1]

    def _show_language(self, file: str) -> None:
        language = self.committed[file].language
        for change in self.pending:
            if isinstance(change, SetLanguage) and change.file == file:
                language = change.language
        self.shown[file] = replace(self.shown[file], language=language)

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
    if isinstance(entry.change, Edit) and entry.change.file == caret.file:
        edit = entry.change.operation
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


def after(files: dict[str, File], change: Change) -> dict[str, File]:
    """The files after a change: a second implementation of the fold, to compare with."""
    match change:
        case SetName():
            return files
        case Edit(id_, operation):
            file = replace(files[id_], text=operation.apply(files[id_].text))
        case SetLanguage(id_, language):
            file = replace(files[id_], language=language)
        case _:
            file = File(change.file, change.path, change.language, change.text)
    return {**files, file.id: file}


def _past(file: str, operation: Operation, change: ClientChange) -> tuple[Operation, ClientChange]:
    if not isinstance(change, Edit) or change.file != file:
        return operation, change
    operation, carried = transform(operation, change.operation)
    return operation, Edit(file, carried)
