"""A room that a program is in, and the texts that it has open there."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any, Self

from collab.client.address import Address
from collab.client.errors import NotThere, Refused, RoomError, Stale
from collab.client.events import Added, Edited, Event, Moved, Person, Removed, Replaced
from collab.client.link import Link
from collab.client.remote import Remote
from collab.client.replica import Own, Replica
from ot import Operation, diff

_OF_FILES = (Edited, Added, Moved, Removed, Replaced)
_A = {"folder": "a folder", "asset": "a file of bytes"}
_MOST_EVENTS = 10_000
"""Events that wait for one watcher. The oldest are dropped: what the room has is in the room."""


def connect(
    address: str,
    *,
    name: str,
    token: str | None = None,
    colour: int = 0,
    server: str | None = None,
    agent_for: str = "",
) -> Room:
    """Return a room to be entered: `async with connect(link, name="Build bot") as room`.

    `address` is a link as people send it, also one that gives a role (https://HOST/r/ID#key=…), or
    a room's id on `server`, by default COLLAB_SERVER. `token` is an API token of an account, which
    the room's server is shown. `colour` is 0 to 7. An agent, which acts for a person,
    says for whom. Raises RoomError for what is no address.
    """
    return Room(
        Address.parse(address, server), name, token=token, colour=colour, agent_for=agent_for
    )


@dataclass(frozen=True, slots=True)
class Node:
    """A file, a folder or an asset (a file of bytes, of which `size` is known). `id` stays."""

    id: str
    path: str
    kind: str
    size: int | None = None
    blob: str | None = None
    """The SHA-256 of an asset."""


class Text:
    """A text that is open: `text` is what the room has, with what was typed here on it."""

    def __init__(self, room: Room, replica: Replica, file: str) -> None:
        self._room, self._replica = room, replica
        self.id = file

    @property
    def path(self) -> str:
        return self._replica.tree.path(self.id)

    @property
    def text(self) -> str:
        return self._replica.shown[self.id]

    def replace(self, start: int, end: int, text: str) -> None:
        """Replace the code points from `start` to `end`. Raises ot.OperationError out of bounds."""
        self.apply(Operation([start, text, start - end, len(self.text) - end]))

    def patch(self, old: str, new: str) -> None:
        """Replace a text that occurs once. Of both only the difference is written, so that carets
        stay. Raises Stale, and then changes nothing."""
        found = self.text.count(old) if old else 0
        if found != 1 or self.text.find(old, self.text.find(old) + 1) >= 0:
            times = "does not occur" if not found else "occurs more than once"
            raise Stale("stale_text", f"The text to be replaced {times} in {self.path}.")
        at = self.text.index(old)
        rest = len(self.text) - at - len(old)
        self.apply(Operation([at, *diff(old, new).components, rest]))

    def write(self, text: str) -> None:
        """Make this the whole text, by the difference alone."""
        self.apply(diff(self.text, text))

    def apply(self, edit: Operation) -> None:
        """Apply an operation on `text`. Raises ot.OperationError where it does not fit."""
        self._replica.edit(self.id, edit)
        self._room.wake()

    def point(self, start: int, end: int | None = None) -> None:
        """Show the others a caret, or a selection from `start` to `end`. Raises ot.OperationError
        out of bounds."""
        self._replica.point(self.id, [(start, start if end is None else end)])
        self._room.wake()

    @property
    def is_saved(self) -> bool:
        """Whether nothing that was typed here is on its way."""
        return not self._replica.is_waiting(self.id)

    async def saved(self) -> None:
        """Wait until all that was typed here is in the log. Raises Refused for what is not, once,
        and NoEntry where the room is closed to this program."""
        await self._room.until(lambda: self.is_saved)
        refused = [own for own in self._replica.refused if own.file == self.id]
        if refused:
            self._replica.refused = [o for o in self._replica.refused if o.file != self.id]
            raise _refusal(refused[0], [text for own in refused for text in own.texts])

    def close(self) -> None:
        """Cease to follow the text."""
        self._replica.drop(self.id)


class Room(Remote):
    """A room that a program is in. Paths are as people see them, such as src/main.py."""

    def __init__(
        self,
        address: Address,
        name: str,
        *,
        token: str | None = None,
        colour: int = 0,
        agent_for: str = "",
    ) -> None:
        super().__init__(address, name=name, token=token)
        self._replica = Replica(name, self.person, colour, agent_for)
        self._link = Link(self._replica, address.socket, self.credentials, self._told)
        self._news = asyncio.Event()
        self._listeners: list[Callable[[Event], None]] = []
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._link.run())
        self._running.add_done_callback(lambda _: self._told())
        try:
            await self.until(lambda: self._replica.revision >= 0)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])
        await self.rest.leave()

    # What is there

    @property
    def revision(self) -> int:
        """The last revision of the log that is known here."""
        return self._replica.revision

    @property
    def is_connected(self) -> bool:
        return self._replica.is_joined

    @property
    def role(self) -> str | None:
        """What this program may do here: viewer, commenter, editor or owner."""
        return self._replica.role

    @property
    def limits(self) -> dict[str, int]:
        """What a room takes, as PROTOCOL.md has it: `text`, `asset`, `files` and others."""
        return self._replica.limits

    @property
    def people(self) -> list[Person]:
        """Everybody else in the room."""
        return list(self._replica.others.here.values())

    @property
    def nodes(self) -> list[Node]:
        """All files and folders that are not removed, by path."""
        tree = self._replica.tree
        nodes = [self._node(node) for node in tree if tree.is_living(node)]
        return sorted(nodes, key=lambda node: node.path)

    def find(self, path: str) -> Node:
        """Return what is at a path. Raises NotThere."""
        node = self._replica.tree.find(path.strip("/"))
        if node is None:
            raise NotThere("unknown_file", f"There is no file {path} in this room.")
        return self._node(node)

    def _node(self, node: str) -> Node:
        tree, asset = self._replica.tree, self._replica.assets.get(node)
        kind = "folder" if tree[node].is_folder else "asset" if asset else "file"
        return Node(node, tree.path(node), kind, *(asset[::-1] if asset else ()))

    # Texts and files

    async def open(self, path: str) -> Text:
        """Open a text, and follow it. Raises NotThere, and RoomError for what is no text."""
        node = self.find(path)
        if node.kind != "file":
            raise RoomError("no_text", f"{path} is no text, it is {_A[node.kind]}.")
        self._replica.hold(node.id)
        self.wake()
        await self.until(lambda: node.id in self._replica.shown)
        return Text(self, self._replica, node.id)

    async def read(self, path: str) -> str:
        """Return the text of a file. Raises as `open`."""
        return (await self.open(path)).text

    async def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that occurs once in a file, and wait until that is saved.

        Raises Stale, Refused, and as `open`.
        """
        text = await self.open(path)
        text.patch(old, new)
        await text.saved()

    async def write(self, path: str, content: str | bytes) -> None:
        """Make this the content of a file, and wait until it is saved. A missing file is added with
        its folders; of a text only the difference is written. Bytes that are UTF-8 are a text.

        Raises RoomError.
        """
        if isinstance(content, str) and self._replica.tree.find(path.strip("/")):
            text = await self.open(path)
            text.write(content)
            await text.saved()
            return
        await self.put(path, content.encode() if isinstance(content, str) else content)

    async def _changed(self, method: str, path: str, **options: Any) -> int:
        revision = await super()._changed(method, path, **options)
        await self.until(lambda: self._replica.revision >= revision)
        return revision

    # People

    def point(self, path: str, start: int, end: int | None = None) -> None:
        """Show the others a caret in a text that is open. Raises NotThere, RoomError, and
        ot.OperationError out of bounds."""
        file = self.find(path).id
        if file not in self._replica.shown:
            raise RoomError("not_open", f"{path} is not open here.")
        Text(self, self._replica, file).point(start, end)

    async def comment(
        self, path: str, start: int, end: int, words: str, *, suggestion: str | None = None
    ) -> None:
        """Begin a thread about a part of a text, as it is shown here, with a text that may stand
        there instead. Raises RoomError."""
        node = self.find(path)
        await (await self.open(path)).saved()
        anchor = {"file": node.id, "revision": self.revision, "start": start, "end": end}
        await self.say(words, anchor=anchor, **({"suggestion": suggestion} if suggestion else {}))

    def stop_agent(self, client: str) -> None:
        """Send an agent away, by its `client` among `people`."""
        self._replica.stop_agent(client)
        self.wake()

    # What happens

    def watch(self, pattern: str | None = None) -> AsyncIterator[Event]:
        """Yield what happens from this call on. With a pattern such as *.py, what happens to files
        whose path matches it.

        Raises NoEntry where the room is closed to this program.
        """
        waiting: deque[Event] = deque(maxlen=_MOST_EVENTS)

        def told(event: Event) -> None:
            if pattern is None or (isinstance(event, _OF_FILES) and fnmatch(event.path, pattern)):
                waiting.append(event)

        return self._watched(waiting, self.listen(told))

    def listen(self, told: Callable[[Event], None]) -> Callable[[], None]:
        """Have a function called with each event, before anything else happens: a text is then as
        the event has made it. Returns what ends this."""
        self._listeners.append(told)
        return lambda: self._listeners.remove(told)

    async def _watched(
        self, waiting: deque[Event], end: Callable[[], None]
    ) -> AsyncIterator[Event]:
        try:
            while True:
                await self.until(lambda: waiting)
                yield waiting.popleft()
        finally:
            end()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds, which may change with each message of the server.

        Raises NoEntry where the room is closed to this program.
        """
        while not holds():
            self.check()
            self._news.clear()
            await self._news.wait()

    def wake(self) -> None:
        """Send what is to be sent."""
        self._link.wake()

    def check(self) -> None:
        """Raise NoEntry where the room is closed to this program."""
        if self._running and self._running.done():
            self._running.result()

    def _told(self) -> None:
        events, self._replica.events = self._replica.events, []
        for event in events:
            for told in list(self._listeners):
                told(event)
        self._news.set()


def _refusal(own: Own, lost: list[str]) -> Refused:
    return Refused(*own.refusal, lost)
