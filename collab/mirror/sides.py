"""The state that both directions of a mirror share: the two sides, and what is known of each
file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from collab.client import Busy, Node, NoServer, NotThere, Refused, Room, RoomError
from collab.mirror.disk import Disk, Seen
from collab.mirror.known import Known


class Due:
    """Paths that are to be looked at, or all of them, which is said with None."""

    def __init__(self, woken: Callable[[], None]) -> None:
        self._woken = woken
        self._paths: set[str] | None = set()

    def add(self, *paths: str | None) -> None:
        if None in paths:
            self._paths = None
        elif self._paths is not None:
            self._paths.update(path for path in paths if path is not None)
        self._woken()

    def take(self) -> set[str] | None:
        """Return the paths, which are due no more."""
        taken, self._paths = self._paths, set()
        return taken


class Sides:
    """A room and a folder. `say` gets words for the person."""

    def __init__(
        self, room: Room, disk: Disk, *, reads_only: bool, dry: bool, say: Callable[[str], None]
    ) -> None:
        self.room, self.disk, self.say = room, disk, say
        self.reads_only, self.dry = reads_only, dry
        self.known: dict[str, Known] = {}
        """The files that both sides have, by path."""
        self.passed: dict[str, Seen] = {}
        """The files that only the disk has and that are not sent to the room, by path."""
        self.wake = asyncio.Event()
        self.on_disk, self.in_room = Due(self.wake.set), Due(self.wake.set)
        self.to_keep = Due(self.wake.set)
        """Gathers the paths at which the other side may have news, and what is to be remembered."""
        self._ours: dict[str, bool] = {}
        self._said: set[str] = set()

    def say_once(self, words: str) -> None:
        if words not in self._said:
            self._said.add(words)
            self.say(words)

    def is_ours(self, path: str) -> bool:
        """Tell whether a path is to be kept in step, as far as the last scan knows."""
        if path not in self._ours:
            self._ours[path] = self.disk.is_ours(path)
        return self._ours[path]

    def look_anew(self, found: Iterable[str]) -> None:
        """Note which files a scan has found to be kept in step. All others are asked about anew."""
        self._ours = dict.fromkeys(found, True)

    def node_at(self, path: str) -> Node | None:
        """Return the file of the room that has a path, or one that the room takes for the same."""
        try:
            node = self.room.find(path)
        except NotThere:
            return None
        return None if node.kind == "folder" else node

    def take_text(self, path: str, known: Known, words: str, content: bytes) -> None:
        """Make what the disk has of a text an edit of the room's."""
        assert known.text
        assert known.versions
        edit, doubtful = known.versions.take(words)
        if doubtful:
            kept = self.disk.put_aside(path, doubtful.encode())
            self.say(f"{path}: lines that your save took away are kept as {kept}.")
        known.text.apply(edit)
        known.unsaved = content
        if known.saving is None:
            known.saving = asyncio.create_task(self._saved(path, known))
        self.in_room.add(path)

    async def _saved(self, path: str, known: Known) -> None:
        """Wait until what the disk has sent is in the log. What is refused is kept."""
        assert known.text
        try:
            await known.text.saved()
        except Refused as error:
            kept = self.disk.put_aside(path, known.unsaved or b"")
            self.say(f"{path} is refused: {error} What you wrote is kept as {kept}.")
        except RoomError:
            return  # which ends the mirror
        known.saving = known.unsaved = None
        self.in_room.add(path)
        self.to_keep.add(path)

    async def act(self, words: str, act: Callable[[], Awaitable[object]]) -> bool:
        """Change the room, or with `dry` only say so. Returns False where the server does not
        answer or has no time: it is tried again."""
        if self.dry:
            self.say(words)
            return True
        try:
            await act()
            self.say(words)
        except (NoServer, Busy):
            return False
        except NotThere:
            pass
        except RoomError as error:
            self.say(f"{words}? The room says no: {error}")
        return True
