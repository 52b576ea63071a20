"""Pushing to rooms with a plain Git client."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import httpx
import pytest

from collab.client import connect
from tests.git.test_fetching import CACHES, put
from tests.support.database import run
from tests.support.git_client import Clone, Failed, address, clone, needs_git
from tests.support.guests import Guest
from tests.support.server import DEADLINE, Server

pytestmark = needs_git


def texts(server: Server, room_id: str) -> dict[str, str]:
    """The files of a room, by path."""
    url = f"{server.url}/rooms/{room_id}/files"
    listed = httpx.get(url, timeout=DEADLINE).json()["files"]
    return {
        one["path"]: httpx.get(f"{url}/{one['path']}", timeout=DEADLINE).content.decode(
            errors="replace"
        )
        for one in listed
        if one["kind"] != "folder"
    }


def cloned(server: Server, folder: Path, room_id: str, name: str = "clone") -> Clone:
    return clone(folder, address(server.url, room_id), name=name)


def test_a_push_changes_the_room(shared_server: Server, tmp_path: Path) -> None:
    room_id = shared_server.create_room(files={"main.py": "1\n2\n", "old.py": "x\n", "b.py": "b\n"})
    mine = cloned(shared_server, tmp_path, room_id)
    (mine.folder / "src").mkdir()
    mine.git("mv", "old.py", "src/new.py")
    (mine.folder / "logo.png").write_bytes(b"\x89PNG\0")
    pushed = mine.commit(main__py="1\n2\n3\n", b__py=None)
    mine.git("push", "--quiet")
    assert texts(shared_server, room_id) == {
        "main.py": "1\n2\n3\n",
        "src/new.py": "x\n",
        "logo.png": "\ufffdPNG\0",
    }
    # Nobody else has changed anything, so it is the room's own commit.
    assert cloned(shared_server, tmp_path, room_id, "second").ids()[0] == pushed
    mine.commit(main__py="4\n")
    mine.git("push", "--quiet")
    assert texts(shared_server, room_id)["main.py"] == "4\n"


def test_what_others_have_changed_meanwhile_is_kept(shared_server: Server, tmp_path: Path) -> None:
    room_id = shared_server.create_room(files={"main.py": "one\ntwo\nthree\n", "b.py": "b\n"})
    mine = cloned(shared_server, tmp_path, room_id)
    put(shared_server, room_id, "main.py", "ONE\ntwo\nthree\n")
    put(shared_server, room_id, "c.py", "c\n")
    first = mine.commit(main__py="one\ntwo\nTHREE\n")
    second = mine.commit(d__py="d\n")
    mine.git("push", "--quiet")
    merged = {"main.py": "ONE\ntwo\nTHREE\n", "b.py": "b\n", "c.py": "c\n", "d.py": "d\n"}
    assert texts(shared_server, room_id) == merged
    mine.git("pull", "--quiet", "--ff-only")
    assert mine.read("main.py") == merged["main.py"]
    assert {first, second} < set(mine.git("rev-list", "HEAD").split())
    assert mine.git("fsck", "--strict") == ""
    # And it goes on from there.
    mine.commit(b__py="B\n")
    mine.git("push", "--quiet")
    assert texts(shared_server, room_id)["b.py"] == "B\n"


def test_a_push_is_refused_in_words(shared_server: Server, tmp_path: Path) -> None:
    room_id = shared_server.create_room(files={"main.py": "1\n"})
    mine = cloned(shared_server, tmp_path, room_id)
    other = cloned(shared_server, tmp_path, room_id, "other")

    def refused(words: str, *arguments: str) -> None:
        with pytest.raises(Failed, match=words):
            mine.git("push", *arguments)
        mine.git("reset", "--quiet", "--hard", "origin/main")

    refused("only main can be pushed", "origin", "main:feature")
    refused("only main can be pushed", "origin", "main:refs/tags/v1")
    refused("main cannot be deleted", "origin", ":main")
    (mine.folder / "link").symlink_to("/etc/passwd")
    mine.commit()
    refused("link is a symbolic link")
    mine.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},inner")
    mine.git("commit", "--quiet", "--message", "x")
    refused("inner is a submodule")
    mine.commit(aux__py="x")
    refused("Windows keeps the name aux.py")
    (mine.folder / "large").write_bytes(os.urandom(16 * 1024 * 1024))
    mine.commit()
    refused("the pack has more than 15728640 bytes")
    mine.git("checkout", "--quiet", "--orphan", "another")
    mine.commit(main__py="unrelated\n")
    refused("non-fast-forward", "--force", "origin", "another:main")
    assert texts(shared_server, room_id) == {"main.py": "1\n"}

    other.commit(main__py="2\n")
    other.git("push", "--quiet")
    mine.git("checkout", "--quiet", "-B", "main", "origin/main")
    mine.commit(main__py="3\n")
    refused("fetch first")
    mine.git("fetch", "--quiet")
    mine.commit(main__py="3\n")
    refused("non-fast-forward", "--force")


def test_who_may_push(shared_server: Server, tmp_path: Path) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    secrets = {
        role: owner.done(shared_server, "POST", f"/rooms/{room_id}/links", role=role)["secret"]
        for role in ("viewer", "editor")
    }
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", open="none")
    mine = clone(tmp_path, address(shared_server.url, room_id, secrets["viewer"]))
    mine.commit(main__py="from Git")
    with pytest.raises(Failed, match="You are a viewer of this room"):
        mine.git("push", "--quiet")
    with pytest.raises(Failed, match="could not read Username"):
        mine.git("push", "--quiet", address(shared_server.url, room_id), "main")
    mine.git("remote", "set-url", "origin", address(shared_server.url, room_id, secrets["editor"]))
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", locked=True)
    with pytest.raises(Failed, match="The room is locked"):
        mine.git("push", "--quiet")
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", locked=False)
    mine.git("push", "--quiet")
    read = owner.ask(shared_server, "GET", f"/rooms/{room_id}/files/main.py")
    assert read.text == "from Git"


async def test_a_push_that_is_sent_again_is_merged_once(
    shared_server: Server, tmp_path: Path
) -> None:
    room_id = shared_server.create_room(files={"main.py": "1\n"})
    mine = cloned(shared_server, tmp_path, room_id)
    put(shared_server, room_id, "main.py", "0\n1\n")
    mine.commit(main__py="1\n2\n", new__py="new\n")
    mine.git("push", "--quiet")
    # As if the server had died before it noted the push.
    statement = f"delete from git_pin where room_id = '{room_id}' and pushed is not null"
    await run(shared_server.database_url, statement)
    await run(shared_server.database_url, CACHES.format(room_id))
    mine.git("push", "--quiet", "--force")
    assert texts(shared_server, room_id) == {"main.py": "0\n1\n2\n", "new.py": "new\n"}
    mine.git("pull", "--quiet", "--ff-only")


async def test_nothing_is_lost_while_people_type(shared_server: Server, tmp_path: Path) -> None:
    room_id = shared_server.create_room(files={"main.py": "".join(f"# {n}\n" for n in range(40))})
    mine = await asyncio.to_thread(cloned, shared_server, tmp_path, room_id)
    done = asyncio.Event()
    written: list[str] = []

    async def type_on() -> None:
        async with connect(f"{shared_server.url}/r/{room_id}", name="Bob") as bob:
            main = await bob.open("main.py")
            while not done.is_set():
                place = main.text.find("\n", len(written) * 7 % len(main.text)) + 1
                written.append(f"typed-{len(written)}")
                main.replace(place, place, f"{written[-1]}\n")
                await main.saved()

    typing = asyncio.create_task(type_on())
    for number in range(5):
        text = mine.read("main.py") + f"pushed-{number}\n"
        await asyncio.to_thread(mine.commit, main__py=text)
        await asyncio.to_thread(mine.git, "push", "--quiet")
        await asyncio.to_thread(mine.git, "pull", "--quiet", "--ff-only")
    done.set()
    await typing
    lines = texts(shared_server, room_id)["main.py"].split("\n")
    wanted = [
        *written,
        *(f"pushed-{number}" for number in range(5)),
        *(f"# {n}" for n in range(40)),
    ]
    assert [lines.count(word) for word in wanted] == [1] * len(wanted)
