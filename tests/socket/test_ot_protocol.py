"""The OT protocol, message by message: see collab/PROTOCOL.md."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.rooms import TEXT_LIMIT
from tests.support.server import Server
from tests.support.sockets import mistake, ot_socket

# submit and entries


async def test_an_edit_comes_back_to_its_author_and_goes_to_everybody(room_url: str) -> None:
    async with ot_socket(room_url) as ann, ot_socket(room_url) as bo:
        number = (await ann.join("ann"))["number"]
        await bo.join("bo")
        await ann.receive()  # bo came
        await ann.submit(7, 1, "edit", "main", [5, " 🦦"])
        entries = [2, [number, 7, "main", [5, " 🦦"]]]
        assert await ann.receive() == entries
        assert await bo.receive() == entries
        await ann.nothing_more()


async def test_an_edit_of_an_older_revision_is_carried_to_the_head(room_url: str) -> None:
    async with ot_socket(room_url) as ann, ot_socket(room_url) as bo:
        await ann.join("ann")
        number = (await bo.join("bo"))["number"]
        await ann.submit(1, 1, "edit", "main", ["a", 5])
        await bo.receive()
        await bo.submit(1, 1, "edit", "main", [5, "b"])
        assert await bo.receive() == [3, [number, 1, "main", [6, "b"]]]


async def test_of_two_insertions_at_one_place_the_newcomer_goes_left(room_url: str) -> None:
    async with ot_socket(room_url) as ann, ot_socket(room_url) as bo:
        await ann.join("ann")
        await bo.join("bo")
        await ann.submit(1, 1, "edit", "main", [5, "a"])
        await bo.receive()
        await bo.submit(1, 1, "edit", "main", [5, "b"])
        assert (await bo.receive())[1][2:] == ["main", [5, "b", 1]]


async def test_a_language_is_changed_for_everybody(shared_server: Server, room_id: str) -> None:
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        number = (await socket.join("ann"))["number"]
        await socket.submit(1, 1, "language", "main", "typescript")
        assert await socket.receive() == [2, [number, 1, ["language", "main", "typescript"]]]
    assert shared_server.room(room_id)["language"] == "typescript"


async def test_a_name_of_the_room_is_kept_and_told(shared_server: Server, room_id: str) -> None:
    name = "🪐" * 60
    async with (
        ot_socket(shared_server.room_url(room_id)) as ann,
        ot_socket(shared_server.room_url(room_id)) as bo,
    ):
        joined = await ann.join("ann")
        assert "name" not in joined
        await bo.join("bo")
        await ann.receive()
        await ann.submit(1, 1, "name", name)
        entries = [2, [joined["number"], 1, ["name", name]]]
        assert await bo.receive() == entries
        assert await ann.receive() == entries
    assert shared_server.room(room_id)["name"] == name
    async with ot_socket(shared_server.room_url(room_id)) as cy:
        assert (await cy.join("cy"))["name"] == name


async def test_how_the_program_is_run_is_kept_and_told(shared_server: Server, room_id: str) -> None:
    program = {"entry": "main", "args": ["-v"], "env": {"DEBUG": "1"}}
    async with (
        ot_socket(shared_server.room_url(room_id)) as ann,
        ot_socket(shared_server.room_url(room_id)) as bo,
    ):
        joined = await ann.join("ann")
        assert "program" not in joined
        await ann.submit(1, 1, "program", program)
        assert await ann.receive() == [2, [joined["number"], 1, ["program", program]]]
        assert (await bo.join("bo"))["program"] == program
    assert "program" not in shared_server.room(room_id)


async def test_what_is_sent_again_is_not_applied_again(shared_server: Server, room_id: str) -> None:
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        await socket.join("ann")
        await socket.submit(3, 1, "edit", "main", ["a", 5])
        await socket.submit(3, 1, "edit", "main", ["a", 5])
        assert (await socket.receive())[0] == 2
        await socket.submit(3, 1, "edit", "main", ["a", 5])
        await socket.submit(2, 1, "edit", "main", ["a", 5])
        await socket.nothing_more()
    assert shared_server.room(room_id)["code"] == "ahello"


async def test_numbers_only_rise_over_all_connections(shared_server: Server, room_id: str) -> None:
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        await socket.join("ann")
        await socket.submit(5, 1, "edit", "main", ["a", 5])
        await socket.receive()
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        assert (await socket.join("ann"))["seq"] == 5
        await socket.submit(4, 2, "edit", "main", ["b", 6])
        await socket.nothing_more()
    assert shared_server.room(room_id)["code"] == "ahello"


async def test_a_second_change_in_flight_is_an_error(room_url: str) -> None:
    async with ot_socket(room_url) as socket:
        await socket.join("ann")
        # In one segment, so that the second is read before the first is committed.
        await socket.submit(1, 1, "edit", "main", ["a", 5])
        await socket.submit(2, 1, "edit", "main", ["b", 5])
        answers = [await socket.receive(), await socket.receive()]
        (error,) = [answer for answer in answers if isinstance(answer, dict)]
        assert (error["code"], error["seq"]) == ("in_flight", 2)
        (entries,) = [answer for answer in answers if isinstance(answer, list)]
        assert entries[0] == 2
        await socket.nothing_more()


@pytest.mark.parametrize(
    ("revision", "change", "code", "words"),
    [
        (2, ["edit", "main", ["a", 5]], "unknown_revision", "2"),
        (1, ["edit", "main", ["a", 6]], "invalid_operation", "6"),
        (1, ["edit", "main", ["a", 4]], "invalid_operation", "4"),
        (1, ["edit", "main", [5, 0, "a"]], "invalid_operation", "0"),
        (1, ["edit", "main", ["a", "b", 5]], "invalid_operation", ""),
        (1, ["edit", "main", [True, 4]], "invalid_operation", ""),
        (1, ["edit", "main", ["", 5]], "invalid_operation", ""),
        (1, ["edit", "main", [2.5, 2.5]], "invalid_operation", ""),
        (1, ["edit", "main", "abc"], "invalid_operation", ""),
        (1, ["edit", "main", ["a\0", 5]], "invalid_operation", "U+0000"),
        (1, ["edit", "main", ["a\r\n", 5]], "invalid_operation", "U+000D"),
        (1, ["edit", "main", ["\ud800", 5]], "malformed", ""),
        (1, ["edit", "ma in", ["a", 5]], "malformed", "change"),
        (1, ["language", "main", "Cobol!"], "malformed", "change[2]"),
        (1, ["asset", "two", "", "two.png", "0" * 64, 1], "malformed", "asset"),
        (1, ["add", "two", "two.py", None, "", "", 1], "malformed", "array"),
        (1, ["many", [["put", "two", "0" * 64, 1]], "undo"], "malformed", "put"),
        (1, ["edit", "main"], "malformed", "change"),
        (1, ["name", ""], "malformed", "change"),
        (1, ["name", "  "], "malformed", "change"),
        (1, ["name", "a\nb"], "malformed", "change"),
        (1, ["name", "n" * 61], "malformed", "change"),
        (1, ["program", {"env": {"A B": "x"}}], "malformed", "env"),
        (1, ["program", {"env": {"A": "x\0"}}], "malformed", "env"),
        (1, ["program", {"args": ["x"] * 65}], "malformed", "args"),
        (-1, ["edit", "main", ["a", 5]], "malformed", "revision"),
    ],
)
async def test_a_change_that_cannot_be_is_an_error_with_its_number(
    room_url: str, revision: int, change: list[Any], code: str, words: str
) -> None:
    async with ot_socket(room_url) as socket:
        await socket.join("ann")
        await socket.submit(4, revision, *change)
        error = await socket.receive()
        assert (error["type"], error["code"]) == ("error", code), error
        assert words in error["message"]
        if change != ["edit", "main", ["\ud800", 5]]:  # which is no JSON that can be read
            assert error["seq"] == 4
        await socket.submit(5, 1, "edit", "main", ["a", 5])
        assert (await socket.receive())[0] == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (["edit", "main", [5, "a" * TEXT_LIMIT]], "text_too_large"),
        (["edit", "elsewhere", ["a"]], "unknown_file"),
        (["language", "elsewhere", "python"], "unknown_file"),
        (["program", {"entry": "elsewhere"}], "unknown_file"),
        (["program", {"stdin": "elsewhere"}], "unknown_file"),
        (["run", "main", {"at": 2}], "unknown_revision"),
    ],
)
async def test_what_the_room_does_not_allow_is_refused(
    room_url: str, change: list[Any], code: str
) -> None:
    async with ot_socket(room_url) as socket:
        await socket.join("ann")
        await socket.submit(1, 1, *change)
        refused = await socket.receive()
        assert (refused["type"], refused["seq"], refused["code"]) == ("refused", 1, code)
        assert refused["message"]
        await socket.submit(2, 1, "edit", "main", [5, "!"])
        assert (await socket.receive())[0] == 2


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        "",
        "[]",
        "3",
        "null",
        '{"type": "nonsense"}',
        "{}",
        '{"type": "submit"}',
        '{"type": 3}',
        '{"type": "code_update", "code": ""}',
        "[" * 100_000,
        b'{"type": "ping"}',
        b"\xff\xfe",
    ],
)
async def test_a_frame_that_is_no_message_is_an_error(room_url: str, frame: str | bytes) -> None:
    async with ot_socket(room_url) as socket:
        await socket.send_raw(frame)
        code, message = await mistake(socket)
        assert code == "malformed"
        assert len(message) > 10
        await socket.join("ann")
        await socket.send_raw(frame)
        assert (await mistake(socket)) == (code, message)


# presence and people


async def test_people_see_each_other_come_change_and_go(room_url: str) -> None:
    async with ot_socket(room_url) as ann:
        ann_id = (await ann.join("ann"))["client"]
        async with ot_socket(room_url) as bo:
            joined = await bo.join("bo")
            assert joined["people"] == [
                {"client": ann_id, "person": "ann", "name": "ann", "colour": 0, "caret": None}
                | {"number": 1}
            ]
            bo_id = joined["client"]
            came = {"type": "person", "client": bo_id, "person": "bo", "name": "bo", "colour": 0}
            came |= {"number": 2}
            assert await ann.receive() == came
            await bo.send("profile", name="Bo 🦦", colour=7)
            assert await ann.receive() == came | {"name": "Bo 🦦", "colour": 7}
            await bo.nothing_more()
        assert await ann.receive() == {"type": "left", "client": bo_id}
        await ann.nothing_more()


async def test_carets_are_seen_at_the_head(room_url: str) -> None:
    async with ot_socket(room_url) as ann, ot_socket(room_url) as bo:
        ann_id = (await ann.join("ann"))["client"]
        bo_id = (await bo.join("bo"))["client"]
        await ann.receive()  # bo came
        await bo.submit(1, 1, "edit", "main", ["bo ", 5])
        await ann.receive()
        await bo.receive()
        # Drafted on the first text, "hello": both move past what bo typed.
        await ann.send("presence", file="main", revision=1, selections=[[1, 3], [5, 5]])
        seen = {"file": "main", "revision": 2, "selections": [[4, 6], [8, 8]]}
        assert await bo.receive() == {"type": "presence", "client": ann_id, **seen}
        async with ot_socket(room_url) as cy:
            people = {p["client"]: p["caret"] for p in (await cy.join("cy"))["people"]}
            assert people[ann_id] == seen
            # An edit moves its author's caret to the end of what was typed.
            assert people[bo_id] == {"file": "main", "revision": 2, "selections": [[3, 3]]}
        await bo.receive()  # cy came
        await bo.receive()  # and went
        await ann.send("presence", file=None, revision=2, selections=[])
        assert await bo.receive() == {
            "type": "presence",
            "client": ann_id,
            "file": None,
            "revision": 2,
            "selections": [],
        }


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"file": "main", "revision": 1, "selections": [[6, 6]]}, "malformed"),
        ({"file": "main", "revision": 1, "selections": [[-1, 0]]}, "malformed"),
        ({"file": "main", "revision": 1, "selections": [[0, 0.5]]}, "malformed"),
        ({"file": "main", "revision": 1, "selections": [[0]]}, "malformed"),
        ({"file": "main", "revision": 1, "selections": [[0, 0]] * 33}, "malformed"),
        ({"file": "main", "revision": 2, "selections": []}, "unknown_revision"),
        ({"file": "gone", "revision": 1, "selections": []}, "unknown_file"),
        ({"revision": 1, "selections": []}, "malformed"),
    ],
)
async def test_a_caret_that_cannot_be_is_an_error(
    room_url: str, fields: dict[str, Any], code: str
) -> None:
    async with ot_socket(room_url) as socket:
        await socket.join("ann")
        await socket.send("presence", **fields)
        assert (await mistake(socket))[0] == code
