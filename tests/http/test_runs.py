"""`/rooms/{room_id}/runs`, as other programs use it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from collab.runs.sandbox import watch
from tests.support.server import DEADLINE, Server
from tests.support.sockets import ot_socket

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is of Linux")


def made(http: httpx.Client, text: str, language: str = "python") -> str:
    """The address of the runs of a new room."""
    body = {"initial_code": text, "language": language}
    return f"/rooms/{http.post('/rooms', json=body).json()['roomId']}"


def started(http: httpx.Client, room: str, **body: Any) -> str:
    answer = http.post(f"{room}/runs", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] in ("starting", "running", "ended")
    return f"{room}/runs/{answer.json()['run']}"


def events(http: httpx.Client, run: str) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """Return the output of a run as it comes, and how the run ended."""
    parts: list[dict[str, str]] = []
    ended = False
    accept = {"accept": "text/event-stream"}
    with http.stream("GET", f"{run}/output", headers=accept) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line == "event: ended":
                ended = True
            elif line.startswith("data: "):
                data = json.loads(line.removeprefix("data: "))
                if ended:
                    return parts, data
                parts.append(data)
    raise AssertionError("it does not end")


def printed(parts: list[dict[str, str]], stream: str = "stdout") -> str:
    return "".join(part["text"] for part in parts if part["stream"] == stream)


def test_a_program_of_several_files_runs_with_arguments_and_input(http: httpx.Client) -> None:
    source = """
import sys
from lib.greeting import greet
print(greet(input()), sys.argv[1:], open('data.csv').read().strip())
print('no', file=sys.stderr)
sys.exit(3)
"""
    room = made(http, source)
    greeting = b"def greet(name):\n    return f'hello {name}'\n"
    assert http.put(f"{room}/files/lib/greeting.py", content=greeting).status_code == 200
    assert http.put(f"{room}/files/data.csv", content=b"\xff1,2\n").status_code == 200
    assert http.put(f"{room}/files/data.csv", content=b"1,2\n").status_code == 200
    run = started(http, room, stdin="Bö\n", args=["-v", "🦦"])
    parts, end = events(http, run)
    assert printed(parts) == "hello Bö ['-v', '🦦'] 1,2\n"
    assert printed(parts, "stderr") == "no\n"
    assert (end["state"], end["reason"], end["exit"]) == ("ended", "exit", 3)
    assert end["path"] == "main.py"
    assert end["rung"] in ("namespaces", "landlock")
    assert http.get(f"{run}/output").json() == parts
    assert http.get(run).json() == end
    assert http.get(f"{room}/runs").json() == [end]


def test_what_was_changed_later_is_not_what_ran(http: httpx.Client) -> None:
    room = made(http, "input()\nprint(open('main.py').read())\n")
    run = started(http, room, stdin="\n")
    http.put(f"{room}/files/main.py", content=b"print('later')\n")
    assert "later" not in printed(events(http, run)[0])


def test_a_run_is_as_the_room_says(http: httpx.Client, shared_server: Server) -> None:
    source = "import os, sys\nprint(sys.argv[1:], os.environ['DEBUG'], sys.stdin.read())\n"
    room = made(http, "")
    for path, text in (("lib/start.py", source), ("in.txt", "some input"), ("x.txt", "")):
        http.put(f"{room}/files/{path}", content=text.encode())
    listed = http.get(f"{room}/files").json()
    ids = {file["path"]: file["id"] for file in listed["files"]}
    program = {
        "entry": ids["lib/start.py"],
        "args": ["-v"],
        "env": {"DEBUG": "{room}"},
        "stdin": ids["in.txt"],
    }

    async def say() -> None:
        async with ot_socket(shared_server.room_url(room.removeprefix("/rooms/"))) as ann:
            await ann.join("ann")
            await ann.submit(1, listed["revision"], "program", program)
            await ann.receive()

    asyncio.run(say())
    assert printed(events(http, started(http, room))[0]) == "['-v'] {room} some input\n"
    own = started(http, room, args=[], stdin="mine")
    assert printed(events(http, own)[0]) == "[] {room} mine\n"
    assert http.get(f"{own}/input").json()["text"] == "mine"
    copied = http.post("/rooms", json={"copy": room.removeprefix("/rooms/")}).json()["roomId"]
    assert "some input" in printed(events(http, started(http, f"/rooms/{copied}"))[0])


def test_a_past_revision_runs_as_it_was(http: httpx.Client) -> None:
    room = made(http, "import lib\nprint(lib.x)\n")
    http.put(f"{room}/files/lib.py", content=b"x = 'then'\n")
    then = http.get(f"{room}/files").json()["revision"]
    http.put(f"{room}/files/lib.py", content=b"x = 'now'\n")
    http.delete(f"{room}/files/lib.py")
    run = started(http, room, revision=then)
    parts, end = events(http, run)
    assert (printed(parts), end["at"]) == ("then\n", then)
    assert end["run"] > then
    answer = http.post(f"{room}/runs", json={"revision": 99})
    assert (answer.status_code, answer.json()["extra"]["code"]) == (404, "unknown_revision")


def test_a_run_is_repeated_with_its_input(http: httpx.Client) -> None:
    room = made(http, "import sys\nprint(repr(sys.stdin.read()), sys.argv[1:])\n")
    run = started(http, room, stdin="a\nb", args=["-v"])
    assert printed(events(http, run)[0]) == "'a\\nb' ['-v']\n"
    assert http.get(f"{run}/input").json() == {"text": "a\nb", "ended": True}
    http.put(f"{room}/files/main.py", content=b"print('again', input())\n")
    again = started(http, room, repeat=int(run.rpartition("/")[2]))
    assert printed(events(http, again)[0]) == "again a\n"
    assert http.get(again).json()["args"] == ["-v"]
    assert http.post(f"{room}/runs", json={"repeat": 1}).status_code == 404


def test_what_a_program_wrote_can_be_read(http: httpx.Client) -> None:
    source = """
import os
from pathlib import Path
Path('out').mkdir()
Path('out/data.csv').write_bytes(b'1,2\\r\\n')
Path('dot.png').write_bytes(b'\\x89PNG\\r\\n\\x1a\\n rest')
Path('drawn.svg').write_text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')
Path('none.svg').write_text('no picture')
Path('notes.txt').write_text('changed')
Path('same.txt').write_text('same')
os.symlink('/etc/passwd', 'link')
with open('large.bin', 'wb') as file:
    file.truncate(9 << 20)
"""
    room = made(http, source)
    for name in ("notes.txt", "same.txt"):
        http.put(f"{room}/files/{name}", content=b"same")
    run = started(http, room)
    parts, end = events(http, run)
    assert end["exit"] == 0, parts
    assert [(p["text"], p["type"]) for p in parts if p["stream"] == "picture"] == [
        ("dot.png", "image/png"),
        ("drawn.svg", "image/svg+xml"),
    ]
    listed = http.get(f"{run}/files").json()
    assert [(file["path"], file["size"], file["kept"]) for file in listed] == [
        ("dot.png", 13, True),
        ("drawn.svg", 62, True),
        ("large.bin", 9 << 20, False),
        ("none.svg", 10, True),
        ("notes.txt", 7, True),
        ("out/data.csv", 5, True),
    ]
    assert end["files"] == 6
    drawn = http.get(f"{run}/files/drawn.svg").headers
    assert drawn["content-type"] == "application/octet-stream", "it is never a page of ours"
    answer = http.get(f"{run}/files/out/data.csv")
    assert answer.content == b"1,2\r\n"
    assert answer.headers["content-disposition"].startswith("attachment")
    picture = http.get(f"{run}/files/dot.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-security-policy"] == "default-src 'none'; sandbox"
    for path, code in (("large.bin", "not_kept"), ("main.py", "unknown_file")):
        assert http.get(f"{run}/files/{path}").json()["extra"]["code"] == code


def test_tests_in_python_have_results(http: httpx.Client) -> None:
    room = made(http, "def twice(x):\n    return 2 * x\n")
    source = b"""
import pytest
from main import twice

@pytest.mark.parametrize('x', [1, 2])
def test_twice(x):
    assert twice(x) == 2

@pytest.mark.skip('not now')
def test_later(): ...

class TestMore:
    def test_it(self):
        print('seen')
"""
    http.put(f"{room}/files/tests/test_main.py", content=source)
    http.put(f"{room}/files/test_broken.py", content=b"import nothing_at_all\n")
    run = started(http, room, tests=[])
    assert http.get(run).json()["tests"] is not None, "before the first of them has begun"
    parts, end = events(http, run)
    found = http.get(f"{run}/tests").json()
    assert [(test["name"], test["outcome"], test.get("line", 0)) for test in found] == [
        ("test_broken.py", "error", 0),
    ], parts
    assert end["tests"] == {"passed": 0, "failed": 1, "skipped": 0}
    run = started(http, room, tests=["tests/test_main.py"])
    parts, end = events(http, run)
    found = http.get(f"{run}/tests").json()
    assert [(test["name"], test["outcome"], test["line"]) for test in found] == [
        ("test_twice[1]", "passed", 5),
        ("test_twice[2]", "failed", 5),
        ("test_later", "skipped", 9),
        ("TestMore::test_it", "passed", 13),
    ], parts
    assert all(test["path"] == "tests/test_main.py" for test in found)
    assert "assert 4 == 2" in found[1]["message"]
    assert end["tests"] == {"passed": 2, "failed": 1, "skipped": 1}
    assert "1 failed" in printed(parts)


def test_tests_in_javascript_have_results(http: httpx.Client) -> None:
    room = made(http, "export const twice = (x: number) => 2 * x;\n", "typescript")
    source = b"""import { test, describe } from "node:test";
import assert from "node:assert";
import { twice } from "./main.ts";
test("twice one", () => assert.equal(twice(1), 2));
describe("more", () => {
  test("twice two", () => assert.equal(twice(2), 2));
  test.skip("later", () => {});
});
"""
    http.put(f"{room}/files/main.test.ts", content=source)
    run = started(http, room, tests=[])
    parts, end = events(http, run)
    found = http.get(f"{run}/tests").json()
    assert [(t["name"], t["outcome"], t["path"], t["line"]) for t in found] == [
        ("twice one", "passed", "main.test.ts", 4),
        ("more > twice two", "failed", "main.test.ts", 6),
        ("more > later", "skipped", "main.test.ts", 7),
    ], parts
    assert "4 == 2" in found[1]["message"]
    assert end["tests"] == {"passed": 1, "failed": 1, "skipped": 1}


def test_what_is_reported_without_end_is_heard_no_more(http: httpx.Client) -> None:
    source = """
import os
try:
    while True:
        os.write(3, b'{"picture": "eA=="}\\n' * 1000 + b'x' * 70000 + b'\\n')
except BrokenPipeError:
    print('shut')
"""
    run = started(http, made(http, source))
    parts, end = events(http, run)
    assert printed(parts) == "shut\n", parts
    assert end["files"] == 100


def test_what_can_be_run_is_told(http: httpx.Client) -> None:
    told = http.get("/runs").json()
    assert told["rung"] in ("namespaces", "landlock")
    assert told["languages"] == ["python", "javascript", "typescript"]
    assert told["words"] == ""


@pytest.mark.parametrize(
    ("language", "source", "output"),
    [
        ("javascript", "console.log([1, 2].map((n) => n * 2).join(' '));", "2 4\n"),
        ("typescript", "enum A { B = 7 }\nconst n: number = A.B;\nconsole.log(n);", "7\n"),
    ],
)
def test_javascript_and_typescript_run(
    http: httpx.Client, language: str, source: str, output: str
) -> None:
    run = started(http, made(http, source, language))
    parts, end = events(http, run)
    assert (printed(parts), printed(parts, "stderr"), end["exit"]) == (output, "", 0)


def test_a_run_is_stopped(http: httpx.Client) -> None:
    room = made(http, "import time\nprint('on')\nwhile True:\n    time.sleep(1)\n")
    run = started(http, room)
    with http.stream("GET", f"{run}/output", headers={"accept": "text/event-stream"}) as answer:
        assert "on" in next(answer.iter_lines())
    assert http.delete(run).status_code == 200
    parts, end = events(http, run)
    assert end["reason"] == "stopped"
    assert "KeyboardInterrupt" in printed(parts, "stderr")
    assert http.delete(run).json() == end, "and again, which changes nothing"


def test_a_flood_ends_at_the_limit(http: httpx.Client) -> None:
    room = made(http, "while True:\n    print('x' * 1000)\n")
    run = started(http, room)
    parts, end = events(http, run)
    assert end["reason"] == "output"
    assert end["words"] == "stopped: 4096 KiB of output"
    assert len(printed(parts)) == end["bytes"] == 4 * 1024 * 1024


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"path": "nowhere.py"}, 404, "unknown_file"),
        ({"path": "notes.txt"}, 422, "not_runnable"),
        ({"path": "sub"}, 422, "not_runnable"),
        ({"path": "notes.txt", "revision": 1}, 404, "unknown_file"),
        ({"args": ["a\0b"]}, 400, None),
        ({"stdin": "x" * 70_000}, 400, None),
        ({"args": "x"}, 400, None),
        ({"tests": ["--help"]}, 400, None),
    ],
)
def test_what_cannot_run_is_refused_in_words(
    http: httpx.Client, body: dict[str, Any], status: int, code: str | None
) -> None:
    room = made(http, "")
    http.put(f"{room}/files/notes.txt", content=b"hello")
    http.put(f"{room}/files/sub/notes.txt", content=b"hello")
    answer = http.post(f"{room}/runs", json=body)
    assert answer.status_code == status, answer.text
    if code:
        assert answer.json()["extra"]["code"] == code
    assert http.get(f"{room}/runs").json() == []


def test_runs_that_are_not_there(http: httpx.Client) -> None:
    room = made(http, "")
    for path in ("/runs/1", "/runs/99", "/runs/99/output", f"/runs/{2**60}"):
        answer = http.get(room + path)
        assert (answer.status_code, answer.json()["extra"]["code"]) == (404, "unknown_run")
    assert http.delete(f"{room}/runs/99").status_code == 404
    nowhere = "/rooms/00000000-0000-4000-8000-000000000000/runs"
    assert http.get(nowhere).status_code == 404
    assert http.post(nowhere, json={}).status_code == 404


def test_a_room_runs_two_programs_at_once(http: httpx.Client) -> None:
    room = made(http, "input()\n")
    runs = [started(http, room), started(http, room)]
    answer = http.post(f"{room}/runs", json={})
    assert (answer.status_code, answer.json()["extra"]["code"]) == (429, "too_many_runs")
    for run in runs:
        http.delete(run)
        assert events(http, run)[1]["reason"] == "stopped"


def test_a_run_that_waits_for_its_start_is_stopped_at_once(
    http: httpx.Client, shared_server: Server
) -> None:
    places = max(1, (os.cpu_count() or 1) - 1)
    if places > 7:
        pytest.skip("a server with so many processors starts all that it runs at once")
    room = made(http, "print('ran')\n")
    assert events(http, started(http, room))[1]["reason"] == "exit"
    warden = next(
        pid
        for pid in watch.descendants(shared_server.process.pid)
        if b"sandbox.warden" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    os.kill(warden, signal.SIGSTOP)
    try:
        first = [started(http, made(http, "print('ran')\n")) for _ in range(places)]
        last = started(http, room)
        http.delete(last)
        assert events(http, last)[1]["reason"] == "stopped"
        assert not [run for run in first if http.get(run).json()["state"] == "ended"]
    finally:
        os.kill(warden, signal.SIGCONT)
    assert [printed(events(http, run)[0]) for run in first] == ["ran\n"] * places
    assert printed(events(http, started(http, room))[0]) == "ran\n"


def test_what_is_dropped_says_to_run_it_again(database_url: str) -> None:
    with (
        Server("--run-keep=1", database_url=database_url) as server,
        httpx.Client(base_url=server.url, timeout=DEADLINE) as http,
    ):
        room = made(http, "open('wrote', 'w').write(input())\nprint('done')\n")
        first, second = (started(http, room, stdin="x\n") for _ in range(2))
        for run in (first, second):
            events(http, run)
        events(http, started(http, room, stdin="x\n"))
        while not http.get(second).json()["dropped"]:
            pass  # it is dropped after the end of the last one is told
        for run in (first, second):
            assert http.get(run).json()["reason"] == "exit"
            for path in ("output", "files", "files/wrote", "input"):
                answer = http.get(f"{run}/{path}")
                assert answer.status_code == 410, path
                assert answer.json()["extra"]["code"] == "output_dropped"
                assert "run it again" in answer.json()["detail"]
        answer = http.post(f"{room}/runs", json={"repeat": int(first.rpartition("/")[2])})
        assert answer.status_code == 410
