"""The origins whose pages may open a WebSocket, and the clients for whom a proxy may speak."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from collab.errors import PeerError
from collab.live.origin import Welcome, is_welcome
from collab.settings import Settings
from collab.web.forwarded import Forwarded
from tests.support.here import serving
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE

ELSEWHERE = "https://elsewhere.example"
TURNED_AWAY = ("origin_not_allowed", 4403)
LET_IN = ("room_not_found", 4404)


@pytest.mark.parametrize(
    ("origin", "host", "welcome"),
    [
        (None, "collab.example", True),
        ("https://collab.example", "collab.example", True),
        ("https://collab.example", "collab.example:443", True),
        ("https://Collab.example:443", "collab.example", True),
        ("http://collab.example", "collab.example", True),
        ("http://10.0.0.7:8000", "10.0.0.7:8000", True),
        ("http://[fe80::1]:8000", "[fe80::1]:8000", True),
        ("http://[fe80::1]", "[fe80::1]:80", True),
        ("https://collab.example:8443", "collab.example", False),
        ("http://10.0.0.7:8001", "10.0.0.7:8000", False),
        ("https://collab.example.elsewhere", "collab.example", False),
        ("https://elsewhere/collab.example", "collab.example", False),
        ("null", "collab.example", False),
        ("null", "null", False),
        ("", "", False),
        ("file://", "", False),
        ("https://friend.example", "collab.example", True),
        ("http://friend.example", "collab.example", False),
    ],
)
def test_a_page_is_welcome_on_its_own_host_and_where_it_is_named(
    origin: str | None, host: str, welcome: bool
) -> None:
    assert is_welcome(origin, host, {"https://friend.example"}) is welcome


def test_everybody_may_be_let_in() -> None:
    assert is_welcome(ELSEWHERE, "collab.example", {"*"})


def test_a_port_that_a_proxy_keeps_from_us_is_not_compared() -> None:
    assert is_welcome("https://pad.example:8443", "pad.example", (), any_port=True)
    assert not is_welcome("https://pad.example:8443", "pad.example", ())
    assert not is_welcome("https://elsewhere.example:8443", "pad.example", (), any_port=True)
    assert not is_welcome("https://", "", (), any_port=True)
    assert is_welcome("http://[fe80::1]:8000", "[fe80::1]", (), any_port=True)


def test_a_refused_origin_is_logged_once_with_what_helps(
    caplog: pytest.LogCaptureFixture,
) -> None:
    welcome = Welcome((), ())
    for origin in (ELSEWHERE, ELSEWHERE, "https://evil.example\n2026 forged"):
        headers = [(b"host", b"pad.example"), (b"origin", origin.encode())]
        with pytest.raises(PeerError, match="--allowed-origins"):
            welcome.check({"headers": headers})
    first, second = [record.getMessage() for record in caplog.records]
    assert ELSEWHERE in first
    assert "pad.example" in first
    assert f"--allowed-origins {ELSEWHERE}" in first
    assert "\n" not in second


async def test_what_another_sites_page_sends_is_refused(database_url: str) -> None:
    settings = Settings(port=0, database_url=database_url, allowed_origins=("https://a.example",))
    async with (
        serving(settings) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http,
    ):
        for origin, status in (
            (ELSEWHERE, 403),
            ("null", 403),
            ("https://a.example", 201),
            (f"http://{address}", 201),
            (None, 201),
        ):
            headers = {"content-type": "text/plain"} | ({"origin": origin} if origin else {})
            answer = await http.post("/rooms", content="{}", headers=headers)
            assert answer.status_code == status, origin
            assert answer.headers["cache-control"] == "no-store"
        for site, status in (
            ("cross-site", 403),
            ("same-site", 403),
            ("same-origin", 201),
            ("none", 201),
        ):
            answer = await http.post("/rooms", headers={"sec-fetch-site": site})
            assert answer.status_code == status, site
        question = {"code": "", "cursorPosition": 0, "language": "python"}
        answer = await http.post("/autocomplete", json=question, headers={"origin": ELSEWHERE})
        assert answer.status_code == 403
        assert "--allowed-origins" in answer.json()["detail"]


async def test_a_server_that_has_names_answers_to_no_other(database_url: str) -> None:
    names = ("pad.example", "[::1]")
    async with (
        serving(Settings(port=0, database_url=database_url, allowed_hosts=names)) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http,
    ):
        for host, status in (
            ("pad.example", 200),
            ("Pad.Example:8000", 200),
            ("[::1]:8000", 200),
            ("rebound.example", 403),
            ("pad.example.evil", 403),
            ("127.0.0.1", 403),
        ):
            assert (await http.get("/", headers={"host": host})).status_code == status, host
        # Probes ask by address.
        assert (await http.get("/health")).status_code == 200
        assert await answer(address) == ("host_not_allowed", 4403)


async def answer(
    address: str, *, plain: bool = False, host: str | None = None, origin: str | None = None
) -> tuple[str, int]:
    """How the socket of a room that is not there is answered: error and close code. `host` is
    the one that a proxy claims."""
    subprotocols = None if plain else [Subprotocol("collab")]
    said = {"origin": origin, "x-forwarded-host": host}
    headers = {name: value for name, value in said.items() if value is not None}
    async with connect(
        f"ws://{address}/ws/{NOBODYS}", subprotocols=subprotocols, additional_headers=headers
    ) as connection:
        error = json.loads(await connection.recv())
        assert error["type"] == "error"
        assert len(error["message"]) > 10
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd
        assert closed.value.rcvd.reason == error["message"]
        return error["code"], closed.value.rcvd.code


@pytest.mark.parametrize("plain", [False, True])
async def test_a_socket_from_a_foreign_page_is_told_so_and_closed(
    database_url: str, plain: bool
) -> None:
    settings = Settings(port=0, database_url=database_url, allowed_origins=("https://a.example",))
    async with serving(settings) as address:
        assert await answer(address, plain=plain) == LET_IN
        assert await answer(address, plain=plain, origin=f"http://{address}") == LET_IN
        assert await answer(address, plain=plain, origin="https://a.example") == LET_IN
        assert await answer(address, plain=plain, origin=ELSEWHERE) == TURNED_AWAY
        assert await answer(address, plain=plain, origin="null") == TURNED_AWAY


async def test_a_proxy_says_for_which_host_it_speaks_if_it_is_trusted(database_url: str) -> None:
    async with serving(Settings(port=0, database_url=database_url)) as address:
        assert await answer(address, host="elsewhere.example", origin=ELSEWHERE) == TURNED_AWAY
    trusting = Settings(port=0, database_url=database_url, trusted_proxies=("127.0.0.0/8",))
    async with serving(trusting) as address:
        assert await answer(address, host="elsewhere.example", origin=ELSEWHERE) == LET_IN
        assert await answer(address, origin="https://another.example") == TURNED_AWAY


# Who asked, seen by the application behind `Forwarded`


async def behind(peer: str, kind: str = "http", **headers: str) -> Mapping[str, Any]:
    """The scope of a request from `peer`; 10.0.0.0/8 and one IPv6 network are trusted."""
    seen: list[Mapping[str, Any]] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope)

    sent = [(b"host", b"inside:8000")]
    sent += [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()]
    scope = {"type": kind, "client": (peer, 1), "headers": sent, "scheme": "ws"}
    await Forwarded(app, ["10.0.0.0/8", "fd00::/8"])(scope, None, None)
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("fd00::1", "2001:db8::9", "2001:db8::9"),
        # What the client itself wrote stands left, and is not believed.
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("203.0.113.7", "10.0.0.1", "203.0.113.7"),
        # What IPv6 carries of IPv4 is IPv4.
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"),
        ("::ffff:203.0.113.7", "198.51.100.1", "203.0.113.7"),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_an_address_is_the_first_from_the_right_that_is_no_proxy(
    peer: str, forwarded: str, client: str, kind: str
) -> None:
    scope = await behind(peer, kind, x_forwarded_for=forwarded)
    assert scope["client"][0] == client


async def test_a_host_is_the_one_that_the_nearest_proxy_names() -> None:
    for peer, host in (("10.0.0.1", b"outside"), ("203.0.113.7", b"inside:8000")):
        scope = await behind(peer, "websocket", x_forwarded_host="forged, outside")
        assert dict(scope["headers"])[b"host"] == host


async def test_a_scheme_is_believed_of_a_proxy() -> None:
    assert (await behind("10.0.0.1", "websocket", x_forwarded_proto="https"))["scheme"] == "wss"
    assert (await behind("203.0.113.7", "websocket", x_forwarded_proto="https"))["scheme"] == "ws"


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ({"x_forwarded_host": "outside", "x_forwarded_port": "8443"}, b"outside:8443"),
        ({"x_forwarded_host": "outside:1", "x_forwarded_port": "8443"}, b"outside:1"),
        ({"x_forwarded_port": "8443"}, b"inside:8000"),
        (
            {
                "x_forwarded_host": "outside",
                "x_forwarded_port": "443",
                "x_forwarded_proto": "https",
            },
            b"outside",
        ),
        ({"x_forwarded_host": "[fe80::1]", "x_forwarded_port": "8443"}, b"[fe80::1]:8443"),
    ],
)
async def test_a_port_is_believed_of_a_proxy(said: dict[str, str], host: bytes) -> None:
    assert dict((await behind("10.0.0.1", "websocket", **said))["headers"])[b"host"] == host
    scope = await behind("203.0.113.7", "websocket", **said)
    assert dict(scope["headers"])[b"host"] == b"inside:8000"


async def test_a_host_without_a_port_behind_a_proxy_may_have_any() -> None:
    scope = await behind("10.0.0.1", "websocket", x_forwarded_host="outside")
    assert scope["state"]["any_port"]
    assert "state" not in await behind("203.0.113.7", "websocket", x_forwarded_host="outside")
