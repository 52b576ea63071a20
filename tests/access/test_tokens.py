"""Attacks with API tokens and JSON Web Tokens: forged, revoked, or used beyond their scopes."""

from __future__ import annotations

import time
from typing import Any

import httpx
import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.access.forging import Forger, ask_with, encoded
from tests.access.people import Browser, code, jwt_of, made_admin
from tests.access.sockets import opened, turned_away
from tests.support.database import run
from tests.support.server import DEADLINE, Server


@pytest.fixture
def forger(one: Server) -> Forger:
    browser = Browser(one)
    browser.sign_up()
    token = browser.token("account")
    jwt = jwt_of(one, token)
    forger = Forger(token, jwt)
    assert ask_with(one, jwt).status_code == 200
    assert ask_with(one, forger.sign()).status_code == 200, "only what is changed is refused"
    return forger


def test_a_forged_jwt_is_nobody(one: Server, forger: Forger) -> None:
    public = forger.key.public_key().public_bytes_raw()
    other_key = Ed25519PrivateKey.generate()
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encoded(other_key.public_key().public_bytes_raw())}
    unsigned = f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(forger.claims)}."
    now = int(time.time())
    forged = {
        "alg none": unsigned,
        "alg None": unsigned.replace(
            encoded({"alg": "none", "typ": "JWT"}), encoded({"alg": "None"})
        ),
        "HMAC with the public key": forger.hmac({"alg": "HS256", "typ": "JWT"}, public),
        "HMAC without a key": forger.hmac({"alg": "HS256"}, b""),
        "its own key in the header": Forger.sign(
            forger, {"alg": "EdDSA", "typ": "JWT", "jwk": jwk}
        ),
        "the key of another": pyjwt.encode(forger.claims, other_key, algorithm="EdDSA"),
        "no exp": forger.sign(exp=None),
        "expired": forger.sign(exp=now - 60),
        "no aud": forger.sign(aud=None),
        "another aud": forger.sign(aud="other"),
        "no sid": forger.sign(sid=None),
        "a sid that is no text": forger.sign(sid=7),
        "somebody else's sub": forger.sign(sub="00000000-0000-4000-8000-000000000000"),
        "from the future": forger.sign(iat=now + 3600),
        "unknown crit": forger.sign({"alg": "EdDSA", "typ": "JWT", "crit": ["bad"], "bad": 1}),
        "another alg of the same key": forger.sign({"alg": "ES256", "typ": "JWT"}),
        "no JWT": "x",
        "too long": forger.sign(more="x" * 4000),
    }
    for name, jwt in forged.items():
        answer = ask_with(one, jwt)
        assert (answer.status_code, code(answer)) == (401, "bad_token"), name


@pytest.mark.parametrize("bad", ["bearer", "Basic abc", "Bearer", "Bearer a b", "Bearer \xff"])
def test_a_strange_header_is_nobody(one: Server, bad: str) -> None:
    answer = httpx.get(
        f"{one.url}/me", headers=[(b"authorization", bad.encode("latin-1"))], timeout=DEADLINE
    )
    assert (answer.status_code, code(answer)) == (401, "bad_token")


async def test_a_revoked_token_opens_nothing_anywhere(one: Server, other: Server) -> None:
    browser = Browser(one)
    browser.sign_up()
    jwt = jwt_of(one, browser.token("read", "write"))
    room_id = one.create_room()
    async with opened(other, room_id, jwt=jwt) as socket:
        await socket.join("program")
        (row,) = browser.get("/me/tokens").json()
        assert browser.ask("DELETE", f"/me/tokens/{row['id']}").status_code == 204
        assert await turned_away(socket) == (4401, "signed_out")
    async with opened(other, room_id, jwt=jwt) as socket:
        assert await turned_away(socket) == (4401, "token_revoked")


def test_a_token_does_nothing_beyond_its_scopes(one: Server) -> None:
    browser = Browser(one)
    browser.sign_up()
    reader = {"authorization": f"Bearer {jwt_of(one, browser.token('read', 'write'))}"}
    owner = {"authorization": f"Bearer {jwt_of(one, browser.token('account'))}"}

    def ask(method: str, path: str, headers: dict[str, str], body: Any = None) -> httpx.Response:
        return httpx.request(
            method, f"{one.url}{path}", headers=headers, json=body, timeout=DEADLINE
        )

    for path in ("/me/sessions", "/me/tokens", "/me/export"):
        assert code(ask("GET", path, reader)) == "beyond_scope", path
        assert ask("GET", path, owner).status_code == 200
    more = {"label": "more", "scopes": ["read", "write"]}
    for headers in (reader, owner):
        assert code(ask("POST", "/me/tokens", headers, more)) == "beyond_scope"
        assert code(ask("PUT", "/me/password", headers, {"password": "x" * 9})) == "beyond_scope"
        assert code(ask("POST", "/me/delete", headers, {})) == "beyond_scope"
        assert code(ask("GET", "/admin/accounts", headers)) == "beyond_scope"
    answer = browser.post("/me/tokens", {"label": "x", "scopes": ["admin"]})
    assert code(answer) == "beyond_scope", "nobody passes on what they do not have"


async def test_a_token_to_read_writes_in_no_room_by_any_way(one: Server, other: Server) -> None:
    browser = Browser(one)
    browser.sign_up()
    room_id = browser.post("/rooms", {"initial_code": "hello"}).json()["roomId"]
    reads, neither = (jwt_of(one, browser.token(scope)) for scope in ("read", "account"))
    room = f"/rooms/{room_id}"
    assert ask_with(other, reads, "GET", room).json()["code"] == "hello"
    for method, path in (("PUT", "files/main.py"), ("PATCH", "access"), ("POST", "messages")):
        answer = ask_with(other, reads, method, f"{room}/{path}")
        assert (answer.status_code, code(answer)) == (403, "not_allowed"), path
    async with opened(other, room_id, jwt=reads) as socket:
        assert (await socket.join("program"))["role"] == "viewer"
        await socket.submit(1, 1, "edit", "main", ["x", 5])
        assert (await socket.receive())["code"] == "not_allowed"
    for method, path in (("GET", room), ("POST", f"{room}/enter"), ("POST", f"{room}/waiting")):
        answer = ask_with(other, neither, method, path, {"secret": "x" * 43, "name": "Bo"})
        assert (answer.status_code, code(answer)) == (404, "room_not_found"), path
    assert one.room(room_id)["code"] == "hello"


async def test_an_admin_who_is_none_any_more_has_no_token_that_is(one: Server) -> None:
    admin = await made_admin(one)
    bearer = {"authorization": f"Bearer {jwt_of(one, admin.token('admin'))}"}

    def get() -> httpx.Response:
        return httpx.get(f"{one.url}/admin/use", headers=bearer, timeout=DEADLINE)

    assert get().status_code == 200
    name = admin.me()["name"]
    await run(one.database_url, f"update account set admin = false where name = '{name}'")
    assert get().status_code == 403
    assert admin.get("/admin/use").status_code == 403
