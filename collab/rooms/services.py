"""Makes rooms: of texts, or as a copy of another room."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from msgspec import Struct
from msgspec.structs import replace

from collab.changes.program import Program, SetProgram
from collab.changes.tree import AddAsset, AddFolder
from collab.errors import Refusal
from collab.live.asker import Asker
from collab.protocol import AddFile, Change, Many, Single
from collab.room.building import Builder
from collab.room.draft import Draft
from collab.room.kinds import KINDS, WAIT
from collab.room.paths import parse_path
from collab.room.state import Entry, Limits, State
from collab.room.tree import ROOT, Tree
from collab.store.log import PostgresLog

FIRST_FILE = "main"
_BATCH = 1024 * 1024
"""Code points after which an entry of a copy ends."""
_PARTS = 500
"""Changes in an entry of a copy."""


class BadFile(Exception):
    """A file that no room can have: its path, and words that say why."""

    def __init__(self, path: str, words: str) -> None:
        super().__init__(words)
        self.path = path


class Maker(Struct, frozen=True):
    """Who makes a room: the name and public id that they say, and the account or guest that owns
    it."""

    asker: Asker
    owner: UUID | None


def draft_files(files: Mapping[str, str], limits: Limits) -> Change:
    """The change that makes a new room of these texts, of which the first is the main file.

    Raises BadFile.
    """
    builder = Builder(Tree(), _new_id)
    id_ = FIRST_FILE
    for path, text in files.items():
        try:
            names = parse_path(path, limits)
        except ValueError as error:
            raise BadFile(path, error.args[1]) from error
        if not names:
            raise BadFile(path, "It has no name.")
        builder.text(names, text, id_)
        id_ = _new_id()
    draft = Draft(State(), limits)
    parts: list[Single] = []
    for part in builder.take():
        placed = KINDS[type(part)].place(part, draft)
        if placed is WAIT:
            assert draft.reason
            placed = draft.reason
        if isinstance(placed, Refusal):
            raise BadFile(part.name if isinstance(part, AddFile) else "", placed.message)
        parts.append(placed)
    return _one(parts)


async def open_room(log: PostgresLog, change: Change, maker: Maker) -> UUID:
    """Commit a new room whose log begins with this change. Raises LogUnavailable."""
    room_id, secret = uuid4(), secrets.token_bytes(16)
    entry = _entry(1, change, maker.asker.person_in(secret))
    await log.create(room_id, secret, entry, maker.owner)
    return room_id


async def copy_room(log: PostgresLog, source: UUID, state: State, maker: Maker) -> UUID:
    """Commit a new room with the living files of a room, and without its past.

    Raises LogUnavailable.
    """
    first, *more = _batches(_copied(state))
    room_id, secret = uuid4(), secrets.token_bytes(16)
    person = maker.asker.person_in(secret)
    await log.create(room_id, secret, _entry(1, _one(first), person), maker.owner)
    await log.inherit(source, room_id)
    for asset in state.assets.values():
        await log.blobs.copy(source, room_id, asset.blob)
    # Nobody knows of the room yet, so nobody else writes into it.
    for revision, parts in enumerate(more, 2):
        await log.append(room_id, [_entry(revision, _one(parts), person)])
    return room_id


async def copy_with_history(log: PostgresLog, source: UUID, owner: UUID | None) -> UUID:
    """Commit a new room with the whole log of a room. Raises LogUnavailable."""
    room_id = uuid4()
    await log.copy(source, room_id, secrets.token_bytes(16), owner)
    return room_id


def main_of(change: Change) -> AddFile:
    """The main file of a room that begins with a change."""
    parts = change.changes if isinstance(change, Many) else [change]
    return next(part for part in parts if isinstance(part, AddFile))


def _copied(state: State) -> list[Single]:
    """The changes that make a room like this one: folders, texts with the main one first, how its
    program is run, and last assets, whose bytes are copied once the room is there."""
    folders, texts, assets = list[Single](), list[Single](), list[Single]()
    waiting = [*reversed(state.tree.children(ROOT))]
    while waiting:
        node = waiting.pop()
        place = state.tree[node]
        if place.is_folder:
            folders.append(AddFolder(node, place.parent, place.name))
            waiting += reversed(state.tree.children(node))
        elif file := state.files.get(node):
            add = AddFile(node, place.name, file.chosen, str(file.text), place.parent)
            texts.insert(0 if node == state.main_id else len(texts), add)
        else:
            asset = state.assets[node]
            assets.append(AddAsset(node, place.parent, place.name, asset.blob, asset.size))
    if not texts:  # a room has a main file
        texts.append(AddFile(_new_id(), "main.py", None, ""))
    program: Program | None = state.facts.get("program")
    if program:
        entry, stdin = (
            file if file and state.tree.is_living(file) else None
            for file in (program.entry, program.stdin)
        )
        texts.append(SetProgram(replace(program, entry=entry, stdin=stdin)))
    return [*folders, *texts, *assets]


def _batches(parts: Sequence[Single]) -> Iterator[list[Single]]:
    """Parts of some size each, of which the first has the main file and no asset."""
    batch: list[Single] = []
    size = 0
    has_main = has_assets = False
    for part in parts:
        begins_assets = isinstance(part, AddAsset) and not has_assets
        if has_main and (size >= _BATCH or len(batch) >= _PARTS or begins_assets):
            yield batch
            batch, size = [], 0
        batch.append(part)
        has_assets = has_assets or begins_assets
        if isinstance(part, AddFile):
            size += len(part.text)
            has_main = True
    yield batch


def _one(parts: Sequence[Single]) -> Change:
    return parts[0] if len(parts) == 1 else Many(list(parts), "import")


def _entry(revision: int, change: Change, person: str) -> Entry:
    """Make an entry that a room begins with. It has no client and no author, since nobody in the
    room has written it; `person` is who made the room."""
    now = datetime.now(UTC)
    return Entry(revision, "", revision, "", now, change, person, "import")


def _new_id() -> str:
    return secrets.token_urlsafe(9)
