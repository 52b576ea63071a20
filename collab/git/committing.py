"""Makes the commits of a room. Without I/O.

The people, the time and the words of a commit decide its id, and with it those of all that follow.
So what is here is a format: a release that makes other commits of the same log begins a second
history of every room.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256

from msgspec import Struct, field, json

from collab.changes.version import NameVersion
from collab.git.cuts import Cut
from collab.git.deltas import text_delta, tree_delta
from collab.git.objects import (
    BLOB,
    COMMIT,
    FILE,
    FOLDER,
    TREE,
    Person,
    TreeEntry,
    encode_commit,
    encode_tree,
    object_id,
)
from collab.protocol import FileId
from collab.room.outline import grow, operations
from collab.room.snapshot import decode_snapshot, take_snapshot
from collab.room.state import Entry, State
from collab.room.tree import ROOT
from ot import Component, Operation, compose_all

_DEEPEST = 50
"""Deltas that lead to an object from one that is whole. Git's own packs have as many."""
_NAMED = 3
"""Files that the words of a commit name."""
_HOST = "collab.invalid"
_SERVER = Person("Collab", f"collab@{_HOST}")


class Made(Struct, frozen=True):
    """An object in the form that packs have: compressed, whole or as a delta on `base`.

    `length` is that of the content, or of the delta, before compression. An asset has no `data`,
    but the hash of its bytes.
    """

    id: bytes
    kind: int
    length: int
    data: bytes
    base: bytes | None = None
    asset: str | None = None


class Commit(Struct, frozen=True):
    """A commit of the branch `main`, and the objects that are new in it.

    With `adopted` it is the very commit that somebody has pushed, and not one of `objects`.
    """

    id: bytes
    parents: tuple[bytes, ...]
    tree: bytes
    revision: int
    objects: Sequence[Made]
    pushed: bytes | None = None
    adopted: bool = False


class Kept(Struct, array_like=True):
    """The state after the last commit, beside its objects.

    `blobs` and `trees` have, by file and folder, the id in hexadecimal and how many deltas lead to
    the object; `assets` the ids by the hash of the bytes. `pending` is what was done since to texts
    that are in no commit, because they are removed. `at` is the time of the last entry, in seconds
    since 1970, and `pin` the last pin that is done with.
    """

    outline: str = ""
    blobs: dict[FileId, tuple[str, int]] = field(default_factory=dict)
    trees: dict[str, tuple[str, int]] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    pending: dict[FileId, list[Component]] = field(default_factory=dict)
    commit: str = ""
    revision: int = 0
    at: float = 0.0
    pin: int = 0


_decoder = json.Decoder(Kept)


class Committer:
    """Makes commit after commit of one room."""

    def __init__(self, packed: bytes | None = None) -> None:
        """Go on from what `pack` has returned."""
        self.kept = kept = _decoder.decode(zlib.decompress(packed)) if packed else Kept()
        self._outline = decode_snapshot(kept.outline) if packed else State()
        self._pending = {file: [Operation(done)] for file, done in kept.pending.items()}
        self.texts: dict[FileId, str] = {}
        """Texts of the last commit: those that were changed lately."""
        self._trees: dict[str, bytes] = {}
        """By folder, the tree of the last commit."""
        self._new: dict[bytes, Made] = {}
        self._plant(ROOT)
        self._new.clear()

    def pack(self) -> bytes:
        """Return what has to be known to go on from here."""
        kept = self.kept
        kept.outline = take_snapshot(self._outline).state
        kept.pending = {
            file: list(compose_all(done).components) for file, done in self._pending.items()
        }
        return zlib.compress(json.encode(kept), 6)

    def texts_wanted(self, entries: Iterable[Entry]) -> dict[FileId, bytes]:
        """Return the ids of the texts that have to be in `texts` when these entries are committed,
        by file."""
        changed = {file for entry in entries for file, _ in operations(entry.change)}
        return {
            file: bytes.fromhex(self.kept.blobs[file][0])
            for file in [*changed, *self._pending]
            if file in self.kept.blobs and file not in self.texts
        }

    def assets_wanted(self, entries: Iterable[Entry]) -> dict[str, int]:
        """Return the hashes and sizes of the assets whose ids `commit` needs, after it has read
        these entries."""
        for entry in entries:
            self._read(entry)
        return {
            asset.blob: asset.size
            for node, asset in self._outline.assets.items()
            if asset.blob not in self.kept.assets and self._outline.tree.is_living(node)
        }

    def commit(
        self, cut: Cut, assets: Mapping[str, Made], pushed_tree: bytes = b""
    ) -> Commit | None:
        """Make the commit of entries that `assets_wanted` has read.

        Returns None where nothing has changed. `pushed_tree` is the tree of the commit that was
        pushed, at a cut for one.
        """
        kept = self.kept
        kept.assets |= {hash_: made.id.hex() for hash_, made in assets.items()}
        before = kept.trees.get(ROOT)
        self._new = {made.id: made for made in assets.values()}
        names = self._write_texts(cut.entries)
        tree = self._plant(ROOT) or self._tree_object(ROOT, b"")
        if cut.entries:
            kept.at = cut.entries[-1].created_at.timestamp()
        kept.revision = cut.revision
        pin = cut.pin
        if pin:
            kept.pin = pin.id
        pushed = pin.pushed if pin else None
        if before and tree.hex() == before[0] and not pushed:
            return None
        last = bytes.fromhex(kept.commit)
        adopted = bool(pin and pushed and tree == pushed_tree and pin.base == last)
        parents = tuple(one for one in (last, pushed) if one)
        if adopted:
            assert pushed
            id_ = pushed
        else:
            data = self._commit_object(tree, parents, cut, names)
            id_ = self._add(COMMIT, data)
        kept.commit = id_.hex()
        objects = list(self._new.values())
        self._new = {}
        return Commit(id_, parents, tree, cut.revision, objects, pushed, adopted)

    def _read(self, entry: Entry) -> None:
        grow(self._outline, entry.change)
        for file, operation in operations(entry.change):
            self._pending.setdefault(file, []).append(operation)

    def _write_texts(self, entries: Iterable[Entry]) -> list[str]:
        """Make the objects of the texts that have changed. Returns what was changed, in words."""
        names: set[str] = set()
        outline = self._outline
        for file in [one for one in self._pending if outline.tree.is_living(one)]:
            operation = compose_all(self._pending.pop(file))
            before = self.texts.get(file, "")
            after = operation.apply(before)
            if after != before or file not in self.kept.blobs:
                names.add(outline.path(file))
                self._write_text(file, before, operation, after)
            self.texts[file] = after
        return sorted(names)

    def _write_text(self, file: FileId, before: str, operation: Operation, after: str) -> None:
        data = after.encode()
        id_ = object_id(BLOB, data)
        depth = 0
        base = self.kept.blobs.get(file)
        delta = None
        if base and base[1] < _DEEPEST and base[0] != id_.hex():
            delta = text_delta(before, before.encode(), operation)
        if self._add_smaller(BLOB, id_, data, delta, base):
            assert base
            depth = base[1] + 1
        self.kept.blobs[file] = (id_.hex(), depth)

    def _plant(self, folder: str) -> bytes | None:
        """Make the trees at and below a folder. Returns the id; None where it has no file."""
        rows: list[TreeEntry] = []
        outline, kept = self._outline, self.kept
        for node in outline.tree.children(folder):
            place = outline.tree[node]
            mode, id_ = FILE, b""
            if place.is_folder:
                mode, id_ = FOLDER, self._plant(node) or b""
            elif node in outline.assets:
                id_ = bytes.fromhex(kept.assets[outline.assets[node].blob])
            elif node in kept.blobs:
                id_ = bytes.fromhex(kept.blobs[node][0])
            if id_:
                rows.append(TreeEntry(mode, place.name.encode(), id_))
        return self._tree_object(folder, encode_tree(rows)) if rows else None

    def _tree_object(self, folder: str, data: bytes) -> bytes:
        before = self._trees.get(folder)
        known = self.kept.trees.get(folder)
        id_ = object_id(TREE, data)
        self._trees[folder] = data
        if known and known[0] == id_.hex():
            return id_
        delta = None
        if before and known and known[1] < _DEEPEST:
            delta = tree_delta(before, data)
        depth = 0
        if self._add_smaller(TREE, id_, data, delta, known):
            assert known
            depth = known[1] + 1
        self.kept.trees[folder] = (id_.hex(), depth)
        return id_

    def _commit_object(
        self, tree: bytes, parents: Collection[bytes], cut: Cut, names: Sequence[str]
    ) -> bytes:
        people = _people(cut.entries)
        author = people[0] if people else _SERVER
        subject = cut.title or _words(names)
        if cut.pin and cut.pin.pushed:
            subject = "Merge what was pushed"
        lines = [subject, "", f"Revision: {cut.revision}"]
        lines += [f"Co-authored-by: {person.line()}" for person in people[1:]]
        return encode_commit(tree, [*parents], author, _SERVER, int(self.kept.at), "\n".join(lines))

    def _add(self, kind: int, data: bytes) -> bytes:
        id_ = object_id(kind, data)
        self._new.setdefault(id_, Made(id_, kind, len(data), zlib.compress(data)))
        return id_

    def _add_smaller(
        self, kind: int, id_: bytes, data: bytes, delta: bytes | None, base: tuple[str, int] | None
    ) -> bool:
        """Add an object, whole or as a delta. Returns whether it is a delta."""
        if id_ in self._new:
            return False
        if delta is not None and base and len(delta) < len(data):
            packed = zlib.compress(delta)
            # A whole object does not name another, which takes 20 bytes.
            if len(data) > 4096 or len(packed) + 20 < len(zlib.compress(data)):
                made = Made(id_, kind, len(delta), packed, bytes.fromhex(base[0]))
                self._new[id_] = made
                return True
        self._new[id_] = Made(id_, kind, len(data), zlib.compress(data))
        return False


def beside(
    tree: bytes, parents: Collection[bytes], revision: int, entries: Sequence[Entry]
) -> bytes:
    """Return the commit of a revision that `main` has none of, with the entries since its parent.

    It does not have the name of the version, which people may change.
    """
    people = _people(entries)
    lines = [f"Revision {revision}", "", f"Revision: {revision}"]
    lines += [f"Co-authored-by: {person.line()}" for person in people[1:]]
    at = int(entries[-1].created_at.timestamp()) if entries else 0
    author = people[0] if people else _SERVER
    return encode_commit(tree, [*parents], author, _SERVER, at, "\n".join(lines))


def _people(entries: Iterable[Entry]) -> list[Person]:
    """Return who has made entries, whoever has made most of them first."""
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for entry in entries:
        if entry.author and not isinstance(entry.change, NameVersion):
            key = entry.person or entry.author
            counts[key] += 1
            names[key] = entry.author
    return [
        Person(names[key], f"{_mailbox(key)}@{_HOST}")
        for key, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _mailbox(person: str) -> str:
    """Return a public id as it is, and what stands for an older entry's name."""
    plain = person.isascii() and all(c.isalnum() or c in "-_" for c in person)
    return person if plain else sha256(person.encode()).hexdigest()[:16]


def _words(names: Sequence[str]) -> str:
    if not names:
        return "Change files"
    more = len(names) - _NAMED
    words = ", ".join(names[:_NAMED])
    return f"Change {words} and {more} more" if more > 0 else f"Change {words}"
