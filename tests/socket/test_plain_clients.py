"""Plain clients, as the first ones were written: see the end of collab/PROTOCOL.md."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from collab.live.limits import ServerLimits
from collab.settings import Settings
from tests.support.clients import OtClient
from tests.support.here import serving
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE, Server
from tests.support.sockets import Socket, ot_socket, plain_socket

LIMIT = 2 * 1024 * 1024


async def greeted(socket: Socket) -> tuple[str, int]:
    """The text and the count that a newcomer is sent, in this order."""
    init = await socket.receive()
    assert set(init) == {"type", "code"}
    assert init["type"] == "init"
    counted = await socket.receive()
    assert set(counted) == {"type", "count"}
    assert counted["type"] == "user_count_update"
    return init["code"], counted["count"]


async def nothing_came(socket: Socket) -> None:
    """A plain client has no ping: an error answers what it should not have sent."""
    await socket.send("are_you_there")
    answer = await socket.receive()
    assert (answer["type"], answer["code"]) == ("error", "malformed"), answer


def code_update(code: str) -> dict[str, str]:
    return {"type": "code_update", "code": code}


async def test_a_newcomer_is_sent_the_text_and_the_count(room_url: str) -> None:
    async with plain_socket(room_url) as socket:
        assert await greeted(socket) == ("hello", 1)
        await nothing_came(socket)


async def test_the_others_are_told_who_comes_and_who_goes(room_url: str) -> None:
    async with plain_socket(room_url) as ann:
        await greeted(ann)
        async with plain_socket(room_url) as bo:
            assert await greeted(bo) == ("hello", 2)
            assert await ann.receive() == {"type": "user_joined", "count": 2}
            async with ot_socket(room_url) as cy:
                await cy.join("cy")
                for socket in (ann, bo):
                    assert await socket.receive() == {"type": "user_joined", "count": 3}
            for socket in (ann, bo):
                assert await socket.receive() == {"type": "user_left", "count": 2}
        assert await ann.receive() == {"type": "user_left", "count": 1}
        await nothing_came(ann)


async def test_a_text_goes_to_everybody_but_its_author(shared_server: Server, room_id: str) -> None:
    url = shared_server.room_url(room_id)
    async with plain_socket(url) as ann, plain_socket(url) as bo:
        await greeted(ann)
        await greeted(bo)
        await ann.receive()  # bo came
        await ann.send("code_update", code="hello 🦦")
        assert await bo.receive() == code_update("hello 🦦")
        await bo.send("code_update", code="Hello 🦦")
        assert await ann.receive() == code_update("Hello 🦦")
        await nothing_came(ann)
        await nothing_came(bo)
    assert shared_server.room(room_id)["code"] == "Hello 🦦"


async def test_a_text_is_an_edit_for_ot_clients_and_an_edit_a_text(room_url: str) -> None:
    async with plain_socket(room_url) as plain, ot_socket(room_url) as ot:
        await greeted(plain)
        joined = await ot.join("ann")
        (person,) = joined["people"]
        await plain.receive()  # the other came
        await plain.send("code_update", code="hello you")
        assert await ot.receive() == [
            2,
            [person["number"], 1, "main", [5, " you"]],
        ]
        await ot.submit(1, 2, "edit", "main", ["oh, ", 9])
        assert await plain.receive() == code_update("oh, hello you")


async def test_edits_of_others_survive_a_text_that_did_not_have_them(room_url: str) -> None:
    async with plain_socket(room_url) as plain, ot_socket(room_url) as ot:
        await greeted(plain)
        await ot.join("ann")
        await plain.receive()  # the other came
        await ot.submit(1, 1, "edit", "main", ["oh, ", 5])
        await ot.receive()
        # The plain client has not seen that yet.
        await plain.send("code_update", code="hello you")
        assert await plain.receive() == code_update("oh, hello")
        assert await plain.receive() == code_update("oh, hello you")
        assert (await ot.receive())[1][2:] == ["main", [9, " you"]]


async def test_a_text_that_is_shown_already_changes_nothing(
    shared_server: Server, room_id: str
) -> None:
    url = shared_server.room_url(room_id)
    async with plain_socket(url) as plain, ot_socket(url) as ot:
        await greeted(plain)
        await ot.join("ann")
        await plain.receive()  # the other came
        await plain.send("code_update", code="hello")
        await nothing_came(plain)
        await ot.nothing_more()


async def test_texts_sent_one_after_the_other_all_arrive(
    shared_server: Server, room_id: str
) -> None:
    url = shared_server.room_url(room_id)
    async with plain_socket(url) as ann, plain_socket(url) as bo:
        await greeted(ann)
        await greeted(bo)
        await ann.receive()  # bo came
        typed = "hello"
        for letter in ", everybody 🦦":
            typed += letter
            await ann.send("code_update", code=typed)
        seen = "hello"
        while seen != typed:
            update = await bo.receive()
            assert typed.startswith(update["code"])
            assert len(update["code"]) > len(seen)
            seen = update["code"]
        await nothing_came(ann)


async def test_every_line_ending_becomes_a_line_feed(shared_server: Server, room_id: str) -> None:
    url = shared_server.room_url(room_id)
    async with plain_socket(url) as ann, plain_socket(url) as bo:
        await greeted(ann)
        await greeted(bo)
        await ann.receive()  # bo came
        await ann.send("code_update", code="a\r\nb\rc")
        assert await bo.receive() == code_update("a\nb\nc")


async def test_a_language_changes_with_a_text_or_alone(shared_server: Server, room_id: str) -> None:
    url = shared_server.room_url(room_id)
    async with plain_socket(url) as plain, ot_socket(url) as ot:
        await greeted(plain)
        await ot.join("ann")
        await plain.receive()  # the other came
        await plain.send("code_update", code="hello", language="javascript")
        assert (await ot.receive())[1][2] == ["language", "main", "javascript"]
        await plain.send("code_update", code="let", language="typescript")
        changes = [entry[2:] for entry in (await ot.receive())[1:]]
        if len(changes) == 1:
            changes += [entry[2:] for entry in (await ot.receive())[1:]]
        assert changes[0] == [["language", "main", "typescript"]]
        assert changes[1][0] == "main"
        await nothing_came(plain)
    assert shared_server.room(room_id) == {
        "roomId": room_id,
        "code": "let",
        "language": "typescript",
        "name": None,
    }


async def test_carets_are_shown_to_others_in_code_points(room_url: str) -> None:
    async with (
        plain_socket(room_url) as ann,
        plain_socket(room_url) as bo,
        ot_socket(room_url) as cy,
    ):
        await greeted(ann)
        await greeted(bo)
        joined = await cy.join("cy")
        ann_id = joined["people"][0]["client"]
        for socket in (ann, ann, bo):
            assert (await socket.receive())["type"] == "user_joined"
        for sent, shown in ((0, 0), (3, 3), (5, 5), (6, 5), (1_000_000, 5)):
            await ann.send("cursor_update", position=sent)
            assert await bo.receive() == {
                "type": "cursor_update",
                "position": shown,
                "client": ann_id,
            }
            assert await cy.receive() == {
                "type": "presence",
                "client": ann_id,
                "file": "main",
                "revision": 1,
                "selections": [[shown, shown]],
            }
        await cy.send("presence", file="main", revision=1, selections=[[1, 2]])
        for socket in (ann, bo):
            update = await socket.receive()
            assert update == {
                "type": "cursor_update",
                "position": 2,
                "client": joined["client"],
            }
        await nothing_came(ann)


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"type": "code_update"}, "malformed", "code"),
        ({"type": "code_update", "code": 3}, "malformed", "code"),
        ({"type": "code_update", "code": "a\0"}, "malformed", "U+0000"),
        ({"type": "code_update", "code": "a", "language": "Cobol!"}, "malformed", "language"),
        ({"type": "code_update", "code": "a", "language": None}, "malformed", "language"),
        ({"type": "code_update", "code": "a" * (LIMIT + 1)}, "text_too_large", str(LIMIT)),
        ({"type": "cursor_update"}, "malformed", "position"),
        ({"type": "cursor_update", "position": -1}, "malformed", "position"),
        ({"type": "cursor_update", "position": 1.5}, "malformed", "position"),
        ({"type": "cursor_update", "position": "1"}, "malformed", "position"),
        ({"type": "cursor_update", "position": None}, "malformed", "position"),
        ({"type": "join"}, "malformed", "join"),
        ({"type": 3}, "malformed", "type"),
        ({}, "malformed", "type"),
    ],
)
async def test_a_wrong_message_is_an_error_in_words(
    shared_server: Server, room_id: str, fields: dict[str, Any], code: str, words: str
) -> None:
    async with plain_socket(shared_server.room_url(room_id)) as socket:
        await greeted(socket)
        kind = fields.pop("type", None)
        await (socket.send(kind, **fields) if kind else socket.send_raw("{}"))
        error = await socket.receive()
        assert (error["type"], error["code"]) == ("error", code)
        assert words in error["message"]
        await nothing_came(socket)
    assert shared_server.room(room_id)["code"] == "hello"


@pytest.mark.parametrize("frame", ["{", "", "[]", "null", "[" * 100_000, b"{}", b"\xff"])
async def test_a_frame_that_is_no_message_is_an_error(room_url: str, frame: str | bytes) -> None:
    async with plain_socket(room_url) as socket:
        await greeted(socket)
        await socket.send_raw(frame)
        error = await socket.receive()
        assert (error["type"], error["code"]) == ("error", "malformed")
        assert len(error["message"]) > 10
        await nothing_came(socket)


@pytest.mark.parametrize("room_id", [NOBODYS, "no-uuid"])
async def test_an_unknown_room_says_so_and_closes(shared_server: Server, room_id: str) -> None:
    async with plain_socket(shared_server.room_url(room_id)) as socket:
        error = await socket.receive()
        assert error == {"type": "error", "code": "room_not_found", "message": "Room not found"}
        assert await socket.closed() == (4404, "Room not found")


async def test_a_message_that_is_too_large_closes_the_socket(room_url: str) -> None:
    async with plain_socket(room_url) as socket:
        await greeted(socket)
        # The last fragment is the one too much, and small: nothing is left unread at the end.
        await socket.connection.send(["a" * 6 * LIMIT, "a" * 65_536, "a"])
        assert (await socket.closed())[0] == 1009


async def test_a_long_text_that_changes_fast_is_not_sent_at_each_change_but_in_the_end(
    database_url: str,
) -> None:
    limits = ServerLimits(bytes_per_address=100_000)
    async with (
        serving(Settings(port=0, database_url=database_url, limits=limits)) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http,
    ):
        room = (await http.post("/rooms", json={"initial_code": "x" * 40_000})).json()["roomId"]
        room_url = f"ws://{address}/ws/{room}"
        async with plain_socket(room_url) as plain, OtClient(room_url, "ann") as ann:
            assert (await greeted(plain))[0] == "x" * 40_000
            for _ in range(30):
                await ann.type("y")
                await ann.settled()
            shown: list[str] = []
            while not shown or shown[-1] != "y" * 30 + "x" * 40_000:
                message = await plain.receive()
                if message["type"] == "code_update":
                    shown.append(message["code"])
            assert len(shown) < 30
