"""Many people type at once, and all end with one text: the server's."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from random import Random

import pytest

from tests.support.clients import OtClient, PlainClient, one_text, random_edit
from tests.support.server import Server

TURNS = 50


@pytest.mark.parametrize("seed", range(3))
async def test_ten_ot_clients_and_two_plain_ones_typing_at_once_end_with_one_text(
    shared_server: Server, seed: int
) -> None:
    room_id = shared_server.create_room(initial_code="def f():\n    return '🦦'\n")
    url = shared_server.room_url(room_id)
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(OtClient(url, f"ot{n}")) for n in range(10)]
        plain = [await stack.enter_async_context(PlainClient(url)) for _ in range(2)]
        await asyncio.gather(
            *(_type(person, Random(100 * seed + n)) for n, person in enumerate(people)),
            *(
                _type_plainly(person, people[0], Random(100 * seed + n))
                for n, person in enumerate(plain)
            ),
        )
        for mark, person in zip("①②", plain, strict=True):
            # What a plain client sends arrives in order, so this is its last.
            await person.show(mark + person.text)
            await people[0].sees(mark)
        await one_text(shared_server, room_id, people, plain)


async def _type(person: OtClient, random: Random) -> None:
    for _ in range(TURNS):
        for _ in range(random.randint(1, 3)):
            await person.edit(random_edit(random, person.text))
        before = person.revision
        await person.reaches(before + 1)


async def _type_plainly(person: PlainClient, watcher: OtClient, random: Random) -> None:
    for _ in range(TURNS):
        before = watcher.revision
        await person.show(random_edit(random, person.text).apply(person.text))
        await watcher.reaches(before + 1)
