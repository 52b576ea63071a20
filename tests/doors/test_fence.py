"""Nothing of a person who may not write any more is saved after that is answered, and they hear."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.database import eventually, locked
from tests.support.guests import Guest, enter
from tests.support.server import DEADLINE, Server
from tests.support.sockets import Socket, ot_socket, person

NEVER = "--tick=600"
"""So that what comes in time has come by the bell."""
EDIT = ("edit", "main", ["x", 5])
MESSAGES: list[dict[str, Any]] = [
    {"type": "submit", "seq": 1, "revision": 1, "change": EDIT},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["language", "main", "rust"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["add", "n", "n.py", None, "", ""]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["folder", "n", "", "n"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["move", "main", "", "n.py"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["remove", "main"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["restore", "main", "", "n.py"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["name", "Mine"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["run", "main"]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["program", {"entry": "main"}]},
    {"type": "submit", "seq": 1, "revision": 1, "change": ["version", "Mine"]},
    {
        "type": "submit",
        "seq": 1,
        "revision": 1,
        "change": ["many", [["name", "Mine"], EDIT], "import"],
    },
]


@pytest.fixture(scope="module")
def pair(shared_server: Server) -> Iterator[tuple[Server, Server]]:
    """Two processes on one database."""
    with ExitStack() as stack:
        yield tuple(  # type: ignore[misc]
            stack.enter_context(Server(NEVER, database_url=shared_server.database_url))
            for _ in range(2)
        )


async def patch(owner: Guest, server: Server, room_id: str, **access: object) -> None:
    path = f"/rooms/{room_id}/access"
    await asyncio.to_thread(owner.done, server, "PATCH", path, **access)


async def hears(socket: Socket, kind: str) -> Any:
    """Wait for a message of a type. Returns it."""
    while (message := await socket.receive())["type"] != kind:
        pass
    return message


async def sent_away(socket: Socket) -> int:
    """Wait until the server closes, whatever it says before. Returns the code."""
    with suppress(ConnectionClosed):
        while True:
            await socket.receive()
    code = socket.connection.close_code
    assert code
    return code


def text(server: Server, owner: Guest, room_id: str) -> str:
    found: str = owner.done(server, "GET", f"/rooms/{room_id}")["code"]
    return found


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m["change"][0])
async def test_a_viewer_is_refused_every_change_and_told_why(
    shared_server: Server, message: dict[str, Any]
) -> None:
    room_id = Guest().room(shared_server, open="viewer")
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        joined = await socket.join("ana")
        assert (joined["role"], joined["open"]) == ("viewer", "viewer")
        await socket.send(kind=message["type"], **{k: v for k, v in message.items() if k != "type"})
        refused = await socket.receive()
        assert (refused["type"], refused["seq"], refused["code"]) == ("refused", 1, "not_allowed")
        assert "viewer" in refused["message"]
        await socket.nothing_more()
    assert shared_server.room(room_id)["code"] == "hello"


async def test_a_viewer_types_into_no_program_and_stops_none(shared_server: Server) -> None:
    room_id = Guest().room(shared_server, open="viewer")
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        await socket.join("ana")
        for kind, fields in (("input", {"run": 1, "seq": 1, "text": "x"}), ("stop", {"run": 1})):
            await socket.send(kind, **fields)
            assert (await socket.receive())["code"] == "not_allowed"


async def test_a_viewer_is_seen_sees_and_reads(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server, open="viewer")
    async with owner.socket(shared_server, room_id) as ann:
        await ann.join("ann")
        async with Guest().socket(shared_server, room_id) as bo:
            joined = await bo.join("bo")
            assert [(p["name"], p["role"]) for p in joined["people"]] == [("ann", "owner")]
            came = await hears(ann, "person")
            assert (came["name"], came["role"]) == ("bo", "viewer")
            assert came["who"] not in (None, joined["people"][0]["who"])
            await bo.send("presence", file="main", revision=1, selections=[[2, 2]])
            assert (await hears(ann, "presence"))["selections"] == [[2, 2]]
            await bo.send("read", file="main")
            assert (await hears(bo, "text"))["text"] == "hello"
            await ann.submit(1, 1, *EDIT)
            entries = await bo.receive()
            assert entries[0] == 2


async def test_a_plain_client_that_only_watches_is_given_the_text_that_stands(
    shared_server: Server,
) -> None:
    room_id = Guest().room(shared_server, open="viewer")
    async with Guest().socket(shared_server, room_id, plain=True) as socket:
        assert (await socket.receive())["code"] == "hello"
        await socket.receive()
        await socket.send("code_update", code="mine")
        refused, stands = await socket.receive(), await socket.receive()
        assert (refused["type"], refused["code"]) == ("error", "not_allowed")
        assert stands == {"type": "code_update", "code": "hello"}
    assert shared_server.room(room_id)["code"] == "hello"


async def test_the_role_of_one_who_joins_is_told_to_nobody_else_as_theirs(
    shared_server: Server,
) -> None:
    owner = Guest()
    room_id = owner.room(shared_server, open="viewer")
    async with ot_socket(shared_server.room_url(room_id)) as viewer:
        assert (await viewer.join("ana"))["role"] == "viewer"
        async with owner.socket(shared_server, room_id) as socket:
            assert (await socket.join("owner"))["role"] == "owner"
            assert (await hears(viewer, "person"))["role"] == "owner"
            await viewer.submit(1, 1, *EDIT)
            assert (await viewer.receive())["code"] == "not_allowed"


async def test_nobody_becomes_the_owner_by_saying_that_they_are_this_person(
    shared_server: Server,
) -> None:
    owner = Guest()
    room_id = owner.room(shared_server, open="viewer")
    async with (
        owner.socket(shared_server, room_id) as socket,
        ot_socket(shared_server.room_url(room_id)) as forger,
    ):
        await socket.join("owner")
        owners = owner.who(shared_server, room_id)
        claimed = person("forger") | {"person": "owner", "who": owners, "role": "owner"}
        await forger.send("join", **claimed)
        assert (await forger.receive())["role"] == "viewer"
        assert "who" not in await hears(socket, "person")


async def test_an_edit_after_the_role_is_gone_on_another_process_is_refused(
    pair: tuple[Server, Server],
) -> None:
    here, there = pair
    owner = Guest()
    room_id = owner.room(here)
    async with ot_socket(there.room_url(room_id)) as socket:
        await socket.join("ana")
        await patch(owner, here, room_id, open="viewer")
        await socket.submit(1, 1, *EDIT)
        assert (await hears(socket, "refused"))["code"] == "not_allowed"
    assert text(here, owner, room_id) == "hello"


async def test_people_on_another_process_are_told_of_their_role_at_once(
    pair: tuple[Server, Server],
) -> None:
    here, there = pair
    owner = Guest()
    room_id = owner.room(here)
    async with ot_socket(there.room_url(room_id)) as socket:
        await socket.join("ana")
        await patch(owner, here, room_id, locked=True)
        told = await hears(socket, "access")
        assert told == {
            "type": "access",
            "role": "viewer",
            "open": "editor",
            "locked": True,
            "owned": True,
        }
        await patch(owner, here, room_id, locked=False)
        assert (await hears(socket, "access"))["role"] == "editor"
        await socket.submit(1, 1, *EDIT)
        assert (await socket.receive())[0] == 2


async def test_an_edit_whose_commit_waits_while_the_role_goes_is_not_saved(
    shared_server: Server,
) -> None:
    """The edit has passed every check of the process; only the append can still refuse it."""
    owner = Guest()
    room_id = owner.room(shared_server)
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        await socket.join("ana")
        async with locked(shared_server.database_url, room_id):
            changing = asyncio.create_task(patch(owner, shared_server, room_id, open="viewer"))
            await waits_for_the_row(shared_server)
            await socket.submit(1, 1, *EDIT)
            await waits_for_the_row(shared_server, 2)
        await changing
        assert (await hears(socket, "refused"))["code"] == "not_allowed"
    assert text(shared_server, owner, room_id) == "hello"


async def test_so_is_a_put_of_a_file(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    url = f"{shared_server.url}/rooms/{room_id}/files/main.py"
    async with httpx.AsyncClient(timeout=DEADLINE) as http:
        async with locked(shared_server.database_url, room_id):
            changing = asyncio.create_task(patch(owner, shared_server, room_id, open="viewer"))
            await waits_for_the_row(shared_server)
            putting = asyncio.create_task(http.put(url, content=b"mine"))
            await waits_for_the_row(shared_server, 2)
        await changing
        answer = await putting
    assert (answer.status_code, answer.json()["extra"]["code"]) == (403, "not_allowed")
    assert text(shared_server, owner, room_id) == "hello"


async def test_a_change_sent_again_after_the_role_is_gone_is_refused(
    shared_server: Server,
) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    url = shared_server.room_url(room_id)
    async with ot_socket(url) as socket:
        await socket.join("ana")
    await patch(owner, shared_server, room_id, open="viewer")
    async with ot_socket(url) as socket:
        await socket.join("ana", revision=1)
        for _ in range(2):
            await socket.submit(1, 1, *EDIT)
        assert (await socket.receive())["code"] == "not_allowed"
        await socket.nothing_more()
    assert text(shared_server, owner, room_id) == "hello"


async def test_who_is_removed_is_sent_away_and_comes_back_to_a_room_that_is_not_there(
    pair: tuple[Server, Server],
) -> None:
    here, there = pair
    owner = Guest()
    room_id = owner.room(here)
    bo = await asyncio.to_thread(enter, here, room_id, owner, "editor")
    who = bo.who(here, room_id)
    async with bo.socket(there, room_id) as socket, owner.socket(here, room_id) as ann:
        await ann.join("ann")
        await socket.join("bo")
        await hears(ann, "person")
        path = f"/rooms/{room_id}/members/{who}"
        await asyncio.to_thread(owner.done, here, "PUT", path, role="none")
        assert await sent_away(socket) == 4410
        await hears(ann, "left")
    async with bo.socket(there, room_id) as socket:
        assert (await socket.receive())["code"] == "room_not_found"
        assert (await socket.closed())[0] == 4404


async def test_who_waits_is_told_nothing_of_the_room(shared_server: Server) -> None:
    owner, bo = Guest(), Guest()
    room_id = owner.room(shared_server, open="ask")
    async with owner.socket(shared_server, room_id) as ann:
        await ann.join("ann")
        for plain in (False, True):
            async with bo.socket(shared_server, room_id, plain=plain) as socket:
                assert (await socket.receive()) == {
                    "type": "error",
                    "code": "ask_to_enter",
                    "message": "Ask to be let into this room",
                }
                assert (await socket.closed())[0] == 4423
        waiting = f"/rooms/{room_id}/waiting"
        bo.done(shared_server, "POST", waiting, name="Bo")
        await hears(ann, "waiting")
        (asks,) = owner.done(shared_server, "GET", waiting)
        answer = {"role": "editor"}
        await asyncio.to_thread(
            owner.done, shared_server, "PUT", f"{waiting}/{asks['who']}", **answer
        )
        async with bo.socket(shared_server, room_id) as socket:
            assert (await socket.join("bo"))["role"] == "editor"


async def test_a_room_that_begins_to_ask_sends_away_who_was_not_let_in(
    shared_server: Server,
) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    async with Guest().socket(shared_server, room_id) as socket:
        await socket.join("bo")
        await patch(owner, shared_server, room_id, open="ask")
        assert await sent_away(socket) == 4423


async def waits_for_the_row(server: Server, count: int = 1) -> None:
    """Wait until so many statements wait for the lock of a room's row."""
    await eventually(
        server.database_url,
        f"select count(*) >= {count} from pg_stat_activity where wait_event_type = 'Lock'"
        " and datname = current_database()",
    )
