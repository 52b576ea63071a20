"""Brings what a folder has into the room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from collab.client import NotThere, Taken
from collab.mirror.disk import Seen
from collab.mirror.giving import Giving
from collab.mirror.known import as_sent, read_known, settled, text_of
from collab.mirror.sides import Sides

_GONE = 0.15
"""Seconds for which a file is gone before that is believed: many writers rename it first."""
_FEW = 5
"""Files whose deletion at once is never asked about."""


class Taking:
    """Looks at the disk. `may_remove` is asked before many files are removed from the room."""

    def __init__(
        self, sides: Sides, giving: Giving, may_remove: Callable[[int], Awaitable[bool]]
    ) -> None:
        self._sides, self._giving, self._may_remove = sides, giving, may_remove
        self._room, self._disk, self._known = sides.room, sides.disk, sides.known

    async def look(self, paths: Iterable[str] | None) -> None:
        """Take what has changed at some paths, or anywhere. Raises OSError where the folder is
        gone."""
        sides = self._sides
        if sides.dry and not self._disk.folder.exists():
            return
        found = None if paths is None else self._look_at(paths)
        if found is None:
            found = await self._scan()
        found = self._without_large(found)
        changed, more = await settled(self._disk, found, self._known, sides.passed)
        if more:
            sides.on_disk.add(*more)
        for path, content in changed.items():
            self._giving.see_to(path)
            try:
                await self._take(path, found[path], content)
            except NotThere:
                sides.on_disk.add(None)  # it has gone meanwhile

    def _look_at(self, paths: Iterable[str]) -> dict[str, Seen] | None:
        """Return the files at some paths, None where only a scan tells what has happened."""
        found: dict[str, Seen] = {}
        for path in paths:
            seen = self._disk.look(path)
            if path in self._known and seen and not self._disk.is_rules(path):
                found[path] = seen
            elif not self._disk.is_noise(path):
                return None
        return found

    async def _scan(self) -> dict[str, Seen]:
        sides, known = self._sides, self._known
        found = await asyncio.to_thread(self._disk.scan)
        sides.look_anew(found)
        for path in [path for path in known if not sides.is_ours(path)]:
            known.pop(path)  # it is ignored from now on, and stays on both sides
            sides.to_keep.add(path)
        if gone := sorted(known.keys() - found.keys()):
            await self._take_gone(gone, self._without_large(found))
        sides.in_room.add(None)
        return found

    def _without_large(self, found: dict[str, Seen]) -> dict[str, Seen]:
        """Pass over files that no room takes, without reading them."""
        most = self._room.limits["asset"]
        for path in [path for path, seen in found.items() if seen.size > most]:
            found.pop(path)
            self._sides.say_once(f"{path} stays here: a room takes files of up to {most} bytes.")
        return found

    async def _take_gone(self, gone: list[str], found: dict[str, Seen]) -> None:
        sides, known = self._sides, self._known
        await asyncio.sleep(_GONE)
        gone = [path for path in gone if self._disk.is_gone(path)]
        if not gone:
            return
        new = {path: self._disk.read(path) for path in found if path not in known}
        gone = [path for path in gone if sides.reads_only or not await self._take_move(path, new)]
        many = len(gone) > max(_FEW, len(known) // 2)
        if many and not (sides.dry or sides.reads_only) and not await self._may_remove(len(gone)):
            sides.say(f"{len(gone)} files are gone from the folder: the room's come back.")
        elif not sides.reads_only:
            for path in gone:
                await self._remove(path)
            return
        for path in gone:
            known.pop(path)
            sides.to_keep.add(path)

    async def _take_move(self, path: str, new: dict[str, bytes | None]) -> bool:
        """Tell whether a file that is gone is one of the new ones, and if so, move the room's."""
        known = self._known
        holds = known[path].holds
        to = next((to for to, content in new.items() if content and holds(content)), None)
        if to is None:
            return False
        new.pop(to)
        if await self._sides.act(f"{path} is {to} now", lambda: self._room.move(path, to)):
            known[to] = known.pop(path)
            self._sides.to_keep.add(path, to)
        return True

    async def _remove(self, path: str) -> None:
        known, sides = self._known[path], self._sides
        if known.versions and known.versions.is_behind:
            sides.say(f"{path} comes back: somebody has edited it since.")
            self._known.pop(path)
        elif self._disk.is_gone(path):
            done = await sides.act(f"{path} is removed", lambda: self._room.remove(path))
            if done and not sides.dry:
                self._known.pop(path)
        sides.to_keep.add(path)

    async def _take(self, path: str, seen: Seen, content: bytes) -> None:
        """Bring a file of the disk into the room."""
        sides, known = self._sides, self._known.get(path)
        if known is None and (node := sides.node_at(path)):
            if node.path != path:
                sides.say(f"{path} stays here: for a room it has the same name as {node.path}.")
            else:
                known, theirs = await read_known(self._room, path)
                if known.holds(content):
                    self._known[path] = known
                else:
                    self._giving.overrule(path, known, content, theirs, "differs")
        elif sides.reads_only:
            if known:
                known, theirs = await read_known(self._room, path)
                words = "was changed here, which is read-only"
                self._giving.overrule(path, known, content, theirs, words)
        elif known and known.text and known.versions:
            words_of = text_of(content, known.versions.latest)
            if words_of is None:
                await self._send(path, seen, content)
            elif sides.dry:
                sides.say(f"{path} is sent")
            else:
                sides.take_text(path, known, words_of, content)
        else:
            await self._send(path, seen, content)
            return
        if path in self._known:
            self._known[path].seen = seen
            sides.to_keep.add(path)
        else:
            sides.passed[path] = seen

    async def _send(self, path: str, seen: Seen, content: bytes) -> None:
        """Send a whole file. Where there is no link, it is seen again once there is one."""
        words = text_of(content)
        sent = content if words is None else words.encode()
        done = False

        async def act() -> None:
            nonlocal done
            write = self._room.write if path in self._known else self._room.add
            try:
                await write(path, sent)
                done = True
            except Taken:  # somebody has added it at this moment
                self._sides.on_disk.add(path)

        if not await self._sides.act(f"{path} is sent", act):
            return
        self._sides.passed[path] = seen
        if done:
            known, _ = await read_known(self._room, path)
            as_sent(known, content)
            known.seen = seen
            self._known[path] = known
            self._sides.to_keep.add(path)
