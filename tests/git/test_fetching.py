"""Rooms as remotes of a plain Git client: clone and fetch, and who may."""

from __future__ import annotations

from pathlib import Path
from random import Random

import httpx
import pytest

from collab.history.purging import purge
from tests.access.people import PASSWORD, Browser, jwt_of
from tests.support.database import run
from tests.support.git_client import Failed, address, clone, git, needs_git
from tests.support.guests import Guest
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE, Server

pytestmark = needs_git
CACHES = (
    "delete from git_commit where room_id = '{0}'; delete from git_object where room_id = '{0}';"
    "update git_tag set commit = null where room_id = '{0}'"
)


def put(server: Server, room_id: str, path: str, content: str | bytes, name: str = "Ada") -> None:
    answer = httpx.put(
        f"{server.url}/rooms/{room_id}/files/{path}",
        content=content,
        headers={"x-collab-name": name},
        timeout=DEADLINE,
    )
    assert answer.status_code == 200, answer.text


def name_version(server: Server, room_id: str, name: str, revision: int | None = None) -> None:
    body = {"name": name} | ({} if revision is None else {"revision": revision})
    answer = httpx.post(f"{server.url}/rooms/{room_id}/versions", json=body, timeout=DEADLINE)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("version", ["0", "2"])
def test_a_clone_follows_its_room(shared_server: Server, tmp_path: Path, version: str) -> None:
    room_id = shared_server.create_room(files={"src/app.py": "a\n", "main.py": "héllo 🦦\n"})
    put(shared_server, room_id, "logo.png", b"\x89PNG\0" * 1000)
    name_version(shared_server, room_id, "first")
    put(shared_server, room_id, "main.py", "hello\n", name="Bob")
    put(shared_server, room_id, "main.py", "hello, all\n", name="Eve")
    put(shared_server, room_id, "src/app.py", "b\n", name="Eve")
    remote = address(shared_server.url, room_id)
    got = clone(tmp_path, remote, "-c", f"protocol.version={version}")
    assert got.git("branch", "--show-current") == "main"
    assert (got.read("main.py"), got.read("src/app.py")) == ("hello, all\n", "b\n")
    assert (got.folder / "logo.png").read_bytes() == b"\x89PNG\0" * 1000
    words = got.git("log", "--format=%s/%an/%(trailers:key=Co-authored-by,valueonly)%n")
    assert [line.partition(" <")[0] for line in words.splitlines() if line] == [
        "Change main.py, src/app.py/Eve/Bob",
        "first/Ada/",
    ]
    old = got.git("rev-parse", "HEAD")
    assert got.git("pull", "--ff-only") == "Already up to date."

    put(shared_server, room_id, "new.txt", "new\n")
    httpx.delete(f"{shared_server.url}/rooms/{room_id}/files/src/app.py", timeout=DEADLINE)
    got.git("pull", "--quiet", "--ff-only")
    assert got.git("rev-parse", "HEAD~1") == old
    assert got.git("ls-files").split() == ["logo.png", "main.py", "new.txt"]
    assert got.git("fsck", "--strict") == ""


async def test_every_server_makes_the_same_commits(shared_server: Server, tmp_path: Path) -> None:
    room_id = shared_server.create_room(files={"main.py": "1\n"})
    remote = address(shared_server.url, room_id)
    first = clone(tmp_path, remote, name="first")
    for text in ("2\n", "3\n"):
        put(shared_server, room_id, "main.py", text)
        first.git("pull", "--quiet", "--ff-only")
    # Another server has nothing but the log and the pins.
    await run(shared_server.database_url, CACHES.format(room_id))
    assert clone(tmp_path, remote, name="second").ids() == first.ids()
    assert first.git("pull", "--ff-only") == "Already up to date."


@pytest.mark.parametrize("version", ["0", "2"])
def test_a_history_may_be_cut_off(shared_server: Server, tmp_path: Path, version: str) -> None:
    room_id = shared_server.create_room(files={"main.py": "0\n", "other.py": "x\n" * 50})
    remote = address(shared_server.url, room_id)
    whole = clone(tmp_path, remote, name="whole")
    for number in range(1, 6):
        put(shared_server, room_id, "main.py", f"{number}\n" * number)
        whole.git("pull", "--quiet", "--ff-only")
    options = ("-c", f"protocol.version={version}", "--depth=2")
    cut_off = clone(tmp_path, remote, *options, name="cut-off")
    assert cut_off.ids() == whole.ids()[:2]
    assert cut_off.read("other.py") == "x\n" * 50
    put(shared_server, room_id, "main.py", "later\n")
    cut_off.git("pull", "--quiet", "--ff-only")
    assert len(cut_off.ids()) == 3
    cut_off.git("fetch", "--quiet", "--deepen=1")
    assert len(cut_off.ids()) == 4
    cut_off.git("fetch", "--quiet", "--unshallow")
    whole.git("pull", "--quiet", "--ff-only")
    assert cut_off.ids() == whole.ids()
    assert cut_off.git("fsck", "--strict") == ""


@pytest.mark.parametrize("version", ["0", "2"])
async def test_versions_are_tags_whenever_they_are_named(
    shared_server: Server, tmp_path: Path, version: str
) -> None:
    more = "".join(f"{Random(number).random()}\n" for number in range(100))
    room_id = shared_server.create_room(files={"main.py": f"1\n{more}"})
    put(shared_server, room_id, "src/a.py", "a\n")
    remote = address(shared_server.url, room_id)
    protocol = ("-c", f"protocol.version={version}")
    mine = clone(tmp_path, remote, *protocol, name="mine")
    for text in ("2\n", "3\n", "4\n"):
        put(shared_server, room_id, "main.py", text + more)
    name_version(shared_server, room_id, "the end")
    mine.git(*protocol, "pull", "--quiet", "--ff-only")
    assert mine.git("tag", "--points-at", "HEAD") == "the-end"
    # Two that lie between the commits, one of them where a commit is, and one with a strange name.
    name_version(shared_server, room_id, "the end", 3)
    name_version(shared_server, room_id, "..a~b/../c.lock", 4)
    name_version(shared_server, room_id, "begin", 2)
    mine.git(*protocol, "fetch", "--tags")
    tags = {"the-end": "4\n", "the-end-3": "2\n", "a-b/c": "3\n", "begin": "1\n"}
    assert mine.git("tag").split() == sorted(tags)
    for tag, text in tags.items():
        assert mine.git("show", f"{tag}:main.py") == (text + more).strip()
        assert mine.git("show", f"{tag}:src/a.py") == "a"
    assert mine.git("merge-base", "the-end-3", "main") == mine.git("rev-parse", "begin")
    assert mine.git("fsck", "--strict") == ""
    put(shared_server, room_id, "main.py", f"2\n{more}")  # which the room has again
    await run(shared_server.database_url, CACHES.format(room_id))
    again = clone(tmp_path, remote, *protocol, name="again")
    assert again.git("show-ref", "--tags") == mine.git("show-ref", "--tags")
    assert again.git("fsck", "--strict") == ""
    packed = again.git("verify-pack", "-v", *map(str, again.folder.glob(".git/objects/pack/*.idx")))
    bases = {line[0]: line[-1] for line in map(str.split, packed.splitlines()) if len(line) == 7}
    text, base = again.git("rev-parse", "a-b/c:main.py", "begin:main.py").split()
    assert bases[text] == base, "it is what was changed since the commit before it"
    mine.git(*protocol, "pull", "--quiet", "--ff-only")
    assert mine.git("fsck", "--strict") == ""
    shallow = clone(tmp_path, remote, *protocol, "--depth=1", "--branch=the-end-3", name="shallow")
    assert shallow.read("main.py") == f"2\n{more}"
    assert shallow.git("fsck", "--strict") == ""


@pytest.mark.parametrize("version", ["0", "2"])
async def test_a_history_may_begin_at_a_time_or_after_a_version(
    shared_server: Server, tmp_path: Path, version: str
) -> None:
    room_id = shared_server.create_room(files={"main.py": "0\n"})
    for number in range(1, 4):
        put(shared_server, room_id, "main.py", f"{number}\n")
    name_version(shared_server, room_id, "v2", 3)
    # Each change a day after the one before.
    ages = "update entry set created_at = '2026-01-01T12:00Z'::timestamptz + revision * '1 day'"
    await run(shared_server.database_url, f"{ages}::interval where room_id = '{room_id}'")
    remote = address(shared_server.url, room_id)
    whole = clone(tmp_path, remote, name="whole").ids()
    protocol = ("-c", f"protocol.version={version}")
    since = clone(tmp_path, remote, *protocol, "--shallow-since=2026-01-04T00:00Z", name="since")
    assert (len(whole), since.ids()) == (4, whole[:2])
    after = clone(tmp_path, remote, *protocol, "--shallow-exclude=v2", name="after")
    assert after.ids() == whole[:1]
    since.git(*protocol, "fetch", "--quiet", "--shallow-since=2026-01-03T00:00Z")
    assert since.ids() == whole[:3]
    with pytest.raises(Failed, match="no commits selected"):
        clone(tmp_path, remote, *protocol, "--shallow-since=2027-01-01T00:00Z", name="none")
    assert since.git("fsck", "--strict") == ""


def told(url: str, **headers: str) -> tuple[int, str, str]:
    answer = httpx.get(
        f"{url}/info/refs?service=git-upload-pack", headers=headers, timeout=DEADLINE
    )
    return answer.status_code, answer.text, answer.headers.get("www-authenticate", "")


def test_a_room_that_lets_nobody_in_answers_as_one_that_is_not_there(
    shared_server: Server, tmp_path: Path
) -> None:
    owner, stranger = Browser(shared_server), Browser(shared_server)
    owner.sign_up()
    stranger.sign_up()
    room_id = owner.post("/rooms", {"initial_code": "hello"}).json()["roomId"]
    link = owner.post(f"/rooms/{room_id}/links", {"role": "viewer"}).json()["secret"]
    once = owner.post(f"/rooms/{room_id}/links", {"role": "viewer", "uses": 1}).json()["secret"]
    assert owner.ask("PATCH", f"/rooms/{room_id}/access", {"open": "none"}).status_code == 200
    for number, secret in enumerate((owner.token("read"), link)):
        remote = address(shared_server.url, room_id, secret)
        assert clone(tmp_path, remote, name=str(number)).read("main.py") == "hello"
    jwt = jwt_of(shared_server, owner.token("read"))
    header = f"http.extraHeader=Authorization: Bearer {jwt}"
    remote = address(shared_server.url, room_id)
    assert git(tmp_path, "-c", header, "ls-remote", remote, "main")

    others = (stranger.token("read"), "x" * 43, once, owner.token("account"), "")
    for secret in others:
        answers = [told(address(shared_server.url, id_, secret)) for id_ in (room_id, NOBODYS)]
        assert answers[0] == answers[1], secret
        assert answers[0][0] in {401, 404}
        with pytest.raises(Failed, match=r"not found|could not read Username|Authentication fail"):
            git(tmp_path, "ls-remote", address(shared_server.url, room_id, secret))


def test_a_link_that_is_revoked_lets_nobody_in(shared_server: Server, tmp_path: Path) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    link = owner.done(shared_server, "POST", f"/rooms/{room_id}/links", role="viewer")
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", open="none")
    got = clone(tmp_path, address(shared_server.url, room_id, link["secret"]))
    owner.done(shared_server, "DELETE", f"/rooms/{room_id}/links/{link['id']}")
    with pytest.raises(Failed, match="Authentication failed"):
        got.git("fetch")


def test_what_is_purged_is_in_no_commit(shared_server: Server, tmp_path: Path) -> None:
    room_id = shared_server.create_room(files={"main.py": "1\n"})
    remote = address(shared_server.url, room_id)
    put(shared_server, room_id, "main.py", "key = 'hunter2'\n")
    assert "hunter2" in clone(tmp_path, remote, name="before").git("log", "--patch")
    put(shared_server, room_id, "main.py", "key = ask()\n")
    put(shared_server, room_id, "main.py", "key = ask()\n\n")
    assert purge(shared_server.database_url, room_id, "4").done
    after = clone(tmp_path, remote, name="after")
    assert "hunter2" not in after.git("log", "--patch")
    assert after.read("main.py") == "key = ask()\n\n"


def test_whoever_deletes_an_account_is_in_no_commit(shared_server: Server, tmp_path: Path) -> None:
    browser = Browser(shared_server)
    name = browser.sign_up()
    room_id = browser.post("/rooms", {"files": {"main.py": "1\n"}}).json()["roomId"]
    mine = clone(tmp_path, address(shared_server.url, room_id, browser.token("read", "write")))
    mine.commit(main__py="2\n")
    put(shared_server, room_id, "other.py", "x\n")
    # Git shows its password where it is asked for one.
    assert browser.ask("PATCH", f"/rooms/{room_id}/access", {"open": "viewer"}).is_success
    mine.git("push", "--quiet")
    mine.git("pull", "--quiet", "--ff-only")
    assert f"{name} <" in mine.git("log")
    assert browser.post("/me/delete", {"password": PASSWORD}).status_code == 204
    again = clone(tmp_path, address(shared_server.url, room_id), name="again")
    assert name not in again.git("log")
    assert "ada@example.org" not in again.git("log")
    assert again.read("main.py") == "2\n"
