"""Brings what a room has to the folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from collab.client import Node, NotThere
from collab.mirror.disk import Displaced
from collab.mirror.known import EMPTY, Known, digest, read_known, text_of
from collab.mirror.sides import Sides

_MOST_LATE = 200
"""Displaced files that are held open at once."""


@dataclass(slots=True, eq=False)
class _Late:
    """A file that was displaced a moment ago. A program that had it open may still write to it."""

    path: str
    known: Known
    displaced: Displaced
    before: str
    expected: set[str]
    """The texts that the file may have without having been edited again."""


class Giving:
    """Writes to the disk."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._room, self._disk, self._known = sides.room, sides.disk, sides.known
        self._late: dict[str, list[_Late]] = {}
        """The files that were displaced a moment ago, by path."""
        self._is_closed = False

    async def look(self, paths: Iterable[str] | None) -> None:
        """Give what has changed at some paths, or anywhere."""
        if paths is None:
            await self._give_all()
            return
        for path in paths:
            known = self._known.get(path)
            if known and known.text:
                await self._try(path, known.node)

    async def _give_all(self) -> None:
        sides, known = self._sides, self._known
        nodes = {n.id: n for n in self._room.nodes if n.kind != "folder" and sides.is_ours(n.path)}
        for path, one in list(known.items()):
            node = nodes.get(one.node)
            if node is None:
                self.drop(path)
            elif node.path != path and not sides.dry:
                if node.path not in known and self._disk.rename(path, node.path):
                    known[node.path] = known.pop(path)
                    sides.say(f"{path} is {node.path} here")
                else:
                    self.drop(path)
                sides.to_keep.add(path, node.path)
        for node in nodes.values():
            await self._try(node.path, node.id, node)

    async def _try(self, path: str, id_: str, node: Node | None = None) -> None:
        try:
            known = self._known.get(path)
            if known is None:
                await self._give_new(path)
            elif known.text and known.versions:
                if known.text.text != known.versions.latest and not self._sides.dry:
                    self._give_text(path, known)
            elif node and known.blob != node.blob and not self._sides.dry:
                new, content = await read_known(self._room, path)
                self._replace(path, content, known)
                self._known[path] = new
        except NotThere:
            self._sides.in_room.add(None)  # it has gone meanwhile
        except OSError as error:
            self._sides.say_once(f"{path} cannot be written here: {error}")

    def drop(self, path: str) -> None:
        """Remove a file that the room has not any more. Another content of the disk is kept."""
        known = self._known.pop(path)
        self._sides.to_keep.add(path)
        if self._sides.dry or (content := self._disk.remove(path)) is None:
            return
        if known.holds(content):
            self._sides.say(f"{path} is removed here")
        else:
            kept = self._disk.put_aside(path, content)
            self._sides.say(f"{path} was removed in the room: yours is kept as {kept}.")

    async def _give_new(self, path: str) -> None:
        if self._sides.dry:
            if self._disk.read(path) is None:
                self._sides.say(f"{path} comes here")
            return
        if not self._room.is_connected:
            return  # it would hold up the disk
        known, content = await read_known(self._room, path)
        there = self._disk.read(path)
        if there is not None and not known.holds(there):
            self._sides.passed.pop(path, None)
            self._sides.on_disk.add(None)  # finds a file that neither side knows of the other
            return
        if there is None:
            self._replace(path, content, known)
        self._known[path] = known
        self._sides.to_keep.add(path)

    def _give_text(self, path: str, known: Known) -> None:
        assert known.text
        assert known.versions
        shown, before = known.text.text, known.versions.latest
        known.seen, displaced = self._disk.write(path, shown.encode())
        known.versions.put(shown)
        self._sides.to_keep.add(path)
        if displaced is None:
            return
        if len(self._late) >= _MOST_LATE:
            self._end(next(iter(self._late.values()))[0])
        late = _Late(path, known, displaced, before, {before, shown})
        self._late.setdefault(path, []).append(late)
        asyncio.get_running_loop().call_later(EMPTY, self._end, late)

    def see_to(self, path: str) -> None:
        """Take what was written lately to what was displaced, before what came later."""
        for late in self._late.get(path, ()):
            self._see(late)

    def close(self) -> None:
        """Keep what was written to what was displaced: nothing more is sent."""
        self._is_closed = True
        for late in [late for some in self._late.values() for late in some]:
            self._end(late)

    def _end(self, late: _Late) -> None:
        if late in (some := self._late.get(late.path, [])):
            self._see(late, is_last=True)
            late.displaced.close()
            self._disk.touch(late.path)
            some.remove(late)
            if not some:
                self._late.pop(late.path)

    def _see(self, late: _Late, *, is_last: bool = False) -> None:
        """Take what was written to a displaced file since the last look as another edit."""
        content = late.displaced.read()
        words = text_of(content, late.before)
        if words in late.expected or (late.known.seems_cut(content) and not is_last):
            return
        if words is not None:
            late.expected.add(words)
        is_theirs = self._known.get(late.path) is late.known and not self._is_closed
        if words is None or self._sides.reads_only or not is_theirs:
            kept = self._disk.put_aside(late.path, content)
            self._sides.say(f"{late.path}: yours is kept as {kept}.")
            return
        self._sides.take_text(late.path, late.known, words, content)

    def overrule(self, path: str, known: Known, content: bytes, theirs: bytes, words: str) -> None:
        """Put the room's file in the place of the disk's, which is kept."""
        if self._sides.dry:
            self._sides.say(f"{path} {words}")
            return
        kept = self._disk.put_aside(path, content)
        words = f"{path} {words}: the folder has the room's now, yours is kept as {kept}."
        self._sides.say(words)
        self._replace(path, theirs, Known(known.node, digest(content)))
        self._known[path] = known

    def _replace(self, path: str, content: bytes, known: Known) -> None:
        """Write a file. What that displaces is kept, unless it is known."""
        _, file = self._disk.write(path, content)
        if file is None:
            return
        displaced = file.read()
        file.close()
        asyncio.get_running_loop().call_later(EMPTY, self._disk.touch, path)
        if displaced != content and not known.holds(displaced):
            kept = self._disk.put_aside(path, displaced)
            self._sides.say(f"{path} differs: yours is kept as {kept}.")
