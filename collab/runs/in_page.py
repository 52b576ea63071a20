"""Programs that run in the page of the person who asked for them: the rung `browser`.

The page has a frame that reaches nothing of ours, and tells on its socket what the program does in
there. It is believed as little as a program is. Messages are numbered, and the page sends one at a
time: a page whose connection breaks sends the one again that was not taken.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from collab.errors import PeerError
from collab.live.extension import OpenRoom
from collab.live.hub import Hub
from collab.live.who import Who
from collab.room.session import Session
from collab.runs.messages import PageEnd, Play, Played
from collab.runs.options import RunLimits
from collab.runs.programs import REPORTS, STDERR, STDOUT, Ended, SandboxFailed, Written
from collab.runs.sandbox.written import is_plain

_PATIENCE = 10.0
"""Seconds in which the page has to begin."""
_AWAY = 5.0
"""Seconds that the page may be without a connection."""
_GRACE = 1.0
"""Seconds that the page has to tell what was printed before a stop."""


class PageProgram:
    """A program in a page, used like a `Program`.

    `tell` sends the page a message. `over` is called once the program has ended.
    """

    def __init__(
        self,
        run: int,
        tell: Callable[[Play], None],
        over: Callable[[], None],
        limits: RunLimits,
    ) -> None:
        self._tell = tell
        self._forget = over
        self._limits = limits
        self._play = Play(run)
        self._input = ""
        self._readers = {stream: asyncio.StreamReader() for stream in (STDOUT, STDERR, REPORTS)}
        self._events: asyncio.Queue[Mapping[str, Any] | Ended | SandboxFailed] = asyncio.Queue()
        self._files: dict[str, tuple[int, bytearray]] = {}
        self._shut: set[int] = set()
        self._collected = 0
        self._over = False
        loop = asyncio.get_running_loop()
        self._no_longer = loop.call_later(limits.time, self.kill, "time")
        self._lost = loop.call_later(_PATIENCE, self.kill, "lost")
        self._say()

    # From the page

    def take(self, message: Played) -> None:
        """Take a message of the page; one that came before is only acknowledged."""
        self._lost.cancel()
        if message.n == self._play.n + 1 and not self._over:
            self._play = replace(self._play, n=message.n)
            for stream, text in message.parts:
                if stream not in self._shut:
                    self._readers[stream].feed_data(text.encode("utf-8", "replace"))
            for path, size, piece in message.files:
                self._collect(path, size, piece)
            if message.waiting is not None:
                self._events.put_nowait({"waiting": message.waiting})
            if message.ended:
                self._take_end(message.ended)
        self._say()

    def away(self) -> None:
        """The page has no connection."""
        self._lost.cancel()
        self._lost = asyncio.get_running_loop().call_later(_AWAY, self.kill, "lost")

    def back(self) -> None:
        """The page has a connection again."""
        self._lost.cancel()
        self._say_all()

    # As of a `Program`

    async def events(self) -> AsyncIterator[Mapping[str, Any] | Ended]:
        """Raises SandboxFailed."""
        while True:
            event = await self._events.get()
            if isinstance(event, SandboxFailed):
                raise event
            yield event

    async def read(self, stream: int) -> asyncio.StreamReader:
        return self._readers[stream]

    def shut(self, stream: int) -> None:
        """Take nothing more of a stream."""
        self._shut.add(stream)

    def write(self, data: bytes) -> None:
        self._input += data.decode()
        self._say_all()

    def end_input(self) -> None:
        self._play = replace(self._play, end=True)
        self._say_all()

    def stop(self) -> None:
        """Have the page end the program, which it can whatever the program does."""
        self._play = replace(self._play, stop=True)
        self._say()
        asyncio.get_running_loop().call_later(_GRACE, self.kill, "stopped")

    def kill(self, reason: str) -> None:
        """End the run, whatever the page says."""
        self._finish(Ended(reason))

    def written(self) -> list[Written]:
        return [
            Written(path, size, bytes(body) if len(body) == size else None)
            for path, (size, body) in sorted(self._files.items())
        ]

    def close(self) -> None:
        self._finish(Ended("lost"))

    def _take_end(self, end: PageEnd) -> None:
        if end.reason == "failed":
            self._finish(SandboxFailed(end.words or "the page says nothing"))
        else:
            self._finish(Ended(end.reason, end.exit))

    def _collect(self, path: str, size: int, piece: str) -> None:
        if not is_plain(path) or (
            path not in self._files and len(self._files) >= self._limits.written_files
        ):
            return
        _, body = self._files.setdefault(path, (size, bytearray()))
        try:
            data = b64decode(piece, validate=True)
        except ValueError:
            return
        self._collected += len(data)
        if self._collected <= self._limits.written:
            body += data

    def _finish(self, end: Ended | SandboxFailed) -> None:
        if self._over:
            return
        self._over = True
        self._forget()
        self._lost.cancel()
        self._no_longer.cancel()
        self._play = replace(self._play, stop=True)
        self._say()
        for reader in self._readers.values():
            reader.feed_eof()
        self._events.put_nowait(end)

    def _say(self) -> None:
        self._tell(self._play)

    def _say_all(self) -> None:
        self._tell(replace(self._play, input=self._input))


class InPages:
    """The programs of runs of this process that are in pages."""

    def __init__(self, limits: RunLimits) -> None:
        self._limits = limits
        self._sessions: dict[tuple[UUID, str], Session] = {}
        self._programs: dict[tuple[UUID, int], tuple[str, PageProgram]] = {}

    def begin(self, hub: Hub) -> None:
        self._hub = hub

    def start(self, room_id: UUID, revision: int, client: str) -> PageProgram:
        """Have the page of a client run a program."""

        def tell(message: Play) -> None:
            if session := self._sessions.get((room_id, client)):
                self._hub.tell(room_id, [session], message)

        def over() -> None:
            self._programs.pop((room_id, revision), None)

        program = PageProgram(revision, tell, over, self._limits)
        self._programs[room_id, revision] = client, program
        return program

    async def take(self, room_id: UUID, session: Session, message: Played) -> None:
        """Take what a page tells of its program. Raises PeerError."""
        client, program = self._programs.get((room_id, message.run), (session.client, None))
        if client != session.client:
            raise PeerError("unknown_run", f"The run {message.run} is not in this page.")
        if program:
            program.take(message)
        else:
            # It has ended for everybody else.
            self._hub.tell(room_id, [session], Play(message.run, message.n, stop=True))

    async def joined(self, room: OpenRoom, session: Session, _who: Who | None) -> None:
        self._sessions[room.room_id, session.client] = session
        for program in self._of(room.room_id, session):
            program.back()

    def left(self, room_id: UUID, session: Session) -> None:
        if self._sessions.get((room_id, session.client)) is session:
            del self._sessions[room_id, session.client]
            for program in self._of(room_id, session):
                program.away()

    def _of(self, room_id: UUID, session: Session) -> list[PageProgram]:
        return [
            program
            for (room, _), (client, program) in self._programs.items()
            if room == room_id and client == session.client
        ]
