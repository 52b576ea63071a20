"""The processes of language servers: one for each room and server, few at a time, none for long.

The one that was asked least recently ends when there are too many, and each ends after a while
without a question. A question that takes too long costs its process, and the next one starts a new
one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from logging import getLogger
from typing import Any, TypeVar

from collab.languages.lsp import ServerFailed, ServerGone
from collab.languages.servers import Server
from collab.languages.workspace import Workspace

T = TypeVar("T")
_LOG = getLogger(__name__)


class _Seat:
    """What there is of the process of one room and server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.turn = asyncio.Lock()
        self.workspace: Workspace | None = None
        self.asked = 0
        """The questions that are under way or wait."""
        self.idle: asyncio.TimerHandle | None = None


class Pool:
    """Asks language servers about the files of rooms.

    `most` processes run at a time, each until it has not been asked for `idle` seconds. `limit` is
    the seconds that a question may take.
    """

    def __init__(self, servers: Sequence[Server], *, most: int, idle: float, limit: float) -> None:
        self._servers = servers
        self._most = most
        self._idle = idle
        self._limit = limit
        self._seats: dict[tuple[str, str], _Seat] = {}
        """By room and server; who was asked least recently comes first."""
        self._questions: set[asyncio.Task[Any]] = set()
        self._endings: set[asyncio.Task[None]] = set()

    def knowing(self, language: str, *, completes: bool = False) -> list[Server]:
        """Return the servers that know a language, and that complete where this is wanted."""
        return [
            server
            for server in self._servers
            if language in server.languages and (server.completes or not completes)
        ]

    def is_open(self, server: Server, room: str) -> bool:
        """Tell whether a server can be asked about a room without ending the process of another."""
        return (room, server.name) in self._seats or len(self._seats) < self._most

    async def ask(
        self,
        server: Server,
        room: str,
        files: Mapping[str, str],
        question: Callable[[Workspace], Awaitable[T]],
        *,
        patience: float,
    ) -> T | None:
        """Ask a server about a room that has these files, by path.

        Returns None where there is no answer within `patience` seconds, and where as many processes
        as may run are busy. A question for which nobody waits any more is not asked.
        """
        until = asyncio.get_running_loop().time() + patience
        task = _start(self._ask(server, room, files, question, until), self._questions)
        await asyncio.wait({task}, timeout=patience)
        return task.result() if task.done() else None

    async def close(self) -> None:
        """End all processes, and the waiting questions."""
        questions = list(self._questions)
        for question in questions:
            question.cancel()
        await asyncio.gather(*questions, return_exceptions=True)
        seats = list(self._seats.values())
        self._seats.clear()
        await asyncio.gather(*self._endings, *map(_end, seats))

    async def _ask(
        self,
        server: Server,
        room: str,
        files: Mapping[str, str],
        question: Callable[[Workspace], Awaitable[T]],
        until: float,
    ) -> T | None:
        seat = self._seat(room, server)
        if seat is None:
            return None
        seat.asked += 1
        try:
            async with seat.turn:
                if asyncio.get_running_loop().time() > until:
                    return None
                return await self._answer(seat, files, question)
        finally:
            seat.asked -= 1
            self._rest(room, seat)

    def _seat(self, room: str, server: Server) -> _Seat | None:
        """Return the seat of a room, at the cost of another that nobody asks; None if there is
        none."""
        key = room, server.name
        seat = self._seats.pop(key, None)
        if seat is None:
            if len(self._seats) >= self._most:
                free = next((k for k, other in self._seats.items() if not other.asked), None)
                if free is None:
                    return None
                _start(_end(self._seats.pop(free)), self._endings)
            seat = _Seat(server)
        self._seats[key] = seat
        if seat.idle:
            seat.idle.cancel()
        return seat

    async def _answer(
        self,
        seat: _Seat,
        files: Mapping[str, str],
        question: Callable[[Workspace], Awaitable[T]],
    ) -> T | None:
        try:
            if seat.workspace is None:
                seat.workspace = await Workspace.start(seat.server)
            seat.workspace.show(files)
            async with asyncio.timeout(self._limit):
                return await question(seat.workspace)
        except ServerFailed as error:
            _LOG.debug("%s: %s", seat.server.name, error)
            return None
        except TimeoutError:
            _LOG.warning("%s took more than %s s and was stopped", seat.server.name, self._limit)
        except (ServerGone, OSError, ValueError) as error:
            _LOG.warning("%s ended: %r", seat.server.name, error)
        await _end(seat)
        return None

    def _rest(self, room: str, seat: _Seat) -> None:
        """End a process when nobody has asked it for a while."""
        key = room, seat.server.name
        if seat.asked or self._seats.get(key) is not seat:
            return

        def end() -> None:
            if not seat.asked and self._seats.get(key) is seat:
                del self._seats[key]
                _start(_end(seat), self._endings)

        if seat.idle:
            seat.idle.cancel()
        seat.idle = asyncio.get_running_loop().call_later(self._idle, end)


async def _end(seat: _Seat) -> None:
    workspace, seat.workspace = seat.workspace, None
    if seat.idle:
        seat.idle.cancel()
    if workspace is not None:
        await workspace.close()


def _start(work: Coroutine[Any, Any, T], kept: set[asyncio.Task[T]]) -> asyncio.Task[T]:
    """Start a task, and keep it until it is done."""
    task = asyncio.create_task(work)
    kept.add(task)
    task.add_done_callback(kept.discard)
    return task
