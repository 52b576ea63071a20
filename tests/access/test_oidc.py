"""Signing in with issuers of OpenID Connect: two real ones, of the package oidc-provider-mock. A
third has the addresses of GitHub."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from collab.postgres import embedded
from tests.access.conftest import MANY
from tests.access.people import Browser, new_name
from tests.support.database import fetch_value, made_database, run
from tests.support.ports import free_port
from tests.support.server import DEADLINE, Server


@contextmanager
def issuer(module: str = "oidc_provider_mock") -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", module, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + DEADLINE
        while True:
            try:
                httpx.get(f"{url}/.well-known/openid-configuration", timeout=DEADLINE)
                break
            except httpx.TransportError:
                assert process.poll() is None
                assert time.monotonic() < until
        yield url
    finally:
        process.terminate()
        process.wait(DEADLINE)


class Site(Server):
    """A server that two issuers and one like GitHub know."""

    issuers: tuple[str, str]
    forge: str


@pytest.fixture(scope="module")
def issuers() -> Iterator[tuple[str, str]]:
    with issuer() as one, issuer() as other:
        yield one, other


@pytest.fixture(scope="module")
def site(postgres: embedded.Server, template: str, issuers: tuple[str, str]) -> Iterator[Site]:
    # Its own address is in its options, so the port is taken before it starts.
    port = free_port()
    with (
        made_database(postgres, template) as url,
        issuer("tests.access.forge") as like_github,
        Site(
            *MANY,
            f"--access-url=http://127.0.0.1:{port}",
            f"--access-oidc-issuers={','.join(issuers)},github+{like_github}",
            "--access-oidc-clients=collab,collab,collab",
            "--access-oidc-secrets=secret,secret,secret",
            database_url=url,
            port=port,
        ) as server,
    ):
        server.issuers, server.forge = issuers, like_github
        yield server


class Visitor(Browser):
    """A browser that goes to issuers and back."""

    def go(self, number: int = 0, **headers: str) -> str:
        """Go to an issuer. Returns the address there. Keeps the cookie of the way back."""
        answer = self.ask("GET", f"/auth/oidc/{number}", **headers)
        assert answer.status_code == 302, answer.text
        self.cookie = "; ".join(filter(None, [self.held, self.cookie]))
        where: str = answer.headers["location"]
        return where

    held = ""

    def come_back(self, where: str) -> str:
        """Follow the address with the code. Returns the fragment that one lands with."""
        answer = self.ask("GET", where.removeprefix(self.server.url), sec_fetch_site="cross-site")
        assert answer.status_code == 302, answer.text
        home, _, fragment = answer.headers["location"].partition("#")
        assert home == f"{self.server.url}/", "nobody is sent anywhere else"
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            if name == "__Host-collab" and value:
                self.cookie = f"{name}={value}"
        return fragment

    def sign_in_with(self, sub: str, number: int = 0, **headers: str) -> str:
        return self.come_back(consent(self.go(number, **headers), sub))


def consent(where: str, sub: str) -> str:
    """Sign in at the issuer. Returns where it sends the browser."""
    answer = httpx.post(where, data={"sub": sub}, timeout=DEADLINE)
    assert answer.status_code == 302, answer.text
    found: str = answer.headers["location"]
    return found


def claim(issuer: str, sub: str, **claims: Any) -> None:
    """Have an issuer say this of somebody."""
    assert httpx.put(f"{issuer}/users/{sub}", json=claims, timeout=DEADLINE).status_code == 204


def test_somebody_signs_up_and_in_with_an_issuer(site: Site) -> None:
    claim(site.issuers[0], "sub-1", name="Ada", email="ada@example.com", email_verified=True)
    visitor = Visitor(site)
    names = visitor.get("/auth/ways").json()["issuers"]
    assert names == ["127.0.0.1"] * 3
    assert visitor.sign_in_with("sub-1") == "signed-in"
    me = visitor.me()
    assert (me["name"], me["email"], me["email_confirmed"]) == ("Ada", "ada@example.com", True)
    again = Visitor(site)
    assert again.sign_in_with("sub-1") == "signed-in"
    assert again.me()["id"] == me["id"]
    elsewhere = Visitor(site)
    assert elsewhere.sign_in_with("sub-1", 1) == "signed-in"
    assert elsewhere.me()["id"] != me["id"], "the same subject of another issuer"


def test_somebody_signs_in_as_github_has_it(site: Site) -> None:
    name, sub = new_name(), new_name()
    claim(site.forge, sub, id=17, login=name)
    ada, again, other = (Visitor(site) for _ in range(3))
    assert ada.sign_in_with(sub, 2) == again.sign_in_with(sub, 2) == "signed-in"
    assert ada.me()["name"] == name
    assert ada.me()["id"] == again.me()["id"]
    assert ada.me()["email"] is None, "nobody says that it was checked"
    claim(site.forge, sub, id=True, login=name)
    assert other.sign_in_with(sub, 2) == "sign-in-failed=subject"


def test_the_way_there_has_state_nonce_and_pkce(site: Site) -> None:
    first, second = (parse_qs(urlsplit(Visitor(site).go()).query) for _ in range(2))
    for secret in ("state", "nonce", "code_challenge"):
        assert len(first[secret][0]) == 43
        assert first[secret] != second[secret]
    assert first["code_challenge_method"] == ["S256"]
    assert len(base64.urlsafe_b64decode(first["code_challenge"][0] + "=")) == 32
    assert first["redirect_uri"] == [f"{site.url}/auth/oidc/0/callback"]


def test_a_request_does_not_say_where_somebody_is_sent(site: Site) -> None:
    visitor = Visitor(site)
    evil = "next=//evil.example&redirect_uri=https://evil.example"
    asked = visitor.ask("GET", f"/auth/oidc/0?{evil}", x_forwarded_host="evil.example")
    visitor.cookie = asked.headers["set-cookie"].partition(";")[0]
    where = asked.headers["location"]
    assert parse_qs(urlsplit(where).query)["redirect_uri"] == [f"{site.url}/auth/oidc/0/callback"]
    assert visitor.come_back(f"{consent(where, 'somebody')}&{evil}") == "signed-in"


def test_a_state_works_once_and_only_in_the_browser_that_got_it(site: Site) -> None:
    attacker, victim = Visitor(site), Visitor(site)
    back = consent(attacker.go(), "attacker")
    assert victim.come_back(back) == "sign-in-failed=state"
    victim.go()
    assert victim.come_back(back) == "sign-in-failed=state"
    assert victim.me() is None
    held = attacker.cookie
    assert attacker.come_back(back) == "signed-in"
    attacker.cookie = held
    assert attacker.come_back(back) == "sign-in-failed=state"


def test_a_code_of_another_way_is_refused(site: Site) -> None:
    """As when an attacker puts the victim's code into their own flow."""
    victim, attacker = Visitor(site), Visitor(site)
    code = parse_qs(urlsplit(consent(victim.go(), "victim")).query)["code"][0]
    own = consent(attacker.go(), "attacker")
    state = parse_qs(urlsplit(own).query)["state"][0]
    forged = f"{site.url}/auth/oidc/0/callback?code={code}&state={state}"
    assert attacker.come_back(forged).startswith("sign-in-failed=")
    assert attacker.me() is None


def test_a_code_of_another_issuer_is_refused(site: Site) -> None:
    visitor = Visitor(site)
    back = consent(visitor.go(1), "somebody")
    assert visitor.come_back(back.replace("/oidc/1/", "/oidc/0/")) == "sign-in-failed=issuer"
    named = consent(visitor.go(0), "somebody") + f"&iss={site.issuers[1]}"
    assert visitor.come_back(named) == "sign-in-failed=issuer"
    assert visitor.me() is None


async def test_an_id_token_with_another_nonce_is_refused(site: Site) -> None:
    visitor = Visitor(site)
    back = consent(visitor.go(), "somebody")
    await run(
        site.database_url, """update ticket set body = replace(body, '"nonce":"', '"nonce":"x')"""
    )
    assert visitor.come_back(back) == "sign-in-failed=nonce"
    assert visitor.me() is None


async def test_an_address_leads_to_no_account_that_is_there(site: Site) -> None:
    local = Browser(site)
    name = local.sign_up(new_name("Ada"))
    account = local.me()["id"]
    await run(
        site.database_url,
        "update account set email = 'first@example.com', email_key = 'first@example.com'"
        f" where id = '{account}'",
    )
    claim(site.issuers[0], "eve", name=name, email="first@example.com", email_verified=True)
    visitor = Visitor(site)
    assert visitor.sign_in_with("eve") == "signed-in"
    me = visitor.me()
    assert me["id"] != account
    assert me["name"] != name
    assert me["email_confirmed"] is False
    owner = "select id::text from account where email_key = 'first@example.com'"
    assert await fetch_value(site.database_url, owner) == account


def test_an_address_that_the_issuer_has_not_checked_is_not_kept(site: Site) -> None:
    claim(site.issuers[0], "eve-2", email="boss@example.com", email_verified=False)
    visitor = Visitor(site)
    assert visitor.sign_in_with("eve-2") == "signed-in"
    assert visitor.me()["email"] is None


def test_somebody_links_an_issuer_only_from_a_page_of_ours(site: Site) -> None:
    visitor = Visitor(site)
    visitor.sign_up()
    account, visitor.held = visitor.me()["id"], visitor.cookie
    assert visitor.sign_in_with("mine", sec_fetch_site="same-origin") == "signed-in"
    assert visitor.me()["id"] == account
    other = Visitor(site)
    assert other.sign_in_with("mine") == "signed-in"
    assert other.me()["id"] == account
    tricked = Visitor(site)
    tricked.sign_up()
    mine, tricked.held = tricked.me()["id"], tricked.cookie
    assert tricked.sign_in_with("attacker-2", sec_fetch_site="cross-site") == "signed-in"
    assert tricked.me()["id"] != mine, "the attacker's identity opens no account of the victim's"


def test_who_says_no_at_the_issuer_comes_back_to_words(site: Site) -> None:
    visitor = Visitor(site)
    answer = httpx.post(visitor.go(), data={"action": "deny"}, timeout=DEADLINE)
    back = answer.headers["location"]
    if "state=" not in back:  # this issuer leaves it out
        assert visitor.come_back(back) == "sign-in-failed=state"
    else:
        assert visitor.come_back(back) == "sign-in-failed=denied"


def test_an_issuer_that_is_away_keeps_nobody_waiting(database_url: str) -> None:
    port, away = free_port(), free_port()
    with Server(
        f"--access-url=http://127.0.0.1:{port}",
        f"--access-oidc-issuers=http://127.0.0.1:{away}",
        "--access-oidc-clients=collab",
        database_url=database_url,
        port=port,
    ) as server:
        answer = httpx.get(f"{server.url}/auth/oidc/0", timeout=DEADLINE)
        assert answer.headers["location"] == f"{server.url}/#sign-in-failed=answer"
        assert httpx.get(f"{server.url}/auth/oidc/1", timeout=DEADLINE).status_code == 404
