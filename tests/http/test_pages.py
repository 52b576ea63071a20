"""The pages that a browser loads and the addresses that an operator asks."""

from __future__ import annotations

import re

import httpx
import pytest

from collab.pages.files import STATIC, read_files
from tests.http.test_budget import MANIFEST, ROOM, loaded
from tests.support.rooms import NOBODYS

FOREVER = "public, max-age=31536000, immutable"
NONCE = re.compile(r' nonce="([^"]+)"')
SOURCE = re.compile(r"""(?:src|href)=["']?([^"' >]+)""")


def sources(page: str) -> list[str]:
    """Every address that a page names in an attribute."""
    found = SOURCE.findall(page)
    assert found
    return found


def asset(http: httpx.Client) -> str:
    """The script of the page."""
    names = sources(http.get("/").text)
    return next(n for n in names if n.startswith("/assets/") and n.endswith(".js"))


def test_health_is_ok(http: httpx.Client) -> None:
    answer = http.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/", "/r/anything", f"/r/{NOBODYS}", "/shell"])
def test_every_address_of_people_has_a_page(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.lower().startswith("<!doctype html>")
    like = http.get("/shell" if NOBODYS in path or path == "/shell" else "/")
    early = f'<link rel="preload" as="fetch" crossorigin href="/rooms/{NOBODYS}/opening" />'
    assert NONCE.sub("", answer.text).replace(early, "") == NONCE.sub("", like.text)


def test_the_page_of_a_room_asks_at_once_for_all_that_typing_needs(http: httpx.Client) -> None:
    """Over HTTP/1.1 a browser has six requests at a time: one more is the second of the connection
    that the page came over."""
    room_id = http.post("/rooms").json()["roomId"]
    page = http.get(f"/r/{room_id}").text
    fonts = [source for source in sources(page) if source.endswith(".woff2")]
    others = [source for source in sources(page) if source not in fonts]
    needed = {f"/{MANIFEST[name].file}" for name in loaded(ROOM)}
    assert needed < set(others)
    assert f"/rooms/{room_id}/opening" in others
    icon = "/favicon.svg"
    assert len(set(others) - {icon}) <= 7
    assert max(page.index(source) for source in others) < min(page.index(font) for font in fonts)


def test_the_texts_that_come_with_a_page_are_those_of_its_room_and_kept_by_nobody(
    http: httpx.Client,
) -> None:
    files = {"main.py": "x = 1", "more.py": "y"}
    room_id = http.post("/rooms", json={"files": files}).json()["roomId"]
    answer = http.get(f"/rooms/{room_id}/opening")
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert (told["revision"], told["name"]) == (1, None)
    main, more = told["files"]
    assert main == {"id": "main", "name": "main.py", "text": "x = 1"}
    assert more == {"id": more["id"], "name": "more.py"}
    assert http.get(f"/rooms/{NOBODYS}/opening").status_code == 404
    assert http.get("/rooms/anything/opening").status_code == 404


def test_the_address_of_a_file_is_that_of_its_rooms_page(http: httpx.Client) -> None:
    room = f"/r/{NOBODYS}"
    assert http.get(f"{room}/src/main%20one.py").status_code == 200
    page, other = http.get(f"{room}/main.py").text, http.get(room).text
    assert NONCE.sub("", page) == NONCE.sub("", other)


@pytest.mark.parametrize("path", ["/r/", "/about"])
def test_who_looks_where_nothing_is_gets_the_page_that_says_so(
    http: httpx.Client, path: str
) -> None:
    answer = http.get(path, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 404
    assert NONCE.sub("", answer.text) == NONCE.sub("", http.get("/").text)
    assert http.get(path).json() == {"status_code": 404, "detail": "Not Found"}


def test_an_unknown_room_is_told_to_programs_as_documented_whatever_they_accept(
    http: httpx.Client,
) -> None:
    answer = http.get(f"/rooms/{NOBODYS}", headers={"accept": "text/html"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Room not found")


@pytest.mark.parametrize("path", ["/", f"/r/{NOBODYS}", "/favicon.svg", "/health", "/ready"])
def test_whoever_asks_for_the_head_gets_that_alone(http: httpx.Client, path: str) -> None:
    head, whole = http.head(path), http.get(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "cache-control", "etag"):
        assert head.headers.get(name) == whole.headers.get(name), name


def test_the_page_loads_nothing_from_elsewhere(http: httpx.Client) -> None:
    for name in sources(http.get("/").text):
        assert name.startswith("/")
        assert not name.startswith("//")
        assert http.get(name).status_code == 200, name


def test_what_has_a_hash_in_its_name_is_kept_for_ever(http: httpx.Client) -> None:
    assert http.get(asset(http)).headers["cache-control"] == FOREVER
    for path in ("/", "/favicon.svg", "/docs-assets/swagger-ui.css"):
        assert http.get(path).headers["cache-control"] == "no-cache", path


def test_a_program_of_webassembly_is_sent_as_one_and_packed(http: httpx.Client) -> None:
    paths = [f"/{name}" for name in read_files(STATIC) if name.endswith(".wasm")]
    assert paths
    for path in paths:
        answer = http.get(path, headers={"accept-encoding": "br"})
        assert answer.headers["content-type"] == "application/wasm"
        assert answer.headers["content-encoding"] == "br"
        assert answer.headers["cache-control"] == FOREVER


@pytest.mark.parametrize("path", ["/favicon.svg", "/first.js"])
def test_what_the_browser_has_is_not_sent_again(http: httpx.Client, path: str) -> None:
    first = http.get(path)
    assert first.status_code == 200
    again = http.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert http.get(path, headers={"if-none-match": '"another"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br", "br"),
        ("gzip", "gzip"),
        ("identity", None),
        ("br;q=0, gzip", "gzip"),
        ("deflate", None),
    ],
)
def test_a_file_is_packed_as_the_browser_likes(
    http: httpx.Client, accepted: str, sent: str | None
) -> None:
    name = asset(http)
    plain = http.get(name, headers={"accept-encoding": "identity"})
    answer = http.get(name, headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == sent
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["content-type"] == plain.headers["content-type"]
    assert answer.content == plain.content
    assert len(plain.content) == int(plain.headers["content-length"])
    if sent:
        assert int(answer.headers["content-length"]) < len(plain.content) / 2


@pytest.mark.parametrize(
    "path",
    ["/assets/gone.js", "/assets/../index.html", "/assets/%2e%2e/%2e%2e/app.py", "/nothing", "/r"],
)
def test_a_missing_file_is_a_404(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404


def test_the_docs_work_offline(http: httpx.Client) -> None:
    page = http.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    for name in sources(page.text):
        assert name.startswith("/")
        assert not name.startswith("//")
        assert http.get(name).status_code == 200, name
    assert not re.findall(r"https?://[^\s\"'<]+", page.text)


def test_the_docs_may_be_asked_for_with_a_slash(http: httpx.Client) -> None:
    policies = [http.get(path).headers["content-security-policy"] for path in ("/docs", "/docs/")]
    assert policies[0] == policies[1]


def test_the_docs_describe_the_api(http: httpx.Client) -> None:
    described = http.get("/docs/openapi.json").json()
    assert set(described["paths"]) == {
        "/admin/accounts",
        "/admin/accounts/{account}",
        "/admin/accounts/{account}/reset",
        "/admin/audit",
        "/admin/invitations",
        "/admin/rooms",
        "/admin/use",
        "/auth/confirm",
        "/auth/passkeys",
        "/auth/passkeys/ask",
        "/auth/reset",
        "/auth/reset/ask",
        "/auth/signin",
        "/auth/signout",
        "/auth/signup",
        "/auth/token",
        "/auth/ways",
        "/me",
        "/me/ai",
        "/me/delete",
        "/me/export",
        "/me/guest",
        "/me/known",
        "/me/mentions",
        "/me/passkeys",
        "/me/passkeys/ask",
        "/me/passkeys/{passkey}",
        "/me/password",
        "/me/rooms",
        "/me/rooms/{room_id}",
        "/me/sessions",
        "/me/sessions/{session}",
        "/me/tokens",
        "/me/tokens/{token}",
        "/rooms",
        "/rooms/{room_id}",
        "/rooms/{room_id}/access",
        "/rooms/{room_id}/ai",
        "/rooms/{room_id}/ai/ask",
        "/rooms/{room_id}/ai/complete",
        "/rooms/{room_id}/ai/edit",
        "/rooms/{room_id}/enter",
        "/rooms/{room_id}/links",
        "/rooms/{room_id}/links/{link}",
        "/rooms/{room_id}/members",
        "/rooms/{room_id}/members/{who}",
        "/rooms/{room_id}/waiting",
        "/rooms/{room_id}/waiting/mine",
        "/rooms/{room_id}/waiting/{who}",
        "/rooms/{room_id}/blame/{file_path}",
        "/rooms/{room_id}/blobs/{blob}",
        "/rooms/{room_id}/diff",
        "/rooms/{room_id}/entries",
        "/rooms/{room_id}/export.zip",
        "/rooms/{room_id}/files",
        "/rooms/{room_id}/files/{file_path}",
        "/rooms/{room_id}/history",
        "/rooms/{room_id}/import",
        "/rooms/{room_id}/import/git",
        "/rooms/{room_id}/replace",
        "/rooms/{room_id}/replace/undo",
        "/rooms/{room_id}/messages",
        "/rooms/{room_id}/messages/{number}",
        "/rooms/{room_id}/messages/{number}/accept",
        "/rooms/{room_id}/restore",
        "/rooms/{room_id}/step/{file_path}",
        "/rooms/{room_id}/talk",
        "/rooms/{room_id}/runs",
        "/rooms/{room_id}/runs/{run}",
        "/rooms/{room_id}/runs/{run}/source",
        "/rooms/{room_id}/runs/{run}/files",
        "/rooms/{room_id}/runs/{run}/files/{file_path}",
        "/rooms/{room_id}/runs/{run}/input",
        "/rooms/{room_id}/runs/{run}/output",
        "/rooms/{room_id}/threads",
        "/rooms/{room_id}/threads/{thread}",
        "/rooms/{room_id}/runs/{run}/tests",
        "/rooms/{room_id}/search",
        "/runs",
        "/rooms/{room_id}/tree",
        "/rooms/{room_id}/undo",
        "/rooms/{room_id}/versions",
        "/rooms/{room_id}/versions/{revision}",
        "/rooms/{room_id}/code/documentation",
        "/rooms/{room_id}/code/names",
        "/rooms/{room_id}/code/problems",
        "/autocomplete",
        "/health",
        "/ready",
    }
    assert set(described["paths"]["/rooms"]["post"]["responses"]) == {"201", "400", "429"}
    assert set(described["paths"]["/rooms/{room_id}"]["get"]["responses"]) >= {"200", "404"}
    room = described["components"]["schemas"]["RoomBody"]
    assert set(room["properties"]) == {"roomId", "code", "language", "name"}
