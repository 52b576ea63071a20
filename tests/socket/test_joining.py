"""Joining by the OT protocol, message by message: see collab/PROTOCOL.md."""

from __future__ import annotations

import asyncio
import time
from zlib import crc32

import pytest

from tests.support.rooms import NOBODYS, TEXT_LIMIT
from tests.support.server import Server
from tests.support.sockets import mistake, ot_socket, person


async def test_a_newcomer_is_told_the_room(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        joined = await socket.join("ann")
        assert abs(joined.pop("updated_at") / 1000 - time.time()) < 60
        assert len(joined.pop("client")) == 8
        assert joined == {
            "type": "joined",
            "protocol": 3,
            "number": 1,
            "seq": 0,
            "revision": 1,
            "files": [{"id": "main", "name": "main.py", "text": "hello"}],
            "people": [],
            "role": "editor",
            "open": "editor",
            "owned": True,
            "checksums": {"main": crc32(b"hello")},
            "limits": {
                "text": TEXT_LIMIT,
                "message": 6 * TEXT_LIMIT + 65_536,
                "operations": 1000,
                "bytes": 8 * 1024 * 1024,
                "files": 10_000,
                "name": 255,
                "path": 1024,
                "depth": 32,
                "asset": 25 * 1024 * 1024,
                "room": 500 * 1024 * 1024,
                "components": 20_000,
            },
        }


async def test_the_first_file_is_named_after_the_language(shared_server: Server) -> None:
    for language, path in (("javascript", "main.js"), ("typescript", "main.ts")):
        room_id = shared_server.create_room(language=language)
        async with ot_socket(shared_server.room_url(room_id)) as socket:
            (file,) = (await socket.join("ann"))["files"]
            assert (file["name"], "language" in file) == (path, False)
        answer = await asyncio.to_thread(shared_server.room, room_id)
        assert answer["language"] == language


async def test_one_key_is_one_client_in_a_room_and_another_elsewhere(
    shared_server: Server, room_url: str
) -> None:
    elsewhere = shared_server.room_url(shared_server.create_room())
    clients = []
    for url, key in ((room_url, "ann"), (room_url, "ann"), (room_url, "bo"), (elsewhere, "ann")):
        async with ot_socket(url) as socket:
            clients.append((await socket.join(key))["client"])
    assert clients[0] == clients[1]
    assert len(set(clients)) == 3


async def test_who_knows_a_revision_is_told_the_entries_since(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        client = (await socket.join("ann"))["client"]
        for seq, letter in enumerate("abc", 1):
            await socket.submit(seq, seq, "edit", "main", [5 + seq - 1, letter])
            await socket.receive()
    async with ot_socket(room_url) as socket:
        joined = await socket.join("ann", revision=2)
        assert "files" not in joined
        assert (joined["client"], joined["seq"], joined["revision"]) == (client, 3, 4)
        assert joined["entries"] == [
            [client, 2, "main", [6, "b"]],
            [client, 3, "main", [7, "c"]],
        ]
    async with ot_socket(room_url) as socket:
        assert (await socket.join("ann", revision=4))["entries"] == []
    async with ot_socket(room_url) as socket:
        assert (await socket.join("bo", revision=0))["entries"][0] == [
            "",
            1,
            ["add", "main", "main.py", None, "hello", ""],
        ]


async def test_who_wants_the_text_is_told_the_files_beside_the_entries(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        client = (await socket.join("ann"))["client"]
        await socket.submit(1, 1, "edit", "main", [5, "!"])
        await socket.receive()
    async with ot_socket(room_url) as socket:
        joined = await socket.join("ann", revision=1, text=True)
        assert joined["entries"] == [[client, 1, "main", [5, "!"]]]
        assert [file["text"] for file in joined["files"]] == ["hello!"]
        assert (joined["seq"], joined["revision"]) == (1, 2)
        # The page that was closed had sent this, and the one that goes on cannot know.
        await socket.submit(1, 2, "edit", "main", [6, "!"])
        await socket.nothing_more()


async def test_a_revision_above_the_head_is_unknown_and_one_may_join_again(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        await socket.send("join", **person("ann"), revision=2)
        code, message = await mistake(socket)
        assert code == "unknown_revision"
        assert "2" in message
        assert (await socket.join("ann"))["revision"] == 1


async def test_another_version_is_turned_away(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        await socket.send("join", **person("ann") | {"protocol": 1})
        error = await socket.receive()
        assert (error["type"], error["code"]) == ("error", "unsupported_protocol")
        assert await socket.closed() == (4406, error["message"])


async def test_nothing_but_ping_is_answered_before_join(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        await socket.send("ping")
        assert await socket.receive() == {"type": "pong"}
        await socket.submit(1, 1, "edit", "main", ["a", 5])
        assert (await mistake(socket))[0] == "not_joined"
        await socket.send("profile", name="Ann", colour=1)
        assert (await mistake(socket))[0] == "not_joined"
        assert (await socket.join("ann"))["revision"] == 1


async def test_who_joins_twice_is_told_so(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        await socket.join("ann")
        await socket.send("join", **person("ann"))
        assert (await mistake(socket))[0] == "already_joined"


async def test_a_newer_socket_of_one_key_closes_the_older(room_url: str) -> None:
    async with ot_socket(room_url) as older, ot_socket(room_url) as newer:
        await older.join("ann")
        joined = await newer.join("ann")
        assert joined["people"] == []
        assert (await older.closed())[0] == 4409
        await newer.nothing_more()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "short"),
        ("key", "a key with blanks in it"),
        ("person", ""),
        ("name", ""),
        ("name", "n" * 41),
        ("name", "a\0b"),
        ("colour", 8),
        ("colour", -1),
        ("revision", -1),
        ("revision", "1"),
        ("protocol", "1"),
    ],
)
async def test_a_wrong_field_of_join_is_named(room_url: str, field: str, value: object) -> None:
    async with ot_socket(room_url) as socket:
        await socket.send("join", **person("ann") | {field: value})
        code, message = await mistake(socket)
        assert code == "malformed"
        assert field in message
        await socket.join("ann")


@pytest.mark.parametrize("room_id", [NOBODYS, "no-uuid"])
async def test_an_unknown_room_says_so_and_closes(shared_server: Server, room_id: str) -> None:
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        error = await socket.receive()
        assert error == {"type": "error", "code": "room_not_found", "message": "Room not found"}
        assert await socket.closed() == (4404, "Room not found")
