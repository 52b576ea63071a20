"""Measure what access costs those who type, and how soon it holds. Each figure is beside its peer,
measured in turns, all in one run.

uv run python -m tests.bench.access
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from functools import partial
from statistics import median
from urllib.parse import urlsplit

import asyncpg

from collab.store import appends
from tests.access.people import Browser
from tests.access.sockets import opened
from tests.bench.floods import flooding
from tests.bench.measured import serving
from tests.bench.talk import Typist, in_turns, p95, told
from tests.support.database import new_room
from tests.support.server import Server
from tests.support.sockets import Socket, ot_socket

ROUNDS = 150
APPENDS = 1000
CHANGES = 30
COMPARES = "and access = $12"
DOES_NOT = "and $12::bigint is not null"


async def joins(server: Server, other: Server) -> None:
    """A stranger in an open room, and known people there and in a private one, from dialling to
    `joined`. Whose a session is that a server has not seen for a minute, the join itself asks.
    """
    owner = Browser(server)
    owner.sign_up()
    private = owner.post("/rooms", {"initial_code": "x"}).json()["roomId"]
    owner.ask("PATCH", f"/rooms/{private}/access", {"open": "none"})
    open_to_all = server.create_room(initial_code="x")

    async def join(room_id: str, cookie: str) -> float:
        began = time.perf_counter()
        async with opened(server, room_id, cookie=cookie) as socket:
            await socket.join("ann")
            return 1000 * (time.perf_counter() - began)

    async with opened(server, private, cookie=owner.cookie), opened(server, open_to_all):
        for what, room_id in (("signed in", open_to_all), ("into a private room", private)):
            first, second = await in_turns(
                lambda: join(open_to_all, ""), partial(join, room_id, owner.cookie), ROUNDS
            )
            told(f"join, median: a stranger, {what}", median(first), median(second), 1.05)

        async def after_a_guest(*, joins: bool) -> float:
            """Making a guest leaves caches cold, so a stranger joins after it, too."""
            guest = Browser(other)
            await asyncio.to_thread(guest.post, "/me/guest")
            return await join(open_to_all, guest.cookie if joins else "")

        first, second = await in_turns(
            lambda: after_a_guest(joins=False), lambda: after_a_guest(joins=True), ROUNDS
        )
        told("join, median: a stranger, a guest seen first", median(first), median(second), 1.05)


async def appended(server: Server) -> None:
    """The statement that commits one entry, without and with the comparison of access."""
    connection = await asyncpg.connect(server.database_url)
    fence = appends._APPEND_ONE
    assert COMPARES in fence
    rooms = [await asyncio.to_thread(new_room, server.database_url) for _ in range(2)]
    statements = [
        await connection.prepare(one) for one in (fence.replace(COMPARES, DOES_NOT), fence)
    ]
    heads = [0, 0]
    turns = 0

    async def append(which: int) -> float:
        nonlocal turns
        room = (which + turns // 2) % 2  # each statement writes to both rooms, in turns
        turns += 1
        revision = heads[room] = heads[room] + 1
        change = '["edit", "main", ["x"]]'
        row = (revision, "ann", revision, "Ann", datetime.now(UTC), change, None, None)
        began = time.perf_counter()
        await statements[which].fetch(rooms[room], revision - 1, 1, *row, 0)
        return 1000 * (time.perf_counter() - began)

    first, second = await in_turns(lambda: append(0), lambda: append(1), APPENDS)
    for room_id in rooms:
        head = await connection.fetchval("select head from room where id = $1", room_id)
        assert head == APPENDS
    await connection.close()
    told("append, median: without the comparison, with it", median(first), median(second), 1.05)


async def told_elsewhere(one: Server, other: Server) -> None:
    """An edit, and a role that changes, until somebody on another server is told."""
    owner = Browser(one)
    owner.sign_up()
    room_id = owner.post("/rooms", {"initial_code": ""}).json()["roomId"]
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(one.url).port)
    async with (
        opened(one, room_id, cookie=owner.cookie) as typing,
        ot_socket(other.room_url(room_id)) as seeing,
    ):
        typist = Typist(typing, await typing.join("typist"))
        await seeing.join("seer")
        locked = False

        async def edit() -> float:
            began = time.perf_counter()
            typed = asyncio.create_task(typist.type())
            while not isinstance(await seeing.receive(), list):
                pass
            took = time.perf_counter() - began
            await typed
            return 1000 * took

        async def lock() -> float:
            nonlocal locked
            locked = not locked
            body = json.dumps({"locked": locked})
            request = (
                f"PATCH /rooms/{room_id}/access HTTP/1.1\r\nHost: {urlsplit(one.url).netloc}\r\n"
                f"Cookie: {owner.cookie}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}"
            )
            began = time.perf_counter()
            writer.write(request.encode())
            await hears(seeing, "access")
            took = time.perf_counter() - began
            answer = await reader.readuntil(b"}")
            assert b" 200 OK" in answer, answer
            return 1000 * took

        edits, locks = await in_turns(edit, lock, CHANGES)
    writer.close()
    told("told on another server, median: an edit, a role", median(edits), median(locks), 2.0)


async def hears(socket: Socket, kind: str) -> None:
    while True:
        message = await socket.receive()
        if isinstance(message, dict) and message["type"] == kind:
            return


async def flooded(server: Server) -> None:
    """The acknowledgement of an edit, alone and while many try to sign in at once."""
    Browser(server).sign_up("flooded")
    room_id = server.create_room(initial_code="")
    quiet: list[float] = []
    loud: list[float] = []
    compared = refused = 0
    async with ot_socket(server.room_url(room_id)) as socket:
        typist = Typist(socket, await socket.join("typist"))
        for _ in range(50):
            await typist.type()
        for _ in range(4):
            async with flooding("signins", server.url, "flooded") as flood:
                quiet += [await typist.type() for _ in range(ROUNDS)]
                await flood.begin()
                await asyncio.sleep(0.5)
                loud += [await typist.type() for _ in range(ROUNDS)]
                counts = await flood.end()
            compared, refused = compared + counts[0], refused + counts[1]
    told("ack of an edit, p95: alone, in a flood of sign-ins", p95(quiet), p95(loud), 1.5)
    sys.stdout.write(f"  the flood: {compared} passwords compared, {refused} tries refused\n")


async def ended(one: Server, other: Server) -> None:
    """A sign-out, until the socket of that session on another server is closed."""
    name = Browser(one).sign_up()
    room_id = one.create_room(initial_code="")
    took: list[float] = []
    for _ in range(CHANGES // 3):
        browser = Browser(one)
        assert browser.sign_in(name).status_code == 200
        async with opened(other, room_id, cookie=browser.cookie) as socket:
            await socket.join("ann")
            began = time.perf_counter()
            signing_out = asyncio.create_task(asyncio.to_thread(browser.post, "/auth/signout"))
            await hears(socket, "error")
            took.append(1000 * (time.perf_counter() - began))
            await signing_out
    sys.stdout.write(
        f"{'a session that ended, until its socket elsewhere is closed':58}"
        f" {median(took):8.2f} ms, at most {max(took):8.2f} ms  (at most 1000 ms)\n"
    )


MANY = ("--limit-access-tries=1000000", "--limit-access-tries-account=1000000")
NETWORK = ("--limit-access-tries-network=1000000", "--limit-access-sign-ups=1000000")


async def main() -> None:
    options = (*MANY, *NETWORK)
    with serving(*options) as one, Server(*options, database_url=one.database_url) as other:
        await joins(one, other)
        await appended(one)
        await told_elsewhere(one, other)
        await flooded(one)
        await ended(one, other)


if __name__ == "__main__":
    asyncio.run(main())
