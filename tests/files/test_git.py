"""Public repositories: what comes in of them, and the words for what does not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from collab.files.found import Asset, Folder, Found, FoundLimits, Refused, Remark, Text
from collab.files.git import Wanted, check_url, fetch
from collab.network import is_public
from collab.room.state import Limits
from collab.settings import Settings
from tests.support.git_server import GitServer, commit, git, serving_git
from tests.support.here import serving
from tests.support.server import DEADLINE

LIMITS = FoundLimits(1000, 10_000_000, Limits(text=1000, asset=200_000))
OWN_NETWORK = [Refused("The address leads into this server's own network.")]
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


@pytest.fixture(scope="module")
def gits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with serving_git(tmp_path_factory.mktemp("git")) as server:
        inner = server.repository("inner")
        (inner / "x.py").write_text("x")
        commit(inner)
        project = server.repository("project")
        for path, content in {
            "main.py": b"print('\xf0\x9f\xa6\xa6')\r\n",
            "lib/logo.png": b"\x89PNG\0",
            "lib/Case.py": b"a",
            "lib/case.py": b"b",
            "aux/x.py": b"x",
            "film.mp4": POINTER.encode(),
            "large.bin": os.urandom(200_001),
        }.items():
            (project / path).parent.mkdir(exist_ok=True)
            (project / path).write_bytes(content)
        (project / "passwords").symlink_to("/etc/passwd")
        git(project, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner))
        commit(project)
        git(project, "tag", "--annotate", "--message", "x", "first")
        (project / "main.py").write_text("2")
        commit(project)
        server.repository("empty")
        yield server


@pytest.fixture(autouse=True)
def trusted(gits: GitServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(gits.certificate))


async def found(url: str, ref: str = "", **other: Any) -> list[Found]:
    wanted = Wanted(url, ref, 10_000_000, DEADLINE, ("localhost",), LIMITS)
    return [one async for one in fetch(replace(wanted, **other))]


async def test_the_files_of_a_repository_come_with_words_for_what_is_left_out(
    gits: GitServer,
) -> None:
    all_of_it = await found(f"{gits.url}/project")
    assert Text("main.py", "2") in all_of_it
    assert Asset("lib/logo.png", b"\x89PNG\0") in all_of_it
    assert Folder("lib") in all_of_it
    assert [one for one in all_of_it if isinstance(one, Text) and "case" in one.path.lower()] == [
        Text("lib/Case.py", "a"),
        Text("lib/case_2.py", "b"),
    ]
    assert {one.path: one.words for one in all_of_it if isinstance(one, Remark)} == {
        "aux": "Windows keeps the name aux for itself.",
        "film.mp4": "Its content is in Git LFS, from which nothing is fetched.",
        "inner": "It is a submodule, another repository, which is not fetched.",
        "large.bin": "It has more than 200000 bytes, the limit of a file.",
        "lib/case.py": "It is kept as lib/case_2.py, beside another of its name.",
        "passwords": "It is a link, and links are not followed.",
    }


async def test_a_branch_or_tag_may_be_named(gits: GitServer) -> None:
    assert Text("main.py", "print('🦦')\n") in await found(f"{gits.url}/project", "first")
    assert Text("main.py", "2") in await found(f"{gits.url}/project", "main")
    assert await found(f"{gits.url}/project", "other") == [
        Refused("There is no branch or tag other in the repository.")
    ]


async def test_nothing_of_our_own_network_is_fetched_by_whatever_name(gits: GitServer) -> None:
    here = gits.port
    before = list(gits.asked)
    for host in ("localhost", "127.0.0.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1"):
        assert await found(f"https://{host}:{here}/project", hosts=()) == OWN_NETWORK, host
    assert gits.asked == before


async def test_a_redirect_leads_neither_into_our_own_network_nor_out_of_tls(
    gits: GitServer,
) -> None:
    assert await found(f"{gits.url}/redirect/project") == OWN_NETWORK
    allowed = await found(f"{gits.url}/redirect/project", hosts=("localhost", "127.0.0.1"))
    assert Text("main.py", "2") in allowed
    (refused,) = await found(f"{gits.url}/plain/project")
    assert isinstance(refused, Refused)


@pytest.mark.parametrize(
    ("path", "other", "words"),
    [
        ("none", {}, "There is no public repository at this address."),
        ("empty", {}, "The repository is empty."),
        ("slow", {"within": 3.0}, "The repository did not come within 3 seconds."),
        ("project", {"bytes": 10_000}, "The repository is larger than 10000 bytes, the limit."),
        (
            "project",
            {"limits": replace(LIMITS, entries=3)},
            "The repository has more than 3 files and folders, the limit.",
        ),
        (
            "project",
            {"limits": replace(LIMITS, total=3)},
            "The files of the repository have more than 3 bytes, the limit.",
        ),
    ],
)
async def test_what_is_refused_as_a_whole_is_refused_in_words(
    gits: GitServer, path: str, other: dict[str, Any], words: str
) -> None:
    assert (await found(f"{gits.url}/{path}", **other))[-1] == Refused(words)


async def test_a_server_that_nobody_vouches_for_is_not_believed(
    gits: GitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    (refused,) = await found(f"{gits.url}/project")
    assert isinstance(refused, Refused)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "2001::1",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1",
        "fe80::1%lo",
        "ff02::1",
    ],
)
def test_an_address_that_is_none_of_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "140.82.112.3", "2606:4700:4700::1111"])
def test_an_address_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "http://example.com/x",
        "ssh://git@example.com/x",
        "file:///etc",
        "https://",
        "https://ada:secret@example.com/x",
        "https://example.com:x/",
        "https://[::1/x",
    ],
)
def test_an_address_that_nothing_is_fetched_from(url: str) -> None:
    assert check_url(url)


async def test_a_repository_comes_into_a_room(gits: GitServer, database_url: str) -> None:
    options = {"files": {"git_hosts": ("localhost",)}}
    settings = Settings(port=0, database_url=database_url, of_domains=options)
    async with (
        serving(settings) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http,
    ):
        room = f"/rooms/{(await http.post('/rooms')).json()['roomId']}"
        body = {"url": f"{gits.url}/project"}
        answer = await http.post(f"{room}/import/git?conflict=replace&folder=lib", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["added"] == 6
        assert (await http.get(f"{room}/files/lib/main.py")).text == "2"
        again = (await http.post(f"{room}/import/git?folder=lib", json=body)).json()
        assert (again["added"], again["unchanged"]) == (0, 6)
        answer = await http.post(f"{room}/import/git", json={"url": f"{gits.url}/none"})
        assert answer.status_code == 422
        assert answer.json()["extra"]["code"] == "bad_repository"
        answer = await http.post(f"{room}/import/git", json={"url": "http://localhost/x"})
        assert answer.json()["detail"] == "url: It has to begin with https://."
