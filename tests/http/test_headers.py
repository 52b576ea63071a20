"""The headers that every answer sends to restrict browsers, and the sites that the server lets
in.
"""

from __future__ import annotations

import re

import httpx
import pytest

from collab.settings import Settings
from tests.support.here import serving
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}
ELSEWHERE = "https://elsewhere.example"


def policy(answer: httpx.Response) -> dict[str, list[str]]:
    """The Content-Security-Policy by directive."""
    directives = answer.headers["content-security-policy"].split("; ")
    return {name: sources for name, *sources in (d.split() for d in directives)}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/r/{NOBODYS}",
        f"/rooms/{NOBODYS}",
        "/nothing",
        "/health",
        "/docs",
        "/docs/openapi.json",
        "/first.js",
    ],
)
def test_every_answer_is_hardened(http: httpx.Client, path: str) -> None:
    headers = http.get(path).headers
    assert EVERYWHERE.items() <= headers.items()
    assert "camera=()" in headers["permissions-policy"]
    assert headers["content-security-policy"].startswith("default-src ")
    assert "access-control-allow-origin" not in headers


def test_so_is_a_refusal(http: httpx.Client) -> None:
    for answer in (
        http.post("/rooms", content="{"),
        http.delete("/health"),
        http.post("/rooms", content=b"a" * 14_000_000),
    ):
        assert answer.status_code in (400, 405, 413)
        assert EVERYWHERE.items() <= answer.headers.items()


def test_a_page_runs_and_loads_what_the_server_has_and_nothing_else(http: httpx.Client) -> None:
    host = http.base_url.netloc.decode()
    allowed = policy(http.get(f"/r/{NOBODYS}"))
    assert allowed["default-src"] == ["'none'"]
    assert allowed["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert allowed["connect-src"] == ["'self'", f"ws://{host}", f"wss://{host}"]
    assert allowed["frame-ancestors"] == allowed["base-uri"] == ["'none'"]
    assert not re.search("'unsafe|[*]|https?:", str(allowed))


def test_the_nonce_for_styles_is_another_each_time(http: httpx.Client) -> None:
    nonces = set()
    for _ in range(3):
        answer = http.get("/")
        (nonce,) = re.findall(r'<meta property="csp-nonce" nonce="([^"]{20,})"', answer.text)
        assert policy(answer)["style-src"] == ["'self'", f"'nonce-{nonce}'"]
        assert "etag" not in answer.headers
        nonces.add(nonce)
    assert len(nonces) == 3


@pytest.mark.parametrize("host", ["a; script-src *", "a,*", "*", "[::1", "a:b"])
def test_a_strange_host_is_no_part_of_the_policy(http: httpx.Client, host: str) -> None:
    answer = http.get("/", headers={"host": host})
    said = answer.headers["content-security-policy"]
    assert answer.status_code == 400 or host not in said
    assert "*" not in said


def test_rooms_are_not_for_search_engines_and_the_landing_page_is(http: httpx.Client) -> None:
    assert http.get(f"/r/{NOBODYS}").headers["x-robots-tag"] == "noindex"
    assert http.get(f"/rooms/{NOBODYS}").headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in http.get("/").headers


def test_no_script_of_the_page_is_in_it(http: httpx.Client) -> None:
    for script in re.findall(r"<script([^>]*)>([^<]*)</script>", http.get("/").text):
        assert "src=" in script[0]
        assert not script[1]


def test_pages_of_other_sites_may_not_read_answers(http: httpx.Client) -> None:
    asked = {"origin": ELSEWHERE, "access-control-request-method": "POST"}
    for answer in (
        http.get(f"/rooms/{NOBODYS}", headers={"origin": ELSEWHERE}),
        http.options("/rooms", headers=asked),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_but_those_of_sites_that_the_operator_names_may(database_url: str) -> None:
    settings = Settings(port=0, database_url=database_url, allowed_origins=(ELSEWHERE,))
    async with serving(settings) as address, httpx.AsyncClient(timeout=DEADLINE) as http:
        url = f"http://{address}/rooms"
        answer = await http.post(url, headers={"origin": ELSEWHERE})
        assert answer.headers["access-control-allow-origin"] == ELSEWHERE
        asked = {
            "origin": ELSEWHERE,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        answer = await http.options(url, headers=asked)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == ELSEWHERE
        assert "POST" in answer.headers["access-control-allow-methods"]
        answer = await http.post(url, headers={"origin": "https://elsewhere.example.org"})
        assert "access-control-allow-origin" not in answer.headers


async def test_windows_are_kept_apart_where_the_link_is_https(database_url: str) -> None:
    settings = Settings(port=0, database_url=database_url, trusted_proxies=("127.0.0.1",))
    async with serving(settings) as address, httpx.AsyncClient(timeout=DEADLINE) as http:
        answer = await http.get(f"http://{address}/", headers={"x-forwarded-proto": "https"})
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        # Over plain HTTP browsers would ignore it, and say so in the console.
        answer = await http.get(f"http://{address}/")
        assert "cross-origin-opener-policy" not in answer.headers
