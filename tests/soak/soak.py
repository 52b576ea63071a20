"""Several servers on one database, people of both kinds in one room, and faults that a seed draws.

The faults and their order come from the seed; what they meet depends on the machine, so a run
that fails may have to be run again. Two things break at a time, at most: a process, and a link.
When the time is over all is mended, everybody types once more, and tests.support.crowd says
what must be so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from collab.postgres import embedded
from tests.support import memory
from tests.support.balancer import Balancer
from tests.support.crowd import Crowd, crowd
from tests.support.postgres import Postgres
from tests.support.proxy import Proxy
from tests.support.redis import Redis
from tests.support.server import Server

Fault = Callable[[Random], Awaitable[None]]


class Soak:
    """One run. `log` is told each fault as it comes."""

    def __init__(self, seed: int, log: Callable[[str], object]) -> None:
        self.faults = 0
        self.acknowledged = 0
        self._random = Random(seed)
        self._log = log
        self._began = time.monotonic()
        self._postgres: Postgres
        self._redis: Redis | None
        self._servers: list[Server]
        self._links: list[Proxy]

    async def run(self, seconds: float) -> None:
        """Break things for so long. Raises AssertionError."""
        random = self._random
        async with self._parts(random.randint(2, 3)), self._people() as people:
            async with people.typing(pause=0.4):
                async with asyncio.TaskGroup() as group:
                    for fault in (self._break_process, self._break_link):
                        group.create_task(self._go_on(fault, Random(random.random()), seconds))
                self._say(f"{self.faults} faults; nothing breaks any more")
            self.acknowledged = people.acknowledged
            text = await people.agrees(
                self._postgres.url, self._room_id, [server.url for server in self._servers]
            )
        self._say(f"all agree: {self.acknowledged} changes, {len(text)} characters")

    @asynccontextmanager
    async def _parts(self, count: int) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            made = TemporaryDirectory(prefix="collab-", dir=memory.shared_folder())
            folder = Path(stack.enter_context(made))
            server = stack.enter_context(embedded.running(folder / "data"))
            self._postgres = Postgres(folder / "data", server)
            uses_redis = self._random.random() < 0.5
            self._redis = stack.enter_context(Redis()) if uses_redis else None
            options = ("--redis-url", self._redis.url) if self._redis else ()
            self._servers = []
            for _ in range(count):
                starting = asyncio.to_thread(Server, *options, database_url=server.url)
                self._servers.append(stack.enter_context(await starting))
            self._links = [
                await stack.enter_async_context(Proxy(server.url)) for server in self._servers
            ]
            rings = "Redis" if self._redis else "the database"
            self._say(f"{count} servers ring one another over {rings}")
            yield

    @asynccontextmanager
    async def _people(self) -> AsyncIterator[Crowd]:
        self._room_id = await asyncio.to_thread(self._servers[0].create_room)
        count, plain = self._random.randint(8, 12), self._random.randint(1, 3)
        async with (
            Balancer(link.url for link in self._links) as balancer,
            crowd(lambda: balancer.room_url(self._room_id), count, plain=plain) as people,
        ):
            self._say(f"{count} people and {plain} with plain clients are in the room")
            yield people

    async def _go_on(self, fault: Fault, random: Random, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(left, random.uniform(0.5, 3)))
            await fault(random)
            self.faults += 1

    async def _break_process(self, random: Random) -> None:
        number = random.randrange(len(self._servers))
        server = self._servers[number]
        faults: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
            (f"server {number + 1} is killed", server.kill, server.start),
            (f"server {number + 1} is told to stop", server.terminate, server.start),
            ("the database restarts", self._postgres.restart, self._postgres.answers),
            ("the database is killed", self._postgres.kill, self._postgres.answers),
        ]
        if self._redis:
            faults.append(("Redis is killed", self._redis.kill, self._redis.start))
        words, breaks, mends = random.choice(faults)
        pause = random.uniform(0, 1)
        self._say(words)
        await asyncio.to_thread(breaks)
        await asyncio.sleep(pause)
        await asyncio.to_thread(mends)

    async def _break_link(self, random: Random) -> None:
        number = random.randrange(len(self._links))
        link = self._links[number]
        faults: list[tuple[str, Callable[[], object]]] = [
            ("is cut", link.cut),
            ("tears", partial(link.tear, random.randint(1, 5000))),
            ("stalls one way", link.stall),
            ("stalls both ways", partial(link.stall, both=True)),
        ]
        words, breaks = random.choice(faults)
        pause, loses = random.uniform(0.1, 1.5), random.random() < 0.5
        self._say(f"link {number + 1} {words}")
        breaks()
        await asyncio.sleep(pause)
        if loses:
            link.cut()
        link.resume()
        link.mend()

    def _say(self, words: str) -> None:
        self._log(f"{time.monotonic() - self._began:6.1f} s  {words}")
