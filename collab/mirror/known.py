"""One file that both sides have, as far as a mirror knows."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from collab.client import Room, Text
from collab.mirror.disk import Disk, Seen
from collab.mirror.state import Kept
from collab.mirror.versions import Versions
from ot import diff

_SETTLE = 0.03
"""Seconds between two looks at a file that must find the same: a writer may be in the middle."""
EMPTY = 0.15
"""The same for a file that is empty or has lost its end: many writers empty a file first."""
_END = 40
"""Bytes that are compared of an end."""


@dataclass(slots=True)
class Known:
    """A text with what the disk has of it, or other bytes, by their SHA-256 `blob`."""

    node: str
    blob: str = ""
    text: Text | None = None
    versions: Versions | None = None
    seen: Seen | None = None
    """The facts of the disk's file when it was last read."""
    unsaved: bytes | None = None
    """The content that the disk has sent last, which may still be refused."""
    saving: asyncio.Task[None] | None = None

    def holds(self, content: bytes) -> bool:
        """Tell whether this is what the disk is known to have."""
        if self.versions is None:
            return digest(content) == self.blob
        return text_of(content, self.versions.latest) == self.versions.latest

    def seems_cut(self, content: bytes) -> bool:
        """Tell whether somebody may be in the middle of writing this."""
        if not content or self.versions is None:
            return not content
        latest = self.versions.latest
        return len(content) < len(latest) and not latest.encode().endswith(content[-_END:])

    def to_keep(self, before: Kept | None) -> Kept | None:
        """Return what is to be remembered: what both sides have had at once, last."""
        if self.text is None or self.versions is None:
            return Kept(self.node, None, self.blob)
        if self.versions.is_behind or not self.text.is_saved:
            return before
        return Kept(self.node, self.versions.latest, "")


async def read_known(room: Room, path: str) -> tuple[Known, bytes]:
    """Return what the room has at a path, as if the disk had it. Raises as Room.open."""
    node = room.find(path)
    if node.kind == "asset":
        content = await room.read_bytes(path)
        return Known(node.id, digest(content)), content
    text = await room.open(path)
    return Known(node.id, text=text, versions=Versions(text.text)), text.text.encode()


async def recall(room: Room, path: str | None, kept: Kept, disk: bytes | None) -> Known:
    """Return what was known when the mirror ran last. `path` is where the room has it now, if it
    has."""
    if path is None or kept.base is None:
        return Known(kept.node, kept.blob or digest((kept.base or "").encode()))
    text = await room.open(path)
    words = None if disk is None else text_of(disk, kept.base)
    before = kept.base if words is None else words
    return Known(kept.node, text=text, versions=Versions.since(kept.base, text.text, before))


def as_sent(known: Known, content: bytes) -> None:
    """Note that the disk has what was sent, to which somebody may have added already."""
    if known.text and (words := text_of(content)) is not None:
        known.versions = Versions(words)
        known.versions.follow(diff(words, known.text.text))


async def settled(
    disk: Disk, found: dict[str, Seen], known: dict[str, Known], passed: dict[str, Seen]
) -> tuple[dict[str, bytes], list[str]]:
    """Return the files that have other contents than is known, and keep them for a moment; and
    those that are still being written. `passed` are files that were looked at for nothing."""
    changed: dict[str, bytes] = {}
    for path, seen in sorted(found.items()):
        of = known.get(path)
        if (of.seen if of else passed.get(path)) == seen:
            continue
        content = disk.read(path)
        if content is not None and not (of and of.holds(content)):
            changed[path] = content
        elif of:
            of.seen = seen
    if changed:
        cut = any(
            known[path].seems_cut(content) if path in known else not content
            for path, content in changed.items()
        )
        await asyncio.sleep(EMPTY if cut else _SETTLE)
    still = {path: content for path, content in changed.items() if disk.read(path) == content}
    return still, [path for path in changed if path not in still]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def text_of(content: bytes, like: str = "") -> str | None:
    """Return what a room would keep as a text, with the line ends of `like`; None for other
    bytes."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    return text if "\r" in like else text.replace("\r\n", "\n").replace("\r", "\n")
