"""A room as one client holds it, without I/O: messages of the server in, messages to it out.

PROTOCOL.md tells the reasons. The rules, in short:

Rule 1: what is committed moves only by what the server says, one revision after the other.
Rule 2: one change is in flight in the whole room. Own edits made meanwhile join a waiting one.
Rule 3: an own entry with the number in flight is the acknowledgement. Any other is carried past all
        own work on its file, and what comes out is what changes on the screen.
Rule 4: after a new link the change in flight is sent again with the same number.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from collab.client.events import (
    Added,
    Connected,
    Edited,
    Event,
    Moved,
    Removed,
    Replaced,
    Selections,
    Told,
)
from collab.client.people import Others
from collab.room.tree import Place, Tree
from ot import Operation, OperationError, checksum, diff, transform

_MOST_COMPONENTS = 1000
_MOST_INSERTED = 9000
"""Code points that a submission inserts: it has less than 64 kB then."""
VERSION = 3
Message = dict[str, Any]


@dataclass(slots=True)
class Own:
    """An edit of this client that is not in the log; `refusal` (code, words) says why not ever."""

    file: str
    edit: Operation
    refusal: tuple[str, str] = ("", "")

    @property
    def texts(self) -> list[str]:
        """The texts that it inserts."""
        return [c for c in self.edit.components if isinstance(c, str)]


class Replica:
    """The state of one client. `events` collects what its program is to be told."""

    def __init__(self, name: str, person: str, colour: int = 0, agent_for: str = "") -> None:
        self.profile: Message = {"name": name, "person": person, "colour": colour}
        if agent_for:
            self.profile["agent"] = agent_for
        self._key = secrets.token_urlsafe(24)
        self._self: tuple[str | int, ...] = ()
        self.revision = -1
        """The last one known; below 0 the room is fetched anew."""
        self.tree = Tree()
        self.assets: dict[str, tuple[str, int]] = {}
        """The hash and the size of each file of bytes."""
        self.committed: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        """By file that is held, its text with the own work on it."""
        self.wanted: set[str] = set()
        """Files that are to be held: those of `shown`, and those whose text is on its way."""
        self._unread: set[str] = set()
        """Those whose text is to come from the server, for the first time or since it is wrong."""
        self.own: list[Own] = []
        self.refused: list[Own] = []
        self.others = Others()
        self.role: str | None = None
        self.limits: dict[str, int] = {}
        self.events: list[Event] = []
        self._seq = 0
        self.is_flying = False
        self.is_sent = False
        """Whether the change in flight was sent on this link."""
        self._misfit = False
        """Whether the change in flight was sent again after its text was mended."""
        self._asked: set[str] = set()
        """Files whose text was asked for on this link."""
        self._asks: list[Message] = []
        self._caret: tuple[str | None, Selections] | None = None
        self.is_joined = False

    # What the program does

    def hold(self, file: str) -> None:
        """Ask for the text of a file, and follow it from then on."""
        if file not in self.wanted:
            self.wanted.add(file)
            self._unread.add(file)

    def drop(self, file: str) -> None:
        """Cease to follow a file. What was edited here stays on its way."""
        if not self.is_waiting(file):
            self.wanted.discard(file)
            self._unread.discard(file)
            self.committed.pop(file, None)
            self.shown.pop(file, None)

    def is_waiting(self, file: str) -> bool:
        """Tell whether own edits of a file are not settled."""
        return any(own.file == file for own in self.own)

    def edit(self, file: str, edit: Operation) -> None:
        """Edit the text that is shown."""
        self.shown[file] = edit.apply(self.shown[file])
        if self._caret and self._caret[0] == file:
            self._move_caret(edit, "right")
        if self.own and self.own[-1].file == file and not (self.is_flying and len(self.own) == 1):
            edit = self.own.pop().edit.compose_pending(edit)
        pieces = edit.split(most_components=_MOST_COMPONENTS, most_inserted=_MOST_INSERTED)
        self.own += [Own(file, piece) for piece in pieces]

    def point(self, file: str | None, selections: Selections) -> None:
        """Put the own carets there, as positions in the text that is shown. Raises OperationError
        out of bounds."""
        if file is not None:
            shown = Operation([len(self.shown[file])])
            selections = [(shown.map(anchor), shown.map(head)) for anchor, head in selections]
        self._caret = (file, selections)

    def stop_agent(self, client: str) -> None:
        """Ask for an agent to be sent away, if there is a link."""
        self._asks.append({"type": "stop_agent", "client": client})

    # What is to be sent

    def join(self, at: int) -> Message:
        """Return the first message on a new link, which was opened `at` milliseconds since 1970."""
        self.lost()
        known = {"revision": self.revision} if self.revision >= 0 else {}
        holds = sorted(self.shown.keys() - self._unread if known else self.wanted)
        join = {"type": "join", "protocol": VERSION, "key": self._key, "holds": holds, "at": at}
        return join | self.profile | known

    def lost(self) -> None:
        """Note that there is no link."""
        self.is_joined, self.is_sent = False, False
        self._asked.clear()
        self._asks.clear()

    def to_send(self) -> Iterator[Message]:
        """Yield what is to be said now, each thing once on a link."""
        if not self.is_joined:
            return
        asks, self._asks = self._asks, []
        yield from asks
        for wanted in self._unread - self._asked:
            self._asked.add(wanted)
            yield {"type": "read", "file": wanted}
        if self.own and not self.is_sent and self.own[0].file not in self._unread:
            self._seq += not self.is_flying
            self.is_flying = self.is_sent = True
            change = ["edit", self.own[0].file, list(self.own[0].edit.components)]
            submit = {"type": "submit", "seq": self._seq, "revision": self.revision}
            yield submit | {"change": change, "origin": "tool"}
        if self._caret and not self.own and self._caret[0] not in self._unread:
            (file, selections), self._caret = self._caret, None
            yield {
                "type": "presence",
                "file": file,
                "revision": self.revision,
                "selections": selections,
            }

    # What the server says

    def take(self, message: Any) -> None:
        """Take a message. Raises OperationError where only fetching the room anew helps."""
        match message:
            case [int() as first, *entries]:
                if first != self.revision + 1:
                    raise OperationError(f"revision {first} came after revision {self.revision}")
                self._read(entries)
            case {"type": "joined"}:
                self._welcome(message)
            case {"type": "checksum", "files": sums}:
                self._compare(sums)
            case {"type": "text", "file": file, "text": text}:
                self._mend(file, text)
            case {"type": "refused", "seq": self._seq, "code": code, "message": words}:
                self._refuse(code, words)
            case {"type": "error", "seq": self._seq, "code": "invalid_operation"} if (
                self.is_flying and not self._misfit
            ):
                self._misfit, self.is_sent = True, False
                self._unread.add(self.own[0].file)
            case {"type": "error", "seq": int()} | {"type": "error", "code": "unknown_revision"}:
                raise OperationError(message["message"])
            case {"type": "person" | "left" | "presence" | "authors"}:
                if event := self.others.take(message):
                    self.events.append(event)
            case {"type": "access", "role": role}:
                self.role = role
            case {"type": _}:
                self.events.append(Told(message))

    def give_up(self, code: str, words: str) -> None:
        """Refuse all own work, and fetch the room anew."""
        for own in self.own:
            own.refusal = (code, words)
        given_up = self.own
        self.refused += given_up
        self.own, self.is_flying, self._misfit, self.revision = [], False, False, -1
        for file in {own.file for own in given_up}:
            self._show(file, diff(self.shown[file], self.committed[file]), None)

    def refuse_flying(self, code: str, words: str) -> None:
        """Give up the change in flight, which breaks the link."""
        if self.is_flying:
            self._refuse(code, words)

    def _welcome(self, message: Message) -> None:
        self._self = (message["client"], message["number"])
        self.limits, self.role = message["limits"], message.get("role")
        self.others.meet(message)
        self.is_joined = True
        if "entries" in message:
            self._read(message["entries"])
        else:
            self._fill(message)
        self.others.place(message)
        if self.is_flying and self._seq < message["seq"]:
            self._refuse("refused", "The change was refused while the link was down.")
        # Of the number in flight it may be ahead of what was read: its entry follows.
        self.is_sent = self.is_flying and self._seq == message["seq"]
        self._seq = max(self._seq, message["seq"])
        self._compare(message["checksums"])
        self.events.append(Connected())

    def _fill(self, message: Message) -> None:
        """Take the whole room. Texts that were open show the difference."""
        self.revision, self.tree, self.assets = message["revision"], Tree(), {}
        for kind in ("folders", "files", "assets"):
            for node in message.get(kind, ()):
                place = Place(
                    node.get("parent", ""),
                    node["name"],
                    kind == "folders",
                    node.get("removed", False),
                )
                self.tree.put(node["id"], place)
                if kind == "assets":
                    self.assets[node["id"]] = (node["blob"], node["size"])
        texts = {file["id"]: file["text"] for file in message["files"] if "text" in file}
        for file, text in texts.items():
            self._mend(file, text)

    def _read(self, entries: list[Any]) -> None:
        for who, *entry in entries:
            if len(entry) == 1:  # a stretch: what `who` entries of others come to
                self.revision += who
                for change in entry[0]:
                    self._apply(change, None)
                continue
            self.revision += 1
            change = ["edit", *entry[1:]] if entry[2:] else entry[1]
            if self.is_flying and who in self._self and entry[0] == self._seq:
                self._acknowledge(change)
            else:
                self._apply(change, who)

    def _acknowledge(self, change: list[Any]) -> None:
        own, self.is_flying, self.is_sent = self.own.pop(0), False, False
        self._misfit = False
        edit = Operation.decode(change[2])
        before = self.committed[change[1]]
        if edit == own.edit or change[1] in self._unread:
            self._commit(change[1], own.edit, own.edit.apply(before), None)
            return
        # The log has another edit than the one that is shown: show the difference.
        self._show(change[1], own.edit.invert(before), None)
        self._apply(change, None)

    def _apply(self, change: list[Any], who: str | int | None) -> None:
        """Take a committed change. Kinds that are not known here change nothing of what is held."""
        by = self._name_of(who)
        match change:
            case ["edit", file, components]:
                edit = Operation.decode(components)
                if file in self.committed and file not in self._unread:
                    self._apply_edit(file, edit, who)
                else:
                    self.others.carry(file, edit, who)
            case ["many", parts, *_]:
                for part in parts:
                    self._apply(part, who)
            case ["add", node, name, _, _, *parent]:
                self._put(node, Place(parent[0] if parent else "", name, is_folder=False), by)
            case ["folder", node, parent, name]:
                self._put(node, Place(parent, name, is_folder=True), by)
            case ["asset", node, parent, name, blob, size]:
                self.assets[node] = (blob, size)
                self._put(node, Place(parent, name, is_folder=False), by)
            case ["put", node, blob, size]:
                self.assets[node] = (blob, size)
                self.events.append(Replaced(self.tree.path(node), by))
            case ["move" | "restore" as kind, node, parent, name]:
                place = self.tree[node]
                removed = place.removed and kind == "move"
                self._put(node, Place(parent, name, place.is_folder, removed), by)
            case ["remove", node] if self.tree.get(node):
                place = self.tree[node]
                self._put(node, Place(place.parent, place.name, place.is_folder, removed=True), by)

    def _apply_edit(self, file: str, edit: Operation, who: str | int | None) -> None:
        try:
            committed = edit.apply(self.committed[file])
        except OperationError:
            self._unread.add(file)
            self.others.carry(file, edit, who)
            return
        self._commit(file, edit, committed, who)
        self._show(file, edit, self._name_of(who))

    def _commit(self, file: str, edit: Operation, text: str, who: str | int | None) -> None:
        self.committed[file] = text
        self.others.carry(file, edit, who)

    def _show(self, file: str, edit: Operation, by: str | None) -> None:
        """Carry an edit past the own work on its file, and show what comes out."""
        for own in self.own:
            if own.file == file:
                edit, own.edit = transform(edit, own.edit)
        if edit.is_noop():
            return
        self.shown[file] = edit.apply(self.shown[file])
        if self._caret and self._caret[0] == file:
            self._move_caret(edit, "left")
        self.events.append(Edited(self.tree.path(file), edit, by))

    def _put(self, node: str, place: Place, by: str | None) -> None:
        was = self.tree.get(node) is not None and self.tree.is_living(node)
        before = self.tree.path(node) if was else ""
        self.tree.put(node, place)
        path, living = self.tree.path(node), self.tree.is_living(node)
        if living and not was:
            self.events.append(Added(path, by))
        elif was and not living:
            self.events.append(Removed(before, by))
        elif living and path != before:
            self.events.append(Moved(path, before, by))

    def _refuse(self, code: str, words: str) -> None:
        if not self.is_flying:
            return
        own, self.is_flying, self.is_sent = self.own.pop(0), False, False
        self._misfit = False
        own.refusal = (code, words)
        self.refused.append(own)
        self._show(own.file, own.edit.invert(self.committed[own.file]), None)

    def _compare(self, sums: dict[str, int]) -> None:
        for file, expected in sums.items():
            held = self.committed.get(file)
            if held is not None and file not in self._unread and checksum(held) != expected:
                self._unread.add(file)

    def _mend(self, file: str, text: str) -> None:
        """Take the server's text of a file. The difference is like an edit of somebody else."""
        self._asked.discard(file)
        self._unread.discard(file)
        if file not in self.wanted:
            return  # it was dropped meanwhile
        before = self.committed.get(file)
        self.committed[file] = text
        if before is None:
            self.shown[file] = text
        else:
            self._show(file, diff(before, text), None)

    def _name_of(self, who: str | int | None) -> str | None:
        if who in self._self:
            return str(self.profile["name"])
        return self.others.name_of(who)

    def _move_caret(self, edit: Operation, bias: Any) -> None:
        assert self._caret
        file, selections = self._caret
        moved = [(edit.map(a, bias), edit.map(h, bias)) for a, h in selections]
        self._caret = (file, moved)
