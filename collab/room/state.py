"""The state of a room, which is the fold of its log."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from collab.protocol import (
    Asset,
    Change,
    Checksums,
    Edit,
    File,
    FileId,
    Folder,
    Language,
    Origin,
    Who,
    WireEntry,
)
from collab.room.languages import language_of
from collab.room.tree import ROOT, Place, Tree
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
    files: Annotated[
        int, Meta(ge=1, description="files, folders and assets in a room, removed ones too")
    ] = 10_000
    name: Annotated[int, Meta(ge=16, le=255, description="bytes of the name of a file")] = 255
    path: Annotated[int, Meta(ge=16, description="bytes of the path of a file")] = 1024
    depth: Annotated[int, Meta(ge=1, description="levels of the tree of a room")] = 32
    asset: Annotated[int, Meta(ge=1, description="bytes of an asset")] = 25 * 1024 * 1024
    room: Annotated[
        int, Meta(ge=1, description="code points of all texts and bytes of all assets of a room")
    ] = 500 * 1024 * 1024
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
    """A file with a text that is edited in place. `State.tree` knows where it is.

    `chosen` is the language that somebody chose; None where it follows from the name.
    """

    id: str
    chosen: Language | None
    text: Document

    @cached_property
    def checksum(self) -> int:
        """Of the text, as it is until the next edit; no part of a snapshot."""
        return self.text.checksum()

    def edit(self, operation: Operation) -> None:
        self.text.apply(operation)
        self.__dict__.pop("checksum", None)


class Bytes(Struct, frozen=True):
    """The content of an asset: its bytes are kept apart from the log, under their hash."""

    blob: str
    size: int


class State(Struct):
    """The tree and the facts of a room at one revision. `fold` brings it forward."""

    revision: int = 0
    updated_at: int = 0
    """When that revision was committed, milliseconds since 1970."""
    files: dict[FileId, TextFile] = field(default_factory=dict)
    """The texts by id, in the order they were added; those of removed files too."""
    main_id: FileId = ""
    """The file that plain clients and `GET /rooms/ID` see; the first one that was added."""
    facts: dict[str, Any] = field(default_factory=dict)
    """The values that kinds of change keep of the room itself, by name: see `Fact`."""
    tree: Tree = field(default_factory=Tree)
    assets: dict[FileId, Bytes] = field(default_factory=dict)
    size: int = 0
    """Code points of all texts and bytes of all assets."""

    @property
    def main(self) -> TextFile:
        return self.files[self.main_id]

    def add(self, file: TextFile, name: str, parent: str = ROOT, *, removed: bool = False) -> None:
        """Have one more file, there."""
        self.files[file.id] = file
        self.size += len(file.text)
        self.main_id = self.main_id or file.id
        self.tree.put(file.id, Place(parent, name, is_folder=False, removed=removed))

    def put(self, asset: FileId, content: Bytes) -> None:
        """Have other bytes in an asset, or the first ones."""
        before = self.assets.get(asset)
        self.size += content.size - (before.size if before else 0)
        self.assets[asset] = content

    def path(self, node: str) -> str:
        """The path of a file, folder or asset, removed or not."""
        return self.tree.path(node)

    def language(self, file: FileId) -> Language:
        """The language of a file: the one that somebody chose, or that of its name."""
        return self.files[file].chosen or language_of(self.tree[file].name)

    def living_files(self) -> list[TextFile]:
        """The files that are not removed, nor in a removed folder."""
        return [file for file in self.files.values() if self.tree.is_living(file.id)]

    def wire(self) -> list[File]:
        """The files as they are now."""
        return [
            File(id_, place.name, str(file.text), file.chosen, place.parent, place.removed)
            for id_, file in self.files.items()
            for place in (self.tree[id_],)
        ]

    def wire_folders(self) -> list[Folder]:
        places = ((node, self.tree[node]) for node in self.tree)
        return [
            Folder(node, place.name, place.parent, place.removed)
            for node, place in places
            if place.is_folder
        ]

    def wire_assets(self) -> list[Asset]:
        return [
            Asset(id_, place.name, content.blob, content.size, place.parent, place.removed)
            for id_, content in self.assets.items()
            for place in (self.tree[id_],)
        ]

    def checksums(self) -> Checksums:
        """Return the checksum of each text. A text that has not changed is not summed again."""
        return {file.id: file.checksum for file in self.files.values()}
