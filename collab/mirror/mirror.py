"""Keeps a folder and a room in step.

Events of the watcher and of the room are hints: each round compares what the disk has with what it
was last known to have, and the room with the disk. So nothing depends on an event that is lost.
What a hint names is looked at alone; a scan of all files comes where it names a folder, or what is
not known, and from time to time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from collab.client import Added, Connected, Edited, Event, Moved, Removed, Replaced, Room
from collab.mirror.disk import OWN, Disk
from collab.mirror.giving import Giving
from collab.mirror.known import recall
from collab.mirror.sides import Sides
from collab.mirror.state import State
from collab.mirror.taking import Taking
from collab.mirror.watching import Watch

_HINTS = (Added, Connected, Moved, Removed, Replaced)


class Mirror:
    """One folder and one room, in which the caller is.

    `say` gets words for the person; `may_remove` is asked before many files are removed from the
    room at once. Raises RoomError for a folder that is another room's or another mirror's.
    """

    def __init__(
        self,
        room: Room,
        folder: Path,
        *,
        reads_only: bool = False,
        dry: bool = False,
        say: Callable[[str], None] = print,
        may_remove: Callable[[int], Awaitable[bool]],
    ) -> None:
        self._room, self._disk = room, Disk(folder, room.limits["asset"])
        address = f"{room.address.server}/r/{room.address.room}"
        self._state = State(self._disk.folder / OWN, address, dry=dry)
        self._sides = Sides(room, self._disk, reads_only=reads_only, dry=dry, say=say)
        self._giving = Giving(self._sides)
        self._taking = Taking(self._sides, self._giving, may_remove)
        self._watch = Watch(self._disk, self._look)

    async def run(self) -> None:
        """Stay in step until the room is closed to this program. Raises RoomError, and OSError
        where the folder is gone."""
        end = self._room.listen(self._hear)
        watching = asyncio.create_task(self._watch.run())
        ending = asyncio.create_task(self._room.until(lambda: False))
        running = asyncio.create_task(self._stay())
        tasks = [running, watching, ending]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            end()
            await _cancel(tasks)
            self._giving.close()
            await _cancel([known.saving for known in self._sides.known.values() if known.saving])
            self._state.close()

    async def step_once(self) -> None:
        """Bring both sides in step once, or with `dry` say what that would be."""
        try:
            await self._recall()
            await self._step()
        finally:
            self._state.close()

    async def _stay(self) -> None:
        await self._recall()
        while True:
            self._sides.wake.clear()
            await self._step()
            await self._sides.wake.wait()

    async def _step(self) -> None:
        """First take what the disk has done, then give what the room has."""
        paths = self._sides.on_disk.take()
        if paths is None or paths:
            await self._taking.look(paths)
            self._watch.check()
        await self._giving.look(self._sides.in_room.take())
        self._keep(self._sides.to_keep.take())

    def _look(self, paths: Iterable[str] | None) -> None:
        self._sides.on_disk.add(*([None] if paths is None else paths))

    def _hear(self, event: Event) -> None:
        if isinstance(event, Edited):
            self._hear_edit(event)
        if isinstance(event, Connected):
            self._look(None)
        if isinstance(event, _HINTS):
            self._sides.in_room.add(None)

    def _hear_edit(self, event: Edited) -> None:
        known, path = self._sides.known, event.path
        one = known.get(path)
        if one is None or one.text is None or one.text.path != path:  # it has another path here
            has = (at for at, one in known.items() if one.text and one.text.path == path)
            path = next(has, "")
        if path and (versions := known[path].versions):
            versions.follow(event.operation)
            self._sides.in_room.add(path)

    # What is remembered

    async def _recall(self) -> None:
        """Begin where the mirror ended last."""
        self._sides.on_disk.add(None)
        self._sides.in_room.add(None)
        nodes = {node.id: node for node in self._room.nodes if node.kind != "folder"}
        for path, kept in list(self._state.kept.items()):
            if not self._sides.is_ours(path):
                continue
            node, disk = nodes.get(kept.node), self._disk.read(path)
            known = await recall(self._room, node.path if node else None, kept, disk)
            self._sides.known[path] = known
            if node is None:
                self._giving.drop(path)

    def _keep(self, paths: Iterable[str] | None) -> None:
        before, known = self._state.kept, self._sides.known
        if paths is None:
            paths = before.keys() | known.keys()
        now = {path: known[path].to_keep(before.get(path)) for path in paths if path in known}
        changed = {path: kept for path, kept in now.items() if kept and kept != before.get(path)}
        self._state.keep(changed, {path for path in paths if path not in known and path in before})


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    """End tasks, and wait until they have."""
    for task in (waiting := list(tasks)):
        task.cancel()
    if waiting:
        await asyncio.wait(waiting)
