"""A room with a long past."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import httpx

from collab.protocol import Edit, Origin
from collab.room.state import Entry
from collab.store import log
from ot import Operation
from tests.browser.room import Room
from tests.support.server import DEADLINE, Server

LONG = 50_000
FILES = [f"{'lib/' if n % 2 else ''}f{n}.py" for n in range(20)]


class LongRoom(Room):
    """A room of 20 files and 50,000 revisions, in which Ann and Bo have taken turns.

    Each entry puts a line with its own number at the start of a file.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self.id = server.create_room(files=dict.fromkeys(FILES, ""))
        self.url = f"{server.url}/r/{self.id}"

    async def write(self) -> None:
        rng, begin = Random(1), datetime.now(UTC) - timedelta(days=3)
        async with httpx.AsyncClient(base_url=self._server.url, timeout=DEADLINE) as http:
            listed = (await http.get(f"/rooms/{self.id}/files")).json()
        ids = [one["id"] for one in listed["files"] if one["kind"] == "text"]
        self.main = next(one["id"] for one in listed["files"] if one["path"] == FILES[0])
        self.lines: list[int] = []
        lengths, entries = dict.fromkeys(ids, 0), []
        for number in range(listed["revision"] + 1, LONG + 1):
            file = self.main if number % 500 < 40 else rng.choice(ids)
            if file == self.main:
                self.lines.append(number)
            change = Edit(file, Operation([f"{number}\n", lengths[file]]))
            lengths[file] = change.operation.target_length
            who = ("Ann", "Bo")[number // 100 % 2]
            origin: Origin = "pasted" if number % 1000 == 7 else "typed"
            at = begin + timedelta(seconds=number)
            entries.append(Entry(number, who, number, who, at, change, who, origin))
        async with log.connected(self._server.database_url, statement_timeout=DEADLINE) as kept:
            for start in range(0, len(entries), 1000):
                await kept.append(UUID(self.id), entries[start : start + 1000])
        # A page gives up a link that is silent for seconds, as on a busy machine while this opens.
        async with asyncio.timeout(DEADLINE), httpx.AsyncClient(timeout=DEADLINE) as http:
            url = f"{self._server.url}/rooms/{self.id}/files"
            while (await http.get(url)).json()["revision"] < LONG:
                pass

    def first_line(self, revision: int) -> str:
        """The first line of the first file at a revision."""
        return str(max(line for line in self.lines if line <= revision))
