"""Hostile and broken programs in a room where five people type, who notice nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from logging import WARNING
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from collab.settings import Settings
from tests.support.clients import OtClient, PlainClient, one_text
from tests.support.fuzz import Fuzz, handshake
from tests.support.here import serving
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE, Server

SECONDS = 5.0
KEYS_A_SECOND = 12


class Typist:
    """Types one letter, again and again, at a place of its own choice."""

    def __init__(self, client: OtClient, letter: str, random: Random) -> None:
        self.client = client
        self.letter = letter
        self.typed = 0
        self._random = random

    async def type_on(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() < began + SECONDS:
            await self.client.type(self.letter, self._random.randint(0, len(self.client.text)))
            self.typed += 1
            await self.client.settled()
            await asyncio.sleep(began + self.typed / KEYS_A_SECOND - loop.time())


async def type_plainly(client: PlainClient, letter: str) -> int:
    """Type with a client that knows whole texts alone. Return how often it typed."""
    typed = 0
    loop = asyncio.get_running_loop()
    began = loop.time()
    while loop.time() < began + SECONDS:
        await client.show(client.text + letter)
        typed += 1
        await asyncio.sleep(0.5)
    return typed


@pytest.mark.parametrize("seed", [1])
async def test_five_who_type_among_hostile_programs_notice_nothing(
    database_url: str, tmp_path: Path, seed: int
) -> None:
    log = tmp_path / "log"
    with (
        log.open("w") as stderr,
        Server(
            "--log-level=info", "--log-format=json", database_url=database_url, stderr=stderr
        ) as server,
    ):
        await _under_attack(server, seed)
        assert server.terminate() == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line for line in lines if line["level"] not in ("info", "warning")] == []


async def test_a_handshake_with_too_large_a_header_is_answered(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(Settings(port=0, database_url=database_url)) as address:
        host, _, port = address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        more = b"\r\nCookie: " + b"#" * 10_000 + b"\r\n\r\n"
        writer.write(handshake(f"/ws/{NOBODYS}").replace(b"\r\n\r\n", more))
        async with asyncio.timeout(DEADLINE):
            assert (await reader.read()).startswith(b"HTTP/1.1 431 ")
        writer.close()
    assert [record for record in caplog.records if record.levelno >= WARNING] == []


async def _under_attack(server: Server, seed: int) -> None:
    room_id = await asyncio.to_thread(server.create_room, initial_code="The room\n")
    room_url = server.room_url(room_id)
    elsewhere = server.room_url(await asyncio.to_thread(server.create_room))
    async with (
        OtClient(room_url, "ann") as ann,
        OtClient(room_url, "bo") as bo,
        OtClient(room_url, "cy") as cy,
        OtClient(room_url, "di") as di,
        PlainClient(room_url) as ed,
    ):
        typists = [
            Typist(client, letter, Random(f"{seed}{letter}"))
            for client, letter in zip((ann, bo, cy, di), "wxyz", strict=True)
        ]
        attacks = [
            asyncio.create_task(_attack(attack, room_url, ann, Fuzz(Random(f"{seed}{number}"))))
            for number, attack in enumerate([_ot, _ot, _plain, _handshake, _wire, _wire])
        ]
        for number, rewrite in enumerate([_ot, _plain]):
            fuzz = Fuzz(Random(f"{seed}elsewhere{number}"), rewrites=True)
            attacks.append(asyncio.create_task(_attack(rewrite, elsewhere, ann, fuzz)))
        typing = [asyncio.create_task(typist.type_on()) for typist in typists]
        plainly = asyncio.create_task(type_plainly(ed, "q"))
        await asyncio.gather(*typing, plainly)
        for attack in attacks:
            attack.cancel()
        done = await asyncio.gather(*attacks, return_exceptions=True)
        assert all(isinstance(error, asyncio.CancelledError) for error in done), done

        text = await one_text(server, room_id, [ann, bo, cy, di], [ed])
        for typist in typists:
            assert text.count(typist.letter) == typist.typed
            assert typist.client.refused == []
        assert text.count("q") == plainly.result()
        assert set(text) == set("The room\nwxyzq#")
    assert await asyncio.to_thread(server.room, elsewhere.rpartition("/")[2])


Attack = Callable[[str, OtClient, Fuzz], Awaitable[None]]


async def _attack(attack: Attack, room_url: str, witness: OtClient, fuzz: Fuzz) -> None:
    """Again and again, until cancelled. Only what a connection can come to is excused."""
    while True:
        with suppress(OSError, ConnectionClosed, WebSocketException, asyncio.IncompleteReadError):
            await attack(room_url, witness, fuzz)


async def _ot(room_url: str, witness: OtClient, fuzz: Fuzz) -> None:
    await _frames(room_url, witness, fuzz, [Subprotocol("collab")])


async def _plain(room_url: str, witness: OtClient, fuzz: Fuzz) -> None:
    await _frames(room_url, witness, fuzz, None)


async def _frames(
    room_url: str, witness: OtClient, fuzz: Fuzz, subprotocols: list[Subprotocol] | None
) -> None:
    """Frames of every kind; then the connection breaks, or is closed in order."""
    async with connect(
        room_url, subprotocols=subprotocols, compression=None, max_size=None, close_timeout=0.1
    ) as connection:
        if subprotocols and fuzz.joins():
            await connection.send(fuzz.join())
            await connection.send(fuzz.insertion(witness.committed, witness.revision))
        for number in range(40):
            await connection.send(fuzz.frame(witness.committed, witness.revision))
            if number % 4 == 0:
                await asyncio.sleep(0.01)
        connection.transport.abort()


async def _handshake(room_url: str, _witness: OtClient, fuzz: Fuzz) -> None:
    path = urlsplit(room_url).path
    await _bytes(room_url, fuzz.handshake(path))


async def _wire(room_url: str, _witness: OtClient, fuzz: Fuzz) -> None:
    path = urlsplit(room_url).path
    await _bytes(room_url, handshake(path), fuzz.wire())


async def _bytes(room_url: str, *pieces: bytes) -> None:
    """Send bytes as they are, hear some of the answer, and break off."""
    parts = urlsplit(room_url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    await reader.read(1000)
    finally:
        writer.transport.abort()
