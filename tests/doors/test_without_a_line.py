"""A role that goes on one server is gone on another that nobody can tell of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import httpx

from tests.support.database import fetch_value
from tests.support.guests import Guest, enter
from tests.support.proxy import Proxy
from tests.support.redis import Redis
from tests.support.server import DEADLINE, Server
from tests.support.sockets import Socket, ot_socket, person, plain_socket

NEVER = "--tick=600"
EDIT = ("edit", "main", ["mine", 5])
HEAD = "select head from room where id = $1"


async def submits(socket: Socket) -> str:
    await socket.submit(1, 1, *EDIT)
    return await refusal(socket)


async def sends_again(socket: Socket) -> str:
    """As a page does that was never answered."""
    for _ in range(2):
        await socket.submit(1, 1, *EDIT)
    return await refusal(socket)


async def sends_the_whole_text(socket: Socket) -> str:
    await socket.send("code_update", code="mine")
    return await refusal(socket)


async def refusal(socket: Socket) -> str:
    """Wait until a change is refused, whatever is told before. Returns the code."""
    while (message := await socket.receive())["type"] not in ("refused", "error"):
        pass
    code: str = message["code"]
    return code


WAYS: list[tuple[bool, Callable[[Socket], Awaitable[str]]]] = [
    (True, submits),
    (True, sends_again),
    (False, sends_the_whole_text),
]


async def test_nothing_is_written_on_a_server_that_was_not_told(database_url: str) -> None:
    """First the line of one server is cut, then Redis is down for both. Neither asks the log by
    itself, so only the append can tell."""
    with ExitStack() as stack:
        redis = stack.enter_context(Redis())
        async with Proxy(redis.url) as proxy:
            line = proxy.url.replace("http", "redis")
            here, there = await asyncio.gather(
                *(
                    asyncio.to_thread(Server, NEVER, "--redis-url", url, database_url=database_url)
                    for url in (redis.url, line)
                )
            )
            stack.enter_context(here)
            stack.enter_context(there)
            await bell_rings(here, there)
            proxy.cut()
            await is_refused_in_every_way(here, there)
            await who_is_removed_stays_out(here, there)
            await asyncio.to_thread(redis.kill)
            await is_refused_in_every_way(here, there)
            await who_is_removed_stays_out(here, there)


async def bell_rings(here: Server, there: Server) -> None:
    """Wait until the servers hear each other."""
    owner = Guest()
    room_id = await asyncio.to_thread(owner.room, here)
    async with ot_socket(there.room_url(room_id)) as socket:
        await socket.join("ana")
        await demote(owner, here, room_id)
        while (await socket.receive())["type"] != "access":
            pass


async def is_refused_in_every_way(here: Server, there: Server) -> None:
    owner = Guest()
    room_ids = [await asyncio.to_thread(owner.room, here) for _ in range(len(WAYS) + 1)]
    async with AsyncExitStack() as stack, httpx.AsyncClient(timeout=DEADLINE) as http:
        sockets = []
        for room_id, (ot, _) in zip(room_ids, WAYS, strict=False):
            open_ = ot_socket if ot else plain_socket
            socket = await stack.enter_async_context(open_(there.room_url(room_id)))
            await (socket.join("ana") if ot else socket.receive())
            sockets.append(socket)
        file = f"{there.url}/rooms/{room_ids[-1]}/files/main.py"
        assert (await http.get(file)).text == "hello", "it is in memory"
        for room_id in room_ids:
            await demote(owner, here, room_id)
        for socket, (_, way) in zip(sockets, WAYS, strict=True):
            assert await way(socket) == "not_allowed", way
        answer = await http.put(file, content=b"mine")
        assert (answer.status_code, answer.json()["extra"]["code"]) == (403, "not_allowed")
    for room_id in room_ids:
        assert await fetch_value(here.database_url, HEAD, room_id) == 1


async def who_is_removed_stays_out(here: Server, there: Server) -> None:
    """Also of a server on which they were a moment ago."""
    owner = Guest()
    room_id = await asyncio.to_thread(owner.room, here, open="none")
    bo = await asyncio.to_thread(enter, here, room_id, owner, "editor")
    who = await asyncio.to_thread(bo.who, here, room_id)
    async with owner.socket(there, room_id) as staying:
        await staying.join("ann")
        async with bo.socket(there, room_id) as socket:
            await socket.join("bo")
        member = f"/rooms/{room_id}/members/{who}"
        await asyncio.to_thread(owner.done, here, "PUT", member, role="none")
        async with bo.socket(there, room_id) as socket:
            await socket.send("join", **person("bo"))
            assert (await socket.receive())["code"] == "room_not_found"
            assert (await socket.closed())[0] == 4404


async def demote(owner: Guest, server: Server, room_id: str) -> Any:
    path = f"/rooms/{room_id}/access"
    return await asyncio.to_thread(owner.done, server, "PATCH", path, open="viewer")
