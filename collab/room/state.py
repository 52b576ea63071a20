"""The state of a room, which is the fold of its log."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from collab.protocol import (
    Change,
    Checksums,
    Edit,
    File,
    FileId,
    Language,
    Origin,
    Who,
    WireEntry,
)
from ot import Document, Operation


# A room keeps tens of thousands of entries and edits, and no cycle goes through one: `gc=False` has
# the collector, for which everybody waits, look at none.
class Entry(Struct, frozen=True, gc=False):
    """One committed change of a room. `(client, seq)` is unique in the room.

    `client` is "" for what the server itself writes; `author` is the name at that time. `person` is
    the public id of the person, the same in all their tabs, and `origin` says how the change came
    about. Both are None in entries that the server writes, and in those from before there were
    these fields.
    """

    revision: int
    client: str
    seq: int
    author: str
    created_at: datetime
    change: Change
    person: str | None = None
    origin: Origin | None = None

    def wire(self, number: int = 0) -> WireEntry:
        """Return the entry as clients are told it. `number` is its author's; 0 if it has none."""
        who: Who = number or self.client
        change = self.change
        if type(change) is Edit:
            return (who, self.seq, change.file, change.operation)
        return (who, self.seq, change)


class Limits(Struct, frozen=True):
    """The limits of a room and of the sessions in it. An operator may set each of them.

    `collab.live.limits` adds those of sockets, addresses and processes.
    """

    text: Annotated[int, Meta(ge=1, description="code points a file")] = 2 * 1024 * 1024
    files: Annotated[int, Meta(ge=1, description="files in a room")] = 1000
    sessions: Annotated[int, Meta(ge=1, description="sockets in a room")] = 1000
    operations: Annotated[
        int, Meta(ge=0, description="messages a second of one socket; 0 for no limit")
    ] = 1000
    bytes: Annotated[
        int, Meta(ge=0, description="bytes a second of one socket; 0 for no limit")
    ] = 8 * 1024 * 1024
    batch: Annotated[int, Meta(ge=1, description="entries committed at once")] = 500
    tail: Annotated[
        int, Meta(ge=1, description="entries a room keeps in memory for those who are behind")
    ] = 2000
    remembered: Annotated[
        int, Meta(ge=1, description="entries it keeps when somebody was further behind")
    ] = 20_000
    past_text: Annotated[
        int, Meta(ge=1, description="code points that the entries it keeps may insert")
    ] = 16 * 1024 * 1024
    steps: Annotated[
        int,
        Meta(
            ge=1, description="entries up to which who was away is sent each, not what they come to"
        ),
    ] = 100
    waiting_texts: Annotated[
        int, Meta(ge=1, description="texts of one plain client that wait for an earlier one")
    ] = 100
    checksum_every: Annotated[
        int, Meta(ge=1, description="revisions after which clients are told checksums")
    ] = 200

    @property
    def largest_message(self) -> int:
        """Bytes of a message: a text can take six times its length in JSON escapes."""
        return 6 * self.text + 65_536


class TextFile(Struct, dict=True):
    """A file with a text that is edited in place."""

    id: str
    path: str
    language: Language
    text: Document

    @cached_property
    def checksum(self) -> int:
        """Of the text, as it is until the next edit; no part of a snapshot."""
        return self.text.checksum()

    def edit(self, operation: Operation) -> None:
        self.text.apply(operation)
        self.__dict__.pop("checksum", None)

    def wire(self) -> File:
        return File(self.id, self.path, self.language, str(self.text))


class State(Struct):
    """The files and the facts of a room at one revision. `fold` brings it forward."""

    revision: int = 0
    updated_at: int = 0
    """When that revision was committed, milliseconds since 1970."""
    files: dict[FileId, TextFile] = field(default_factory=dict)
    """By id, in the order they were added."""
    main_id: FileId = ""
    """The file that plain clients and REST see; the first one that was added."""
    facts: dict[str, Any] = field(default_factory=dict)
    """The values that kinds of change keep of the room itself, by name: see `Fact`."""

    @property
    def main(self) -> TextFile:
        return self.files[self.main_id]

    def add(self, file: TextFile) -> None:
        """Have one more file."""
        self.files[file.id] = file
        self.main_id = self.main_id or file.id

    def wire(self) -> list[File]:
        """The files as they are now."""
        return [file.wire() for file in self.files.values()]

    def checksums(self) -> Checksums:
        """Return the checksum of each text. A text that has not changed is not summed again."""
        return {file.id: file.checksum for file in self.files.values()}
