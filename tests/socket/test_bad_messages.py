"""Every message of the protocol, spoilt in every way a decoder has to bear: an error in words."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any, get_args

import httpx
import pytest

from collab import protocol
from collab.settings import Settings
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import Socket, ot_socket, person, plain_socket

MESSAGES: list[dict[str, Any]] = [
    {"type": "join", **person("bo"), "revision": 1, "text": True, "at": 1},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["edit", "main", [1, "x", -1, 3]]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["language", "main", "python"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["name", "room"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["add", "a", "a.py", None, "x", ""]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["folder", "f", "", "lib"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["move", "main", "", "b.py"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["remove", "main"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["restore", "main", "", "a.py"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["many", [["remove", "main"]], "undo"]},
    {
        "type": "submit",
        "seq": 1,
        "revision": 1,
        "change": ["run", "main", {"args": ["x"], "at": 1, "tests": []}],
    },
    {"type": "submit", "seq": 1, "revision": 1, "change": ["program", {"entry": "main"}]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["version", "Before the demo", 1]},
    {"type": "presence", "revision": 1, "file": "main", "selections": [[0, 1]]},
    {"type": "profile", "name": "Ann", "colour": 1},
    {"type": "read", "file": "main"},
    {"type": "ping"},
    {"type": "code_update", "code": "x", "language": "python"},
    {"type": "cursor_update", "position": 1, "client": "x"},
]
PLAIN = {"code_update", "cursor_update"}
_HERE = "@"
"""Stands where a piece of JSON goes that `json.dumps` would not write."""
_HUGE = ("9" * 400, "-" + "9" * 400, "1e400", str(2**64), str(-(2**63) - 1), "9" * 5000)


def spoilt(value: Any) -> Iterator[tuple[Any, str]]:
    """A value with one text or number of it spoilt, and the JSON that stands there."""
    match value:
        case dict() | list():
            for key in value if isinstance(value, dict) else range(len(value)):
                for part, json_ in spoilt(value[key]):
                    whole = value.copy()
                    whole[key] = part
                    yield whole, json_
        case str():
            yield _HERE, '"\\ud800"'
            yield _HERE, '"x\\udc00"'
            yield _HERE, "[" * 3000
        case bool():
            yield _HERE, "[" * 3000
        case int():
            yield _HERE, "[" * 3000
            for number in _HUGE:
                yield _HERE, number


def bad_forms(message: dict[str, Any]) -> list[str]:
    forms = [json.dumps(whole).replace(f'"{_HERE}"', part, 1) for whole, part in spoilt(message)]
    return [*forms, json.dumps(message)[:-1] + ', "more": ' + "[" * 3000]


def test_every_message_is_among_these() -> None:
    kinds = {kind.__struct_config__.tag for kind in get_args(protocol.ClientMessage)}
    kinds |= {kind.__struct_config__.tag for kind in get_args(protocol.PlainMessage)}
    assert {message["type"] for message in MESSAGES} == kinds
    changes = {kind.__struct_config__.tag for kind in get_args(protocol.ClientChange)}
    assert {message["change"][0] for message in MESSAGES if "change" in message} == changes


@pytest.mark.parametrize(
    "message", MESSAGES, ids=lambda message: f"{message['type']}-{message.get('change', [''])[0]}"
)
async def test_what_is_spoilt_is_an_error_in_words(
    database_url: str, caplog: pytest.LogCaptureFixture, message: dict[str, Any]
) -> None:
    kind = message["type"]
    async with serving(Settings(port=0, database_url=database_url)) as address:
        url = await _new_room(address)
        async with (plain_socket if kind in PLAIN else ot_socket)(url) as socket:
            if kind in PLAIN:
                assert [(await socket.receive())["type"] for _ in range(2)]
            elif kind != "join":
                await socket.join("ann")
            for form in bad_forms(message):
                await socket.send_raw(form)
                error = await _error(socket)
                assert error["code"] in ("malformed", "invalid_operation"), (form[:200], error)
            whole = json.dumps(message).encode()
            await socket.connection.send(whole.replace(b'"type', b'"\xff": 1, "type'), text=True)
            error = await _error(socket)
            assert (error["code"], error["message"]) == ("malformed", "A message is UTF-8.")
            assert await socket.closed() == (1007, error["message"])
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []


async def _new_room(address: str) -> str:
    """Create a room with the text "hello" and return the address for its sockets."""
    async with httpx.AsyncClient(timeout=DEADLINE) as http:
        room = await http.post(f"http://{address}/rooms", json={"initial_code": "hello"})
    return f"ws://{address}/ws/{room.json()['roomId']}"


async def _error(socket: Socket) -> Any:
    error = await socket.receive()
    assert error["type"] == "error", error
    assert len(error["message"]) > 10
    return error


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("1.5e300,", "1.5e300 is no component"),
        ("1,", "more than 20200 parts"),
        ('"a,",', "more than 20200 parts"),
        ("[],", "more than 20200 parts"),
    ],
)
async def test_a_million_parts_are_an_error_before_they_are_made(
    database_url: str, part: str, words: str
) -> None:
    async with (
        serving(Settings(port=0, database_url=database_url)) as address,
        ot_socket(await _new_room(address)) as socket,
    ):
        await socket.join("ann")
        change = f'["edit", "main", [{part * (20_000 if "." in part else 1_000_000)}5]]'
        await socket.send_raw(f'{{"type": "submit", "seq": 1, "revision": 1, "change": {change}}}')
        error = await _error(socket)
        assert (error["code"], error["seq"]) == ("invalid_operation", 1)
        assert words in error["message"]
        # What is large and no more than a text is taken, whatever the text has.
        text = '\\",[' * 100_000
        await socket.submit(1, 1, "edit", "main", [text, 5])
        assert (await socket.receive())[0] == 2
