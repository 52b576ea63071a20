"""The state of a room, which is the fold of its log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Raw, Struct, field

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
from collab.room.texts import KeptText, Text
from collab.room.tree import ROOT, Place, Tree


# A room keeps tens of thousands of entries and edits, and no reference cycle goes through one. With
# `gc=False` the garbage collector, for which everybody waits, skips them.
class Entry(Struct, frozen=True, gc=False):
    """One committed change of a room. `(client, seq)` is unique in the room.

    `client` is "" for entries that the server itself writes; `author` is the author's name at that
    time. `person` is the public id of the person, the same in all their tabs, and `origin` says how
    the change came about. Both are None in entries that the server writes, and in entries older
    than these fields.
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
        """Return the entry in the form that clients are told. `number` is its author's; 0 if it has
        none."""
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
        """The bytes of the largest message: a text can take six times its length in JSON
        escapes."""
        return 6 * self.text + 65_536


class Written(Struct, frozen=True, gc=False):
    """A file as a snapshot has it: what its row says, and the row itself, as JSON."""

    place: Place
    chosen: Language | None
    hash: str
    row: Raw


class TextFile(Struct):
    """A file with a text that is edited in place. `State.tree` knows where it is.

    `chosen` is the language that somebody chose; None where it follows from the name. `written` is
    of the latest snapshot that was taken.
    """

    id: str
    chosen: Language | None
    text: Text
    written: Written | None = None


class Bytes(Struct, frozen=True):
    """The content of an asset: its bytes are kept apart from the log, under their hash."""

    blob: str
    size: int


class State(Struct):
    """The tree, the facts and the texts of a room at one revision. `fold` brings it forward.

    The text of the main file is always in memory. Others are there once somebody has asked for
    them: see `Text`.
    """

    revision: int = 0
    updated_at: int = 0
    """When that revision was committed, milliseconds since 1970."""
    files: dict[FileId, TextFile] = field(default_factory=dict)
    """The texts by id, in the order they were added; those of removed files too."""
    main_id: FileId = ""
    """The file that plain clients and `GET /rooms/ID` see; the first one that was added."""
    facts: dict[str, Any] = field(default_factory=dict)
    """The room's own values that kinds of change keep, by name: see `Fact`."""
    tree: Tree = field(default_factory=Tree)
    assets: dict[FileId, Bytes] = field(default_factory=dict)
    size: int = 0
    """Code points of all texts and bytes of all assets."""

    @property
    def main(self) -> TextFile:
        return self.files[self.main_id]

    def add(self, file: TextFile, name: str, parent: str = ROOT, *, removed: bool = False) -> None:
        """Add a file to the folder `parent`."""
        self.files[file.id] = file
        self.size += len(file.text)
        self.main_id = self.main_id or file.id
        self.tree.put(file.id, Place(parent, name, is_folder=False, removed=removed))

    def put(self, asset: FileId, content: Bytes) -> None:
        """Set the bytes of an asset, or replace them."""
        before = self.assets.get(asset)
        self.size += content.size - (before.size if before else 0)
        self.assets[asset] = content

    def path(self, node: str) -> str:
        """Return the path of a file, folder or asset, removed or not."""
        return self.tree.path(node)

    def language(self, file: FileId) -> Language:
        """Return the language of a file: the one that somebody chose, or the one that its name
        implies."""
        return self.files[file].chosen or language_of(self.tree[file].name)

    def living_files(self) -> list[TextFile]:
        """List the files that are neither removed nor in a removed folder."""
        return [file for file in self.files.values() if self.tree.is_living(file.id)]

    # Texts

    def absent(self, files: Collection[FileId] | None = None) -> list[FileId]:
        """List those of these files, or of all, whose text is not in memory."""
        found = (self.files.get(id_) for id_ in (self.files if files is None else files))
        return [file.id for file in found if file and not file.text.is_here]

    def supply(self, texts: Mapping[FileId, KeptText]) -> None:
        """Load texts into memory that are the versions on which the edits here are based."""
        for id_, kept in texts.items():
            self.files[id_].text.supply(kept)

    def adopt(self, fresh: State) -> None:
        """Replace each absent text by that of another state at the same revision."""
        assert fresh.revision == self.revision, (fresh.revision, self.revision)
        for id_ in self.absent():
            self.files[id_].text = fresh.files[id_].text

    # As clients are told

    def wire(self, held: Collection[FileId] | None = None) -> list[File]:
        """List the files as they are now, with the texts of those that are `held`, or of all.

        Raises Absent.
        """
        return [
            File(
                id_,
                place.name,
                str(file.text) if held is None or id_ in held else UNSET,
                file.chosen,
                place.parent,
                place.removed,
            )
            for id_, file in self.files.items()
            for place in (self.tree[id_],)
        ]

    def wire_folders(self) -> list[Folder]:
        return [
            Folder(node, place.name, place.parent, place.removed)
            for node, place in self.tree.places().items()
            if place.is_folder
        ]

    def wire_assets(self) -> list[Asset]:
        return [
            Asset(id_, place.name, content.blob, content.size, place.parent, place.removed)
            for id_, content in self.assets.items()
            for place in (self.tree[id_],)
        ]

    def checksums(self, held: Collection[FileId] | None = None) -> Checksums:
        """Return the checksums of the texts of the files that are `held`, or of all.

        A text that has not changed is not summed again. Raises Absent.
        """
        found = (self.files.get(id_) for id_ in (self.files if held is None else held))
        return {file.id: file.text.checksum for file in found if file}
