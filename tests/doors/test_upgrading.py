"""Nothing is closed while a server of an older release serves, which knows nothing of access."""

from __future__ import annotations

import asyncio

from collab.live.line import Line
from collab.live.postgres_line import PostgresLine
from collab.live.redis_line import RedisLine
from tests.contracts.doorbell_contract import listening
from tests.support.guests import Guest
from tests.support.server import Server

OLDER = b'["older",%d,[]]'
"""The message of a process of an earlier release on the line. It does not tell what it knows."""


async def test_private_rooms_are_refused_until_every_process_knows_of_access(
    server: Server,
) -> None:
    owner = Guest()
    room_id = owner.room(server)
    member = f"/rooms/{room_id}/members/{owner.who(server, room_id)}"
    waiting = f"/rooms/{room_id}/waiting"
    changes: list[tuple[str, str, dict[str, object]]] = [
        ("PATCH", f"/rooms/{room_id}/access", {"open": "none"}),
        ("PATCH", f"/rooms/{room_id}/access", {"locked": True}),
        ("PUT", member, {"role": "none"}),
        ("PUT", f"{waiting}/{owner.who(server, room_id)}", {"role": "viewer"}),
    ]
    async with PostgresLine(server.database_url).open(lambda _: None, lambda _: None) as send:
        await send(OLDER % 1)
        for method, path, body in changes:
            answer = await asyncio.to_thread(owner.ask, server, method, path, **body)
            assert (answer.status_code, answer.json()["extra"]["code"]) == (503, "upgrading"), path
        assert owner.done(server, "GET", f"/rooms/{room_id}/access")["open"] == "editor"
        await send(b'["older",2,[["bye"]]]')
    await asyncio.to_thread(owner.done, server, "PATCH", f"/rooms/{room_id}/access", open="none")


async def test_it_is_known_again_when_an_older_process_comes_late(empty_database_url: str) -> None:
    line: Line = PostgresLine(empty_database_url)
    async with listening(line) as one:
        await one.until(lambda: one.doorbell.connected)
        assert await one.doorbell.all_know()
        async with line.open(lambda _: None, lambda _: None) as send:
            await send(OLDER % 1)
            await one.until(lambda: one.doorbell.neighbours)
            assert not await one.doorbell.all_know()


async def test_without_a_line_nobody_was_ever_sure() -> None:
    async with listening(RedisLine("redis://127.0.0.1:1")) as one:
        assert not await one.doorbell.all_know()
