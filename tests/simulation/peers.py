"""The OT client of PROTOCOL.md, as a browser would run it, without sockets and without a screen.

A `Peer` has one change in flight, then an ordered list of waiting
changes, in which an edit joins the last waiting edit of its file (`ot.Client` is the case of one
text). While it reads entries, it asserts what the protocol promises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime

from msgspec import UNSET
from msgspec.structs import replace

from collab.protocol import (
    VERSION,
    AddFile,
    Caret,
    Carets,
    Change,
    Checksum,
    ClientChange,
    ClientMessage,
    Edit,
    Entries,
    Error,
    Join,
    Joined,
    Language,
    Left,
    Person,
    PersonHere,
    PlainMessage,
    Presence,
    Profile,
    Read,
    Refused,
    RoomAccess,
    ServerMessage,
    SetLanguage,
    Stretch,
    Submit,
    Text,
    WireEntry,
    WireLimits,
)
from collab.room.state import Entry
from ot import Operation
from tests.simulation.log import UNSTORABLE
from tests.simulation.nodes import (
    Node,
    Nodes,
    after,
    fact_of,
    files_of,
    is_held,
    may_refuse,
    parts_of,
    with_text,
    without_text,
)
from tests.simulation.pending import Pending, Record, inserted, is_same, is_without, origin_of
from tests.simulation.screen import Screen

Send = Callable[[ClientMessage | PlainMessage], None]
NOW = datetime(2030, 1, 1, tzinfo=UTC)
LANGUAGES: tuple[Language, ...] = ("python", "javascript", "typescript")


@dataclass(eq=False)
class Peer(Screen):
    """An OT client: one page, from its loading to its reloading.

    A `lazy` one holds the first file and those that its person opens; another one holds all.
    """

    send: Send | None = None
    """Sends a message to the server; None while not connected."""
    joined: bool = False
    limits: WireLimits | None = None
    seq: int = 0
    acknowledged: list[int] = field(default_factory=list)
    refusals: int = 0
    not_allowed: int = 0
    role: str | None = None
    told_otherwise: int = 0
    """Own changes that the server has placed elsewhere in the tree."""
    opened: int = 0
    """The number of texts that it has asked for and received."""
    typed: set[str] = field(default_factory=set)
    """Every character that this peer ever inserted."""
    record: Record | None = None
    """The record on the device; None until there is a first change to send."""
    restored: bool = False
    """Tells whether the peer continues a record and has not received a text yet."""

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

    def open(self, file: str) -> None:
        """Ask for the text of a file, to hold it from then on."""
        if self.joined and self.send and file in self.committed:
            self.send(Read(file))

    def close(self, file: str) -> None:
        """Hold a file no more, unless there is own work on it."""
        if self.lazy and is_held(self.committed.get(file)) and file not in self._worked_on():
            self.committed = {**self.committed, file: without_text(self.committed[file])}
            self.shown[file] = without_text(self.shown[file])
            self.undo.pop(file, None)

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

    def say(self, change: ClientChange) -> None:
        """Submit a change that is of the room, or that changes nothing in it."""
        self.facts |= fact_of(change)
        self._submit(change)

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
        page = Peer(self.key, self.lazy)
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
        person = f"person-{self.key}"
        holds = None
        if self.lazy:
            held = {file.id for file in files_of(self.committed) if is_held(file)}
            holds = sorted(held | self._worked_on()) or ["main"]
        send(
            Join(
                VERSION,
                self.key,
                person,
                "Peer",
                0,
                known,
                text=self.restored,
                holds=holds,
                at=at,
            )
        )
        self._named = None if holds is None else set(holds)

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
            case Text(file, revision, text):
                self._take(file, revision, text)
            case Person(client, person, name, colour, number, role, who):
                caret = self.people[client].caret if client in self.people else None
                self._meet(PersonHere(client, person, name, colour, caret, number, role, who))
            case RoomAccess(role):
                self.role = role
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
            self.committed_facts = {**message.facts}
            self._show_facts()
            self.revision, self.restored = message.revision, False
        else:
            assert message.entries is not UNSET
            self._read(self.revision + 1, message.entries)
            assert self.revision == message.revision, (self.revision, message.revision)
            assert self.committed_facts == message.facts, "another name or program of the room"
        files = {file.id for file in files_of(self.committed)}
        told = files if self._named is None else files & self._named
        assert message.checksums.keys() == told, "checksums of other files"
        self._verify(message.checksums)
        self.limits, self.role = message.limits, message.role
        for person in message.people:
            self._meet(person)
        self.joined = True
        if self.in_flight:
            self.resend()
        else:
            self._next()

    def _read(self, revision: int, entries: Sequence[WireEntry | Stretch]) -> None:
        assert revision == self.revision + 1, ("a gap or a repetition", revision, self.revision)
        for item in entries:
            if len(item) == 2:
                count, changes = item
                self.revision += count
                for change in changes:
                    self._check_held(change)
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

    def _take(self, file: str, revision: int, text: str) -> None:
        """The text of a file comes, which was asked for."""
        assert revision == self.revision, "a text of another revision"
        if is_held(self.committed[file]):
            assert self._text(file) == text, "another committed text"
            return
        self.opened += 1
        self.committed = {**self.committed, file: with_text(self.committed[file], text)}
        self.shown[file] = with_text(self.shown[file], text)

    def _foreign(self, change: Change) -> None:
        self._commit(change)
        for part in parts_of(change):
            if self.lazy and isinstance(part, AddFile):
                # Its text is asked for once somebody opens it.
                node = without_text(self.committed[part.file])
                self.committed = {**self.committed, part.file: node}
            if isinstance(part, Edit) and is_held(self.committed[part.file]):
                self._carry(part.file, part.operation, flying=True)
        self._show_facts()
        self._show_tree()

    def _refused(self, seq: int, code: str) -> None:
        own = self.in_flight
        if own is None or own.seq != seq:
            return
        change = own.change
        self.in_flight = None
        self.refusals += 1
        if code == "not_allowed":
            self.not_allowed += 1
        elif code == "text_too_large":
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
        self._show_facts()
        self._show_tree()
        self._next()

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
