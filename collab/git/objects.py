"""The objects of Git: commits, trees and blobs, and the ids that follow from their content.

Ids are 20 bytes here, and 40 hexadecimal digits where Git writes them as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha1
from typing import Any

from msgspec import Struct

COMMIT, TREE, BLOB, TAG = 1, 2, 3, 4
NAMES = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob", TAG: b"tag"}
FILE, PROGRAM, FOLDER, LINK, SUBMODULE = 0o100644, 0o100755, 0o40000, 0o120000, 0o160000
_GROUP = 0o100664
"""A mode of files that very old commits have."""
MODES = {FILE, PROGRAM, _GROUP, FOLDER, LINK, SUBMODULE}
ID = 20
_HEX = re.compile(rb"[0-9a-f]{40}")
_AT = re.compile(rb"> (\d{1,15}) [+-]\d{4}$")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>]")


class BadObject(ValueError):
    """Bytes that are no object of Git, with words that say why."""


class TreeEntry(Struct, frozen=True):
    """A row of a tree."""

    mode: int
    name: bytes
    id: bytes

    @property
    def is_folder(self) -> bool:
        return self.mode == FOLDER


class Person(Struct, frozen=True):
    """The author of a commit."""

    name: str
    email: str

    def line(self) -> str:
        """Return the name and address as a commit has them."""
        name = _UNSAFE.sub("", self.name).strip(" .,:;\"'") or "Somebody"
        return f"{name} <{self.email}>"


class CommitObject(Struct, frozen=True):
    """The parts of a commit that are used. `author` is the name alone; `at` is the time of the
    commit, in seconds since 1970."""

    tree: bytes
    parents: tuple[bytes, ...]
    author: str
    at: int = 0


def hasher(kind: int, size: int) -> Any:
    """Return the hash of an object of this size, before its content is given to it."""
    return sha1(b"%s %d\0" % (NAMES[kind], size), usedforsecurity=False)


def object_id(kind: int, data: bytes) -> bytes:
    """Return the id of an object."""
    hash_ = hasher(kind, len(data))
    hash_.update(data)
    id_: bytes = hash_.digest()
    return id_


def encode_tree(entries: Iterable[TreeEntry]) -> bytes:
    """Encode a tree. Git sorts a folder as if its name ended with a slash."""
    rows = sorted(entries, key=lambda one: one.name + b"/" if one.is_folder else one.name)
    return b"".join(b"%o %s\0%s" % (one.mode, one.name, one.id) for one in rows)


def decode_tree(data: bytes) -> list[TreeEntry]:
    """Read a tree. Raises BadObject."""
    entries: list[TreeEntry] = []
    names: set[bytes] = set()
    place = 0
    while place < len(data):
        space = data.find(b" ", place, place + 8)
        end = data.find(b"\0", space)
        if space < 0 or end < 0 or len(data) < end + 1 + ID:
            raise BadObject("a tree is cut off")
        try:
            mode = int(data[place:space], 8)
        except ValueError:
            raise BadObject("a tree has a mode that is no number") from None
        name = data[space + 1 : end]
        if mode not in MODES or not name or b"/" in name or name in names:
            raise BadObject("a tree has an entry that Git does not write")
        names.add(name)
        place = end + 1 + ID
        entries.append(TreeEntry(mode, name, data[end + 1 : place]))
    return entries


def encode_commit(
    tree: bytes,
    parents: Sequence[bytes],
    author: Person,
    committer: Person,
    seconds: int,
    message: str,
) -> bytes:
    """Encode a commit. The time is in seconds since 1970."""
    lines = [f"tree {tree.hex()}", *(f"parent {parent.hex()}" for parent in parents)]
    lines.append(f"author {author.line()} {seconds} +0000")
    lines.append(f"committer {committer.line()} {seconds} +0000")
    return ("\n".join(lines) + f"\n\n{message}\n").encode()


def decode_commit(data: bytes) -> CommitObject:
    """Read a commit. Raises BadObject."""
    head = data.partition(b"\n\n")[0].split(b"\n")
    tree = b""
    parents: list[bytes] = []
    author, at = "", 0
    for number, line in enumerate(head):
        key, _, value = line.partition(b" ")
        if key == b"tree" and number == 0:
            tree = _id(value)
        elif key == b"parent" and number == len(parents) + 1:
            parents.append(_id(value))
        elif key == b"author":
            author = value.partition(b" <")[0].decode(errors="replace")
        elif key == b"committer" and (found := _AT.search(value)):
            at = int(found[1])
    if not tree or not author:
        raise BadObject("a commit has no tree or no author")
    return CommitObject(tree, tuple(parents), author, at)


def parse_id(text: bytes) -> bytes | None:
    """Read an id of 40 digits; None for anything else."""
    return bytes.fromhex(text.decode()) if _HEX.fullmatch(text) else None


def _id(text: bytes) -> bytes:
    if (found := parse_id(text)) is None:
        raise BadObject("a commit has an id of a wrong form")
    return found
