"""Attacks on accounts from pages of other sites, ports and schemes."""

from __future__ import annotations

import httpx
import pytest

from tests.access.people import Browser, code
from tests.access.sockets import opened, turned_away
from tests.support.server import DEADLINE, Server


def test_a_cookie_that_was_planted_is_not_the_one_after_signing_in(
    one: Server, other: Server
) -> None:
    attacker, victim = Browser(one), Browser(one)
    attacker.post("/me/guest")
    victim.cookie = planted = attacker.cookie
    victim.sign_up()
    assert victim.cookie != planted
    assert attacker.me() is None, "the guest's cookie opens nothing of the account's"
    name = Browser(one).sign_up()
    attacker.sign_in(attacker_name := Browser(one).sign_up())
    victim.cookie = planted = attacker.cookie
    victim.sign_in(name)
    assert victim.me()["name"] == name != attacker_name
    assert attacker.at(other).me() is None, "the session that was left is over"


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": "http://localhost:3000"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_of_another_site_does_nothing_in_my_name(
    one: Server, headers: dict[str, str]
) -> None:
    browser = Browser(one)
    browser.sign_up()
    sent = {"cookie": browser.cookie} | headers
    for method, path in (
        ("POST", "/auth/signout"),
        ("POST", "/me/tokens"),
        ("POST", "/me/delete"),
        ("DELETE", "/me/sessions"),
    ):
        answer = httpx.request(method, f"{one.url}{path}", headers=sent, timeout=DEADLINE)
        assert answer.status_code == 403, path
        assert "set-cookie" not in answer.headers
    assert browser.me()


async def test_a_page_of_another_port_opens_no_socket_in_my_name(one: Server) -> None:
    browser = Browser(one)
    browser.sign_up()
    room_id = one.create_room()
    for origin in ("http://localhost:3000", "http://127.0.0.1:1", "https://evil.example", "null"):
        async with opened(one, room_id, cookie=browser.cookie, origin=origin) as socket:
            assert await turned_away(socket) == (4403, "origin_not_allowed")
    async with opened(one, room_id, cookie=browser.cookie, origin=one.url) as socket:
        await socket.join("me")


def test_a_page_that_the_operator_allows_is_nobody(database_url: str) -> None:
    with Server("--allowed-origins=http://localhost:3000", database_url=database_url) as server:
        browser = Browser(server)
        browser.sign_up()
        browser.origin = "http://localhost:3000"
        assert browser.post("/me/tokens", {"label": "x", "scopes": ["read"]}).status_code == 401
        assert browser.get("/me", origin="http://localhost:3000").status_code == 401
        assert browser.get("/me", sec_fetch_site="same-site").status_code == 401
        assert browser.get("/me").status_code == 200


def test_an_api_token_is_no_cookie_and_a_cookie_is_no_api_token(one: Server) -> None:
    browser = Browser(one)
    browser.sign_up()
    secret = browser.token("read").removeprefix("collab_")
    name, _, cookie = browser.cookie.partition("=")
    assert Browser(one, f"{name}={secret}").me() is None
    answer = httpx.post(f"{one.url}/auth/token", json={"token": cookie}, timeout=DEADLINE)
    assert (answer.status_code, code(answer)) == (401, "bad_token")
    twice = f"{browser.cookie}; {name}=other"
    assert Browser(one, twice).me() is None, "a second cookie, which another site may have set"


def test_a_script_of_a_plain_page_cannot_set_the_cookie_of_a_safe_one(one: Server) -> None:
    browser = Browser(one)
    browser.sign_up()
    plain = browser.cookie.replace("__Host-collab=", "collab=")
    assert Browser(one, plain).me() is None
