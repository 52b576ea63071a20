"""A server keeps some things out of its logs at every log level."""

from __future__ import annotations

import json
from contextlib import suppress
from logging import DEBUG

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from collab.settings import Settings
from tests.support.database import hindered
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import ot_socket, person, plain_socket

TEXT = "marker-of-a-text"
KEY = "marker-of-a-key-0123456789"
NAME = "marker of a name"


async def test_no_log_tells_a_text_a_key_or_the_way_to_a_room(
    database_url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(DEBUG, "collab")  # other libraries log no details at any --log-level
    async with serving(Settings(port=0, database_url=database_url)) as address:
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http:
            room_id = (await http.post("/rooms", json={"initial_code": TEXT})).json()["roomId"]
            mistakes = [f'{{"initial_code": "{TEXT}', json.dumps({"language": TEXT})]
            for path in (f"/rooms/{room_id}", f"/r/{room_id}", f"/nothing/{room_id}"):
                await http.get(path)
            for content in mistakes:
                assert (await http.post("/rooms", content=content)).status_code == 400
            lib = f"/rooms/{room_id}/files/lib"
            await http.put(f"{lib}/a.py", content=TEXT)
            into_itself = await http.patch(lib, json={"path": "lib/b"})
            unknown = await http.post(f"/rooms/{room_id}/messages/7/accept")
            assert (into_itself.status_code, unknown.status_code) == (409, 404)
        room_url = f"ws://{address}/ws/{room_id}"
        async with ot_socket(room_url) as ann, plain_socket(room_url) as bo:
            await ann.send("join", **person(KEY) | {"name": NAME})
            await ann.submit(1, 2, "edit", "main", [TEXT, len(TEXT)])
            await ann.send("code_update", code=TEXT)
            await bo.send("code_update", code=TEXT * 2)
            await bo.send_raw(f'{{"type": "{TEXT}"}}')
            while not isinstance(await ann.receive(), list):
                pass  # until it is committed
            poison = "raise check_violation using message = new.change, detail = new.change"
            async with hindered(database_url, room_id, poison):
                await ann.submit(9, 1, "edit", "main", [TEXT, len(TEXT)])
                while _code(await ann.receive()) != "not_storable":
                    pass  # what was wrong before may be said only now
        async with connect(room_url) as broken:
            broken.transport.write(b"\xff" + TEXT.encode() * 10)
            with suppress(ConnectionClosed):
                while True:
                    await broken.recv()
    captured = capfd.readouterr()
    logged = caplog.text + captured.err + captured.out
    assert f"room {room_id[:8]}: not storable" in logged
    assert "Refused" not in logged, "what the room refuses is no error of the server"
    secrets = (TEXT, KEY, NAME, room_id, room_id.upper(), room_id.replace("-", ""))
    assert [line for line in logged.splitlines() for it in secrets if it in line] == []


def _code(message: object) -> object:
    return message.get("code") if isinstance(message, dict) else None
