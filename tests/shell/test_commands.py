"""Commands in a room, as a shell gives them, against a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.support.server import DEADLINE, Server

PROGRAM = """\
import sys
print("hello", *sys.argv[1:], input() if sys.argv[1:] == ["ask"] else "")
print("oh", file=sys.stderr)
sys.exit(3)
"""


def collab(
    *arguments: str, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "collab", *arguments],
        input=stdin,
        capture_output=True,
        env=os.environ | environment,
        timeout=DEADLINE,
        check=False,
    )


@pytest.fixture
def room(shared_server: Server) -> str:
    """A link to a room with a program."""
    return f"{shared_server.url}/r/{shared_server.create_room(initial_code=PROGRAM)}"


def test_a_run_prints_what_the_program_prints_and_ends_as_it_ends(room: str) -> None:
    done = collab("run", room, "main.py", "--input", "-", "--", "ask", stdin=b"Bo\n")
    assert (done.stdout, done.stderr) == (b"hello ask Bo\n", b"oh\n")
    assert done.returncode == 3


def test_a_file_is_written_and_read_byte_by_byte(room: str, tmp_path: Path) -> None:
    content = "l\u2028\n\tno end".encode()
    assert collab("put", room, "docs/a b.md", stdin=content).returncode == 0
    assert collab("cat", room, "docs/a b.md").stdout == content
    picture = tmp_path / "logo.png"
    picture.write_bytes(b"\x89PNG\xff\x00")
    assert collab("put", room, "logo.png", str(picture)).returncode == 0
    assert collab("cat", room, "logo.png").stdout == b"\x89PNG\xff\x00"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("cat", "{room}", "nothing.md"), 66, "nothing.md"),
        (("put", "{room}", "a.md", "/nowhere/a.md"), 66, "No such file"),
        (("cat", f"{{server}}/r/{uuid4()}", "main.py"), 77, "Room not found"),
        (("cat", f"http://127.0.0.1:1/r/{uuid4()}", "main.py"), 69, "does not answer"),
        (("cat", "my-room", "main.py"), 70, "neither the id of a room nor a link"),
        (("rooms",), 77, "COLLAB_TOKEN"),
        (("cat", "{room}"), 2, "required: PATH"),
    ],
)
def test_an_error_is_a_line_of_words_and_a_code(
    arguments: tuple[str, ...], code: int, words: str, room: str, shared_server: Server
) -> None:
    given = [part.format(room=room, server=shared_server.url) for part in arguments]
    done = collab(*given)
    assert done.returncode == code
    assert words in done.stderr.decode()
    assert code == 2 or done.stderr.count(b"\n") == 1


def test_a_token_lists_my_rooms_and_is_shown_to_my_server_alone(shared_server: Server) -> None:
    url = shared_server.url
    with httpx.Client(base_url=url, headers={"origin": url}, timeout=DEADLINE) as owner:
        account = {"name": "Shell Owner", "password": "correct horse battery"}
        cookie = owner.post("/auth/signup", json=account).headers["set-cookie"]
        owner.headers["cookie"] = cookie.partition(";")[0]
        asked = {"label": "shell", "scopes": ["read", "write"]}
        token = owner.post("/me/tokens", json=asked).json()["token"]
        room_id = owner.post("/rooms", json={"initial_code": "hello"}).json()["roomId"]
        owner.patch(f"/rooms/{room_id}/access", json={"open": "none"})
        owner.get(f"/rooms/{room_id}")
    mine = {"COLLAB_TOKEN": token, "COLLAB_SERVER": url}
    assert collab("cat", room_id, "main.py", **mine).stdout == b"hello"
    listed = collab("rooms", **mine)
    assert (listed.returncode, listed.stderr) == (0, b"")
    others = mine | {"COLLAB_SERVER": "https://another.example"}
    assert collab("cat", f"{url}/r/{room_id}", "main.py", **others).returncode == 77
