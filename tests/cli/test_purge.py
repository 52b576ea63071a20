"""The command `collab purge`: a secret that was pasted is gone, and the room is as it was."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import httpx
import pytest

from tests.support.database import NOBODYS, fetch_value
from tests.support.server import DEADLINE, Server

SECRET = "hunter2-hunter2"
LEFT = """
select (select count(*) from entry where change like '%hunter2%')
    + (select count(*) from snapshot where state like '%hunter2%')
    + (select count(*) from file_text where text like '%hunter2%')
"""


def purge(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "collab", "purge", *arguments]
    database = ["--database-url", server.database_url]
    return subprocess.run(
        [*command, *database], capture_output=True, text=True, timeout=DEADLINE, check=False
    )


def test_a_secret_is_gone_and_the_room_goes_on(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=DEADLINE) as http:
        files = {"main.py": "a\n", "lib/b.py": "b\n", "gone.py": "x\n"}
        room = f"/rooms/{http.post('/rooms', json={'files': files}).json()['roomId']}"

        def put(path: str, text: str) -> int:
            revision: int = http.put(f"{room}/files/{path}", content=text).json()["revision"]
            return revision

        def read() -> Any:
            listed = http.get(f"{room}/files").json()["files"]
            return [(one["id"], one["path"], one["length"]) for one in listed]

        put("main.py", f"a\nkey = '{SECRET}'\n")
        http.delete(f"{room}/files/gone.py")
        keep = put("main.py", "a\nkey = ask()\n")
        head = put("lib/b.py", "b\nmore\n")
        before, blame = read(), http.get(f"{room}/blame/main.py").json()
        assert blame["runs"]
        assert asyncio.run(fetch_value(server.database_url, LEFT))
        done = purge(server, room.removeprefix("/rooms/"), "--before", str(keep + 1))
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"What the room was before revision {keep + 1} is gone")
        assert asyncio.run(fetch_value(server.database_url, LEFT)) == 0
        assert not asyncio.run(fetch_value(server.database_url, NOBODYS))
        server.kill()
        server.start()
    with httpx.Client(base_url=server.url, timeout=DEADLINE) as http:
        listed = http.get(f"{room}/files").json()["files"]
        assert [(one["id"], one["path"], one["length"]) for one in listed] == before
        assert http.get(f"{room}/files/main.py").text == "a\nkey = ask()\n"
        assert http.get(f"{room}/files/main.py", params={"revision": 2}).text == (
            "a\nkey = ask()\n"
        )
        assert http.get(f"{room}/files/lib/b.py").text == "b\nmore\n"
        assert http.get(f"{room}/blame/main.py").json()["runs"]
        after = http.put(f"{room}/files/main.py", content="b\n").json()["revision"]
        assert after == head + 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "--before", "5"], "nowhere is no id of a room"),
        (["0b5ecf6c-0000-4000-8000-000000000000", "--before", "5"], "there is no such room"),
        (["0b5ecf6c-0000-4000-8000-000000000000", "--before", "1"], "has to be a revision"),
        (["0b5ecf6c-0000-4000-8000-000000000000"], "purge takes the id of a ROOM"),
    ],
)
def test_the_command_says_what_is_wrong(
    shared_server: Server, arguments: list[str], words: str
) -> None:
    done = purge(shared_server, *arguments)
    assert done.returncode != 0
    assert words in done.stderr
