"""`collab mcp` as the official client starts it, in a room of a real server."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import unicodedata
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from collab.client import NoEntry, Room, connect
from collab.mcp.limits import AgentLimits
from collab.mcp.server import make_server
from tests.access.people import Browser
from tests.support.ports import free_port
from tests.support.server import DEADLINE, Server
from tests.support.sockets import ot_socket

TEXT = "def area(r):\n    return 3 * r * r\n"


@pytest.fixture
async def link(shared_server: Server) -> AsyncIterator[str]:
    """A link to a room with one file."""
    async with asyncio.timeout(DEADLINE):
        room_id = await asyncio.to_thread(shared_server.create_room, files={"main.py": TEXT})
        yield f"{shared_server.url}/r/{room_id}"


async def call(client: Client, tool: str, **arguments: object) -> tuple[str, bool]:
    """Call a tool. Returns what it says, and whether it could do so."""
    result = await client.call_tool(tool, arguments)
    return "".join(part.text for part in result.content if part.type == "text"), not result.is_error


async def meet(*rooms: Room) -> None:
    """Wait until all of them know what any of them knows."""
    newest = max(room.revision for room in rooms)
    for room in rooms:
        await room.until(partial(_knows, room, newest))


def _knows(room: Room, revision: int) -> bool:
    return room.revision >= revision


@asynccontextmanager
async def agent(
    link: str, *, limits: AgentLimits | None = None, name: str = "Robin's helper"
) -> AsyncIterator[tuple[Client, Room]]:
    """An agent in a room, whose tools the official client calls in this process."""
    async with AsyncExitStack() as stack:
        room = await stack.enter_async_context(connect(link, name=name, agent_for="Robin"))
        server = make_server(room, limits or AgentLimits())
        yield await stack.enter_async_context(Client(server)), room


async def test_a_process_over_stdio_works_in_the_room_and_people_see_for_whom(link: str) -> None:
    command = ["-m", "collab", "mcp", link, "--name", "Robin's helper", "--for", "Robin"]
    started = StdioServerParameters(command=sys.executable, args=command)
    async with connect(link, name="Robin") as robin, Client(started) as client:
        await robin.until(lambda: robin.people)
        assert [(p.name, p.agent) for p in robin.people] == [("Robin's helper", "Robin")]
        assert await call(client, "list_files") == ("main.py", True)
        assert await call(client, "people") == ("Robin", True)
        said, done = await call(
            client, "edit_file", path="main.py", old_text="3 *", new_text="3.14159 *"
        )
        assert done, said
        assert "3.14159 * r" in await robin.read("main.py")
        said, done = await call(client, "run", path="main.py", args=[], stdin="")
        assert (said, done) == ("\n(exit 0)", True)


async def test_a_stale_text_is_refused_with_what_is_there_now(link: str) -> None:
    async with agent(link) as (client, room), connect(link, name="Robin") as robin:
        await robin.edit("main.py", "3 *", "PI *")
        await meet(robin, room)
        for old in ("return 3 * r", "r"):
            said, done = await call(client, "edit_file", path="main.py", old_text=old, new_text="x")
            assert not done
            assert "return PI * r * r" in said
        said, done = await call(client, "edit_file", path="none.py", old_text="a", new_text="b")
        assert not done
        assert "There is no file none.py in this room." in said
        assert await robin.read("main.py") == TEXT.replace("3 *", "PI *")
        # Lines are those that people see, and long ones that are all alike take no time.
        many = "".join(f"{'ab' * 2000}\f{number}\n" for number in range(400))
        await robin.write("many.py", many + "total = 1\n")
        await meet(robin, room)
        old = f"{'ba' * 2000}\ntotal = 2"
        said, done = await call(client, "edit_file", path="many.py", old_text=old, new_text="x")
        assert not done
        assert "(from line " in said
        assert await call(client, "read_file", path="many.py", first_line=401) == (
            "total = 1\n",
            True,
        )


async def test_its_edits_keep_up_with_people_who_type_in_the_same_line(link: str) -> None:
    async with agent(link) as (client, room), connect(link, name="Robin") as robin:
        text = await robin.open("main.py")
        typed = 0

        async def type_on() -> None:
            nonlocal typed
            while True:
                at = text.text.index("r * r") + 5
                text.replace(at, at, "+")
                typed += 1
                await text.saved()

        typing = asyncio.create_task(type_on())
        for step in range(3, 23):
            edit = {"path": "main.py", "old_text": f"{step} *", "new_text": f"{step + 1} *"}
            said, done = await call(client, "edit_file", **edit)
            assert done, said
        typing.cancel()
        await asyncio.gather(typing, return_exceptions=True)
        await text.saved()
        await meet(robin, room)
        assert typed > 1, "nobody has typed meanwhile"
        assert text.text == TEXT.replace("3 *", "23 *").replace("r * r", "r * r" + "+" * typed)
        assert (await call(client, "read_file", path="main.py"))[0] == text.text


async def test_what_it_reads_writes_and_says_is_what_people_have(link: str) -> None:
    async with agent(link) as (client, room), connect(link, name="Robin") as robin:
        json_text = '{"a": null}'
        assert (await call(client, "write_file", path="data/a.json", content=json_text))[1]
        await meet(robin, room)
        assert await robin.read("data/a.json") == json_text
        assert (await call(client, "move_file", path="data/a.json", new_path="b.json"))[1]
        tools = {"write_file": {"content": "x"}, "move_file": {"new_path": "x"}, "remove_file": {}}
        for tool, more in tools.items():
            for path in ("..", "../access", "a/../../../me/ai", "", "."):
                said, _ = await call(client, tool, path=path, **more)
                assert "is no path of a file in a room" in said, "it was another request"
        said, done = await call(client, "write_file", path="x", content="\ud800")
        assert not done
        assert "lone surrogate" in said
        assert await call(client, "search", query="null") == ('b.json:1: {"a": null}', True)
        assert await call(client, "read_file", path="main.py", first_line=2) == (
            "    return 3 * r * r\n",
            True,
        )
        assert (await call(client, "point", path="main.py", text="area"))[1]
        await robin.until(lambda: [p for p in robin.people if p.selections == [(4, 8)]])
        assert (await call(client, "say", words="Hello"))[1]
        assert (
            await call(
                client, "propose", path="main.py", old_text="3", new_text="3.14", why="Rounder"
            )
        )[1]
        async with httpx.AsyncClient(base_url=robin.address.server, timeout=DEADLINE) as rest:
            rooms = f"/rooms/{robin.address.room}"
            thread = (await rest.get(f"{rooms}/threads")).json()["threads"][0]
            accepted = await rest.post(f"{rooms}/messages/{thread['id']}/accept")
            assert accepted.is_success, accepted.text
            await robin.until(lambda: robin.revision >= accepted.json()["revision"])
            assert "3.14 * r" in await robin.read("main.py")
            # Everything that it did is taken back, and only that.
            body = {"person": room.person, "since": 1}
            undone = await rest.post(f"{rooms}/undo", json=body)
            assert undone.is_success, undone.text
            await robin.until(lambda: robin.revision >= undone.json()["revision"])
        assert [node.path for node in robin.nodes if node.kind == "file"] == ["main.py"]


async def test_it_has_limits_of_its_own(link: str) -> None:
    limits = AgentLimits(changes=1, characters=10)
    async with agent(link, limits=limits) as (client, room):
        said, _done = await call(client, "read_file", path="main.py")
        assert said.startswith("def area(r\n(cut: ")
        edit = {"path": "main.py", "old_text": "area", "new_text": "size"}
        assert (await call(client, "edit_file", **edit))[1]
        said, done = await call(client, "edit_file", **edit)
        assert not done
        assert "The limit is 1 changes a minute" in said
        async with Client(make_server(room, limits, reads_only=True)) as reader:
            tools = {tool.name for tool in (await reader.list_tools()).tools}
        all_tools = {tool.name for tool in (await client.list_tools()).tools}
        changing = {"edit_file", "write_file", "move_file", "remove_file", "run"}
        assert all_tools - tools == changing


async def test_it_cannot_have_the_name_of_a_person(link: str, shared_server: Server) -> None:
    away = Browser(shared_server).sign_up(f"Ada Löw {secrets.token_hex(4)}")
    alike = f"  {unicodedata.normalize('NFD', away).upper()}"
    address = link.replace("http", "ws", 1).replace("/r/", "/ws/")
    async with connect(link, name="Ann"), ot_socket(address) as socket:
        for name in ("Ann", " ann", "A n n", "\uff21nn", "Robin", away, alike):
            with pytest.raises(NoEntry, match="needs another name"):
                async with connect(link, name=name, agent_for="Robin"):
                    pass
        await socket.join("helper-of-robin", agent="Robin")
        for name in ("Ann", "Robin", away):
            await socket.send("profile", name=name, colour=1)
            assert (await socket.receive())["code"] == "name_taken"


async def test_its_token_says_what_it_may_do_and_for_whom_and_ends_with_its_session(
    shared_server: Server,
) -> None:
    robin = Browser(shared_server)
    name = robin.sign_up(f"Robin {secrets.token_hex(4)}")
    room_id = robin.post("/rooms", {"files": {"main.py": TEXT}}).json()["roomId"]
    robin.ask("PATCH", f"/rooms/{room_id}/access", {"open": "none"})
    link = f"{shared_server.url}/r/{room_id}"
    tokens = {scope: robin.token("read", scope) for scope in ("read", "write")}
    async with asyncio.timeout(DEADLINE), AsyncExitStack() as stack:
        clients = {}
        for scope, token in tokens.items():
            room = await stack.enter_async_context(
                connect(link, name=f"Helper who may {scope}", agent_for="Zoe", token=token)
            )
            server = make_server(room, AgentLimits())
            clients[scope] = (await stack.enter_async_context(Client(server)), room)
        reads, writes = clients["read"], clients["write"]
        await reads[1].until(lambda: reads[1].people)
        assert [(one.name, one.agent) for one in reads[1].people] == [
            ("Helper who may write", name)
        ], "it says whose token it has, not what it likes"
        edit = {"path": "main.py", "old_text": "3 *", "new_text": "4 *"}
        refused: list[tuple[str, dict[str, object]]] = [
            ("edit_file", {**edit}),
            ("write_file", {"path": "main.py", "content": "x"}),
            ("write_file", {"path": "new.py", "content": "x"}),
            ("remove_file", {"path": "main.py"}),
            ("run", {"path": "main.py", "args": [], "stdin": ""}),
            ("say", {"words": "x"}),
            ("comment", {"path": "main.py", "text": "area", "words": "x"}),
            ("propose", {"path": "main.py", "old_text": "area", "new_text": "x", "why": "x"}),
        ]
        for tool, arguments in refused:
            said, done = await call(reads[0], tool, **arguments)
            assert not done, (tool, said)
        assert await call(reads[0], "read_file", path="main.py") == (TEXT, True)
        assert (await call(writes[0], "edit_file", **edit))[1]
        for row in robin.get("/me/tokens").json():
            robin.ask("DELETE", f"/me/tokens/{row['id']}")
        for client, room in clients.values():
            with pytest.raises(NoEntry):
                await room.until(lambda: False)
            said, done = await call(client, "search", query="r")
            assert not done, said


async def test_people_stop_it(link: str) -> None:
    async with agent(link) as (client, room), connect(link, name="Robin") as robin:
        await robin.until(lambda: robin.people)
        (helper,) = robin.people
        robin.stop_agent(helper.client)
        await robin.until(lambda: not robin.people)
        with pytest.raises(NoEntry):
            await room.until(lambda: False)
        said, done = await call(client, "say", words="Still here")
        assert not done
        assert "Somebody in the room has stopped this agent." in said


async def test_over_http_a_client_that_shows_the_token_works_in_the_room(link: str) -> None:
    port = free_port()
    command = [sys.executable, "-m", "collab", "mcp", link, "--name", "Helper", "--for", "Robin"]
    process = await asyncio.create_subprocess_exec(
        *command,
        f"--http={port}",
        env=os.environ | {"COLLAB_MCP_TOKEN": "the-secret"},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr
        assert b"the-secret" in await process.stderr.readline()
        url = f"http://127.0.0.1:{port}/mcp"
        await until_it_listens(port)
        async with httpx.AsyncClient(timeout=DEADLINE) as rest:
            for headers in ({}, {"authorization": "Bearer other"}):
                assert (await rest.post(url, json={}, headers=headers)).status_code == 401
        bearer = {"authorization": "Bearer the-secret"}
        async with (
            httpx2.AsyncClient(headers=bearer, timeout=DEADLINE) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
            connect(link, name="Robin") as robin,
        ):
            said, done = await call(
                client, "edit_file", path="main.py", old_text="3 *", new_text="4 *"
            )
            assert done, said
            assert await robin.read("main.py") == TEXT.replace("3 *", "4 *")
            assert await call(client, "people") == ("Robin", True)
    finally:
        process.terminate()
        await process.wait()


async def until_it_listens(port: int) -> None:
    async with asyncio.timeout(DEADLINE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
