"""The past of a room, as other programs use it."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import zipfile
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from ot import Operation
from tests.support.clients import OtClient
from tests.support.database import fill, run
from tests.support.server import DEADLINE, Server
from tests.support.sockets import Socket, ot_socket, plain_socket


def made(http: httpx.Client, files: dict[str, str]) -> str:
    """The address of a new room."""
    return f"/rooms/{http.post('/rooms', json={'files': files}).json()['roomId']}"


def got(http: httpx.Client, address: str, **query: Any) -> Any:
    answer = http.get(address, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def posted(http: httpx.Client, address: str, **body: Any) -> Any:
    answer = http.post(address, json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def texts(http: httpx.Client, room: str, revision: int | None = None) -> dict[str, str]:
    query = {} if revision is None else {"revision": revision}
    listed = got(http, f"{room}/files", **query)["files"]
    paths = [file["path"] for file in listed if file["kind"] == "text"]
    return {path: http.get(f"{room}/files/{path}", params=query).text for path in paths}


def wrote(http: httpx.Client, room: str, path: str, text: str) -> int:
    answer = http.put(f"{room}/files/{path}", content=text)
    assert answer.status_code == 200, answer.text
    revision: int = answer.json()["revision"]
    return revision


def test_a_version_names_a_revision_and_can_be_renamed(http: httpx.Client) -> None:
    room = made(http, {"main.py": "a\n"})
    head = wrote(http, room, "main.py", "a\nb\n")
    asker = {"X-Collab-Name": "Ana", "X-Collab-Person": "ana_1"}
    answer = http.post(f"{room}/versions", json={"name": "Before the demo"}, headers=asker)
    version = answer.json()
    assert (version["revision"], version["name"]) == (head, "Before the demo")
    assert (version["author"], version["inserted"]) == ("Ana", 4)
    wrote(http, room, "main.py", "a\nb\nc\n")
    posted(http, f"{room}/versions", name="Start", revision=1)
    renamed = http.patch(f"{room}/versions/{head}", json={"name": "The demo"})
    assert renamed.status_code == 200, renamed.text
    found = got(http, f"{room}/versions")
    assert [(one["revision"], one["name"]) for one in found] == [(1, "Start"), (head, "The demo")]
    assert texts(http, room) == {"main.py": "a\nb\nc\n"}, "the room stays as it is"
    unknown = http.patch(f"{room}/versions/{head + 1}", json={"name": "x"})
    assert (unknown.status_code, unknown.json()["extra"]["code"]) == (404, "unknown_version")
    above = http.post(f"{room}/versions", json={"name": "x", "revision": 99})
    assert (above.status_code, above.json()["extra"]["code"]) == (404, "unknown_revision")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u202eb", "x" * 61])
def test_a_name_is_what_it_looks_like(http: httpx.Client, name: str) -> None:
    room = made(http, {"main.py": "a\n"})
    assert http.post(f"{room}/versions", json={"name": name}).status_code == 400


def test_history_says_who_did_how_much(http: httpx.Client) -> None:
    room = made(http, {"main.py": "abc"})
    wrote(http, room, "main.py", "abcdef")
    wrote(http, room, "main.py", "def")
    head = got(http, f"{room}/history")["head"]
    posted(http, f"{room}/versions", name="One")
    for _ in range(2):
        posted(http, f"{room}/messages", text="hello")
    messages = got(http, f"{room}/history")["messages"]
    assert messages == [{"revision": head + 1, "count": 2}], "said since the last revision"
    assert got(http, f"{room}/history", to=head)["messages"] == [], "said later"
    found = got(http, f"{room}/history", buckets=10, to=head)
    assert "REST API" in {person["name"] for person in found["people"]}
    did = [one for bucket in found["buckets"] for one in bucket["people"]]
    assert sum(one["entries"] for one in did) == head
    assert sum(one["inserted"] for one in did) == 6
    assert sum(one["deleted"] for one in did) == 3
    assert [bucket["revision"] for bucket in found["buckets"]] == sorted(
        bucket["revision"] for bucket in found["buckets"]
    )
    marks = got(http, f"{room}/history")["marks"]
    assert [(mark["kind"], mark.get("of"), mark.get("name")) for mark in marks][-1] == (
        "version",
        head,
        "One",
    )


def test_the_log_is_public_but_for_what_is_secret(http: httpx.Client) -> None:
    room = made(http, {"main.py": "abc"})
    head = 1
    for text in ("abcd", "abcde", "abcdef"):
        head = wrote(http, room, "main.py", text)
    page = got(http, f"{room}/entries", limit=2)
    assert [entry["revision"] for entry in page["entries"]] == [1, 2]
    assert page["entries"][0]["origin"] == "import"
    assert page["next"] == 2
    assert page["entries"][1]["change"][0] == "edit"
    assert {*page["entries"][1]} <= {"revision", "at", "author", "person", "origin", "change"}
    rest = got(http, f"{room}/entries", after=2)
    assert [entry["revision"] for entry in rest["entries"]] == list(range(3, head + 1))
    assert rest["next"] is None
    lines = http.get(f"{room}/entries", headers={"accept": "application/x-ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["revision"] for line in lines.text.splitlines()] == list(
        range(1, head + 1)
    )


async def heard_entry(socket: Socket) -> None:
    """Wait until a socket is told of the next entry."""
    while not isinstance(await socket.receive(), list):
        pass


async def write_on_sockets(url: str, length: int) -> None:
    """Write as a person, as an agent, and as a plain client, into a text of this length."""
    by_hand: tuple[dict[str, Any], ...] = (
        {"change": ["edit", "main", ["x", length]], "origin": "pasted"},
        {"change": ["edit", "main", ["y", length]]},
        {"change": ["folder", "f" * 8, "", "docs"]},
        {"change": ["name", "Ours"]},
    )
    async with ot_socket(url) as bo, ot_socket(url) as bot, plain_socket(url) as plain:
        head = (await bo.join("bo"))["revision"]
        for seq, change in enumerate(by_hand, 1):
            await bo.send("submit", seq=seq, revision=head, **change)
            await heard_entry(bo)
        await bot.join("bot", agent="Bo")
        await bot.submit(1, head, "edit", "main", ["z", length])
        await heard_entry(bot)
        await heard_entry(bo)
        await plain.send("code_update", code="plain\n")
        await heard_entry(bo)


def test_every_entry_says_whose_it_is_and_how_it_came_about(
    http: httpx.Client, shared_server: Server
) -> None:
    ana = {"X-Collab-Name": "Ana", "X-Collab-Person": "ana"}
    first = http.post("/rooms", json={"files": {"main.py": "a b\n"}}, headers=ana).json()
    room = f"/rooms/{first['roomId']}"

    def asked(method: str, path: str, **body: Any) -> Any:
        """Ask in Ana's name. Every answer of a change has its revision but that of an import."""
        answer = http.request(method, f"{room}/{path}", headers=ana, **body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    asked("PUT", "files/main.py", content="a b c\n")
    asked("PUT", "files/logo.png", content=b"\x89PNG\xff")
    asked("PUT", "files/logo.png", content=b"\x89PNG\xfe")
    asked("POST", "files/main.py", json={"path": "lib/b.py"})
    asked("PATCH", "files/lib/b.py", json={"path": "c.py"})
    asked("DELETE", "files/c.py")
    replaced = asked("POST", "replace", json={"query": "b", "replacement": "B"})["revision"]
    asked("POST", "replace/undo", json={"revision": replaced})
    asked("POST", "restore", json={"revision": 1})
    asked("POST", "undo", json={"person": "ana", "since": replaced})
    asked("POST", "versions", json={"name": "One"})
    tools = got(http, f"{room}/history")["head"]
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("in.py", "x")
    asked("POST", "import", content=zipped.getvalue())
    place = {"file": "main", "revision": tools + 1, "start": 0, "end": 1}
    suggested = {"text": "better", "anchor": place, "suggestion": "A"}
    number = asked("POST", "messages", json=suggested)["number"]
    assert http.post(f"{room}/messages/{number}/accept").status_code == 200, "somebody accepts it"
    said = [("ana", "import"), *[("ana", "tool")] * (tools - 1), ("ana", "import")]
    said.append(("ana", "suggestion"))
    length, url = len(texts(http, room)["main.py"]), shared_server.room_url(first["roomId"])
    asyncio.run(write_on_sockets(url, length))
    said += [("bo", "pasted"), *[("bo", "typed")] * 3, ("bot", "tool")]
    entries = got(http, f"{room}/entries")["entries"]
    said.append((entries[-1]["person"], "typed"))
    assert entries[-1]["person"], "of a client that cannot say who it is"
    assert [(entry["person"], entry["origin"]) for entry in entries] == said
    # A copy is of who copies; the past that comes along is of those who have made it.
    for history, whose in ((False, "cy"), (True, "ana")):
        body, cy = {"copy": first["roomId"], "history": history}, {"X-Collab-Person": "cy"}
        copied = http.post("/rooms", json=body, headers=cy).json()["roomId"]
        begun = got(http, f"/rooms/{copied}/entries")["entries"]
        assert (begun[0]["person"], begun[0]["origin"]) == (whose, "import")
        assert not history or begun == entries
    # Programs that do not say who they are have an id in each room, as its author has.
    nobodys = made(http, {"main.py": "a"})
    wrote(http, nobodys, "main.py", "b")
    made_it, wrote_it = got(http, f"{nobodys}/entries")["entries"]
    assert made_it["person"] == wrote_it["person"]
    assert (made_it["author"], made_it["origin"]) == ("", "import")


def test_a_difference_is_the_operation_and_a_patch_that_git_takes(
    http: httpx.Client, tmp_path: Path
) -> None:
    lines = [f"line {n}\n" for n in range(40)]
    room = made(http, {"src/main.py": "".join(lines), "gone.py": "x\n", "old.py": "y\nz"})
    before = got(http, f"{room}/history")["head"]
    old = texts(http, room)
    lines[3], lines[30] = "changed\n", ""
    wrote(http, room, "src/main.py", "".join(lines) + "no end")
    http.delete(f"{room}/files/gone.py")
    http.patch(f"{room}/files/old.py", json={"path": "lib/new name.py"})
    wrote(http, room, "lib/new name.py", "y\nzé\n")
    wrote(http, room, "add.py", "1\n2\n")
    found = got(http, f"{room}/diff", **{"from": before})
    assert [(one["before"], one["status"], one["path"]) for one in found["files"]] == [
        (None, "added", "add.py"),
        ("gone.py", "removed", None),
        ("old.py", "moved", "lib/new name.py"),
        ("src/main.py", "changed", "src/main.py"),
    ]
    one = got(http, f"{room}/diff", **{"from": before, "file": "src/main.py"})["files"][0]
    blame = got(http, f"{room}/blame/{one['id']}", revision=before, text=True)
    assert blame["text"] == old["src/main.py"], "a file may be named by its id"
    assert sum(c for c in one["operation"] if isinstance(c, int) and c > 0) > 200
    patch = http.get(f"{room}/diff", params={"from": before, "format": "patch"}).text
    for path, text in old.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "change.patch").write_text(patch, encoding="utf-8")
    subprocess.run(["git", "apply", "change.patch"], cwd=tmp_path, check=True)
    (tmp_path / "change.patch").unlink()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {
        str(path.relative_to(tmp_path)): path.read_text(encoding="utf-8") for path in files
    } == texts(http, room)


async def test_what_comes_back_keeps_its_author_and_is_an_entry_like_any(
    shared_server: Server,
) -> None:
    with httpx.Client(base_url=shared_server.url, timeout=DEADLINE) as http:
        room = made(http, {"main.py": ""})
        address = shared_server.room_url(room.removeprefix("/rooms/"))
        async with OtClient(address, "ann") as ann, OtClient(address, "bo") as bo:
            await ann.type("hello world")
            await ann.settled()
            before = ann.revision
            await bo.reaches(before)
            await bo.edit(Operation([5, ", dear", -6]))
            await bo.settled()
            assert written(http, room) == [("ann", "hello"), ("bo", ", dear")]
            assert written(http, room, before) == [("ann", "hello world")]

            asked = {"revision": before, "path": "main.py"}
            preview = posted(http, f"{room}/restore", preview=True, **asked)
            [file] = preview["files"]
            assert (file["status"], file["inserted"], file["deleted"]) == ("changed", 6, 6)
            assert texts(http, room) == {"main.py": "hello, dear"}, "a preview changes nothing"

            http.headers.update({"X-Collab-Name": "Cy", "X-Collab-Person": "cy_1"})
            back = posted(http, f"{room}/restore", **asked)
            await ann.reaches(back["revision"])
            assert ann.text == "hello world"
            assert written(http, room) == [("ann", "hello world")]
            [entry] = got(http, f"{room}/entries", after=back["revision"] - 1)["entries"]
            assert (entry["author"], entry["person"]) == ("Cy", "cy_1")
            assert entry["change"][0::2] == ["many", ["revert", before, "main"]]
            again = posted(http, f"{room}/restore", **asked)
            assert (again["revision"], again["files"]) == (back["revision"], [])


def written(http: httpx.Client, room: str, revision: int | None = None) -> list[tuple[str, str]]:
    """The text of the main file, by who wrote it."""
    query = {} if revision is None else {"revision": revision}
    blame = got(http, f"{room}/blame/main.py", text=True, **query)
    text, found = blame["text"], []
    for number, count in blame["runs"]:
        found.append((blame["bursts"][str(number)]["name"], text[:count]))
        text = text[count:]
    assert not text, "the runs are as long as the text"
    return found


def test_who_wrote_a_file_is_read_at_its_own_path(http: httpx.Client) -> None:
    room = made(http, {"main.py": "one", "lib/blame": "a file of that name", "lib/a.py": "x"})
    wrote(http, room, "main.py", "one two")
    for query in ({}, {"revision": 1}, {"text": True}):
        blame = got(http, f"{room}/blame/main.py", **query)
        assert got(http, f"{room}/files/main.py/blame", **query) == blame
    assert got(http, f"{room}/files/main.py/blame", text=True)["text"] == "one two"
    assert http.get(f"{room}/files/lib/blame").text == "a file of that name"
    assert got(http, f"{room}/files/lib/blame/blame")["path"] == "lib/blame"
    assert http.get(f"{room}/files/lib/a.py/blame/blame").status_code == 404
    assert http.get(f"{room}/files/blame").status_code == 404


async def test_a_room_of_then_is_read_without_the_log_before_its_chapter(
    database_url: str, server: Server
) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=DEADLINE) as http:
        made = await http.post("/rooms", json={"files": {"main.py": ""}})
        room = made.json()["roomId"]
        await fill(database_url, room, head=1, count=2400)
        then = {"revision": 2300}

        async def read() -> list[Any]:
            address = f"/rooms/{room}"
            text = (await http.get(f"{address}/files/main.py", params=then)).text
            listed = (await http.get(f"{address}/files", params=then)).json()
            archive = (await http.get(f"{address}/export.zip", params=then)).content
            asked = {"query": "x", "limit": 1, **then}
            found = (await http.post(f"{address}/search", json=asked)).text
            return [text, listed, archive, found]

        whole = await read()
        assert whole[0] == 2299 * "x"
        assert [file["length"] for file in whole[1]["files"]] == [2299]
        with zipfile.ZipFile(io.BytesIO(whole[2])) as archive:
            assert archive.read("main.py").decode() == whole[0]
        assert "main.py" in whole[3]
        # What came before the last chapter can only be read from chapters now.
        await run(database_url, f"delete from entry where room_id = '{room}' and revision <= 2000")
        assert await read() == whole


def test_a_room_comes_back_with_its_tree_and_its_ids(http: httpx.Client) -> None:
    room = made(
        http, {"main.py": "a\n", "lib/a.py": "one\n", "lib/b.py": "two\n", "c.py": "three\n"}
    )
    then = got(http, f"{room}/history")["head"]
    before, nodes = texts(http, room), got(http, f"{room}/files")["files"]
    http.patch(f"{room}/files/lib/a.py", json={"path": "lib/x.py"})
    http.patch(f"{room}/files/lib/b.py", json={"path": "lib/a.py"})
    http.patch(f"{room}/files/lib/x.py", json={"path": "lib/b.py"})
    http.patch(f"{room}/files/lib", json={"path": "deep/down/lib2"})
    wrote(http, room, "deep/down/lib2/a.py", "other\n")
    http.delete(f"{room}/files/c.py")
    wrote(http, room, "c.py", "new\n")
    http.put(f"{room}/files/logo.png", content=b"\x89PNG\0")
    back = posted(http, f"{room}/restore", revision=then)
    assert texts(http, room) == before
    living = {(file["id"], file["path"]) for file in got(http, f"{room}/files")["files"]}
    assert living >= {(file["id"], file["path"]) for file in nodes}
    assert texts(http, room, back["revision"] - 1)["c.py"] == "new\n", "nothing is rewritten"
    posted(http, f"{room}/restore", revision=back["revision"] - 1)
    assert texts(http, room)["deep/down/lib2/a.py"] == "other\n", (
        "a restore is taken back like that"
    )


def test_a_file_that_was_removed_and_a_part_of_a_text_come_back(http: httpx.Client) -> None:
    room = made(http, {"main.py": "a\nb\nc\n", "x.py": "x\n"})
    then = got(http, f"{room}/history")["head"]
    http.delete(f"{room}/files/x.py")
    wrote(http, room, "main.py", "A\nB\nC\n")
    posted(http, f"{room}/restore", revision=then, path="x.py")
    assert texts(http, room) == {"main.py": "A\nB\nC\n", "x.py": "x\n"}
    selection = {"start": 2, "end": 4}
    posted(http, f"{room}/restore", revision=then, path="main.py", selection=selection)
    assert texts(http, room)["main.py"] == "A\nb\nC\n"
    unknown = http.post(f"{room}/restore", json={"revision": then, "path": "nowhere.py"})
    assert (unknown.status_code, unknown.json()["extra"]["code"]) == (404, "unknown_file")


async def test_the_work_of_one_person_is_taken_back(shared_server: Server) -> None:
    with httpx.Client(base_url=shared_server.url, timeout=DEADLINE) as http:
        room = made(http, {"main.py": "base"})
        address = shared_server.room_url(room.removeprefix("/rooms/"))
        async with OtClient(address, "ann") as ann, OtClient(address, "bo") as bo:
            await ann.type("ann ")
            await ann.settled()
            await bo.reaches(ann.revision)
            await bo.edit(Operation([-2, " BO ", 6]))
            await bo.settled()
            await ann.reaches(bo.revision)
            await ann.edit(Operation([4, "!", len(ann.text) - 4]))
            await ann.settled()
            before = ann.text
            preview = posted(http, f"{room}/undo", person="bo", since=0, preview=True)
            assert (preview["files"][0]["inserted"], preview["files"][0]["deleted"]) == (2, 4)
            back = posted(http, f"{room}/undo", person="bo", since=0)
            await ann.reaches(back["revision"])
            assert sorted(ann.text) == sorted("ann !base")
            assert {name for name, _ in written(http, room)} == {"ann", "REST API"} or (
                "bo" not in {name for name, _ in written(http, room)}
            )
            again = posted(http, f"{room}/undo", person="bo", since=0)
            assert again["files"] == []
            posted(http, f"{room}/restore", revision=back["revision"] - 1)
            assert texts(http, room) == {"main.py": before}


async def test_restores_and_undos_merge_with_what_people_type(shared_server: Server) -> None:
    """While three people type, others go back in time, again and again; all see the same."""
    async with httpx.AsyncClient(base_url=shared_server.url, timeout=DEADLINE) as http:
        made = await http.post("/rooms", json={"files": {"main.py": "begin\n"}})
        room = f"/rooms/{made.json()['roomId']}"
        address = shared_server.room_url(made.json()["roomId"])
        async with AsyncExitStack() as stack:
            people = [
                await stack.enter_async_context(OtClient(address, name))
                for name in ("ann", "bo", "cy")
            ]

            async def types(person: OtClient, seed: int) -> None:
                rng = Random(seed)
                for _ in range(40):
                    length = len(person.text)
                    at = rng.randrange(length + 1)
                    deleted = min(rng.choice([0, 0, 2]), length - at)
                    await person.edit(Operation.patch(length, at, deleted, rng.choice("xyz")))
                    await person.settled()

            async def goes_back() -> None:
                rng = Random(7)
                for _ in range(12):
                    head = (await http.get(f"{room}/history")).json()["head"]
                    body: dict[str, Any] = {"revision": rng.randrange(1, head + 1)}
                    if rng.random() < 0.5:
                        answer = await http.post(f"{room}/restore", json=body)
                    else:
                        body = {"person": "bo", "since": rng.randrange(head)}
                        answer = await http.post(f"{room}/undo", json=body)
                    assert answer.status_code == 200, answer.text

            await asyncio.gather(*(types(one, n) for n, one in enumerate(people)), goes_back())
            head = (await http.get(f"{room}/history")).json()["head"]
            for person in people:
                await person.reaches(head)
            text = (await http.get(f"{room}/files/main.py")).text
            assert {person.text for person in people} == {text}
            blame = (await http.get(f"{room}/blame/main.py", params={"text": True})).json()
            assert blame["text"] == text, "the past leads to what everybody sees"
            assert sum(count for _, count in blame["runs"]) == len(text)
