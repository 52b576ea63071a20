"""Attacks on passkeys, by a device that can be told to lie. A browser's own is in tests/browser."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import cbor2
import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.access.people import PASSWORD, Browser, code
from tests.support.database import eventually
from tests.support.server import Server

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


class Device:
    """Makes passkeys and signs with them, for the page of `origin` as it says."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0

    def make(self, options: Any, **lies: Any) -> dict[str, Any]:
        x, y = (
            number.to_bytes(32)
            for number in (
                self.key.public_key().public_numbers().x,
                self.key.public_key().public_numbers().y,
            )
        )
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        flags = lies.get("flags", PRESENT | VERIFIED) | NEW
        site = lies.get("site", options["rp"]["id"])
        data = self._data(site, flags) + bytes(16) + len(self.id).to_bytes(2) + self.id + key
        response = {
            "clientDataJSON": self._client("webauthn.create", options, lies),
            "attestationObject": text(
                cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
            ),
        }
        return self._credential(response)

    def sign(self, options: Any, **lies: Any) -> dict[str, Any]:
        self.count += 1
        site = lies.get("site", options.get("rpId"))
        data = self._data(site, lies.get("flags", PRESENT | VERIFIED))
        client = self._client("webauthn.get", options, lies)
        signed = data + hashlib.sha256(base64.urlsafe_b64decode(client + "==")).digest()
        key = lies.get("key", self.key)
        response = {
            "clientDataJSON": client,
            "authenticatorData": text(data),
            "signature": text(key.sign(signed, ec.ECDSA(hashes.SHA256()))),
        }
        return self._credential(response)

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, options: Any, lies: dict[str, Any]) -> str:
        said = {
            "type": lies.get("kind", kind),
            "challenge": options["challenge"],
            "origin": lies.get("origin", self.origin),
        }
        return text(json.dumps(said).encode())

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        id_ = text(self.id)
        return {"id": id_, "rawId": id_, "type": "public-key", "response": response}


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Page(Browser):
    """A browser at a server under the name of this machine."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.host = f"localhost:{urlsplit(server.url).port}"
        self.origin = f"http://{self.host}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return super().ask(method, path, body, **({"host": self.host} | headers))

    def options(self, path: str, body: Any = None) -> Any:
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def makes(self, device: Device, **lies: Any) -> httpx.Response:
        options = self.options("/me/passkeys/ask", {"password": PASSWORD})
        body = {"label": "key", "credential": device.make(options, **lies)}
        return self.post("/me/passkeys", body)

    def signs_in(self, device: Device, **lies: Any) -> httpx.Response:
        options = self.options("/auth/passkeys/ask")
        return self.post("/auth/passkeys", {"credential": device.sign(options, **lies)})


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, code(answer)


@pytest.fixture
def ada(one: Server) -> Page:
    page = Page(one)
    page.sign_up()
    return page


@pytest.fixture
def device(ada: Page) -> Device:
    """The device with a passkey of Ada's."""
    device = Device(ada.origin)
    assert ada.makes(device).status_code == 201
    return device


WRONG = (401, "wrong_passkey")


def test_a_passkey_signs_in_at_every_server_of_the_site(
    ada: Page, device: Device, other: Server
) -> None:
    # The site is one, so its name is the same behind a balancer.
    visitor = Page(other)
    visitor.host, visitor.origin = ada.host, ada.origin
    assert visitor.signs_in(device).status_code == 200
    assert visitor.me()["name"] == ada.me()["name"]
    ada.ask("DELETE", f"/me/passkeys/{text(device.id)}")
    assert refusal(Page(ada.server).signs_in(device)) == WRONG


def test_a_new_password_keeps_the_passkeys_unless_their_owner_says_otherwise(
    ada: Page, device: Device
) -> None:
    kept = {"old": PASSWORD, "password": "another horse"}
    assert ada.ask("PUT", "/me/password", kept).status_code == 204
    assert Page(ada.server).signs_in(device).status_code == 200
    dropped = {"old": "another horse", "password": PASSWORD, "drop_passkeys": True}
    assert ada.ask("PUT", "/me/password", dropped).status_code == 204
    assert refusal(Page(ada.server).signs_in(device)) == WRONG
    assert ada.get("/me/passkeys").json() == []


async def test_a_passkey_that_is_removed_while_somebody_signs_in_with_it_lets_nobody_in(
    ada: Page, device: Device
) -> None:
    """The passkey is checked, and waits for its last statement."""
    url, account, thief = ada.server.database_url, ada.me()["id"], Page(ada.server)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("select from account where id = $1 for update", account)
            signing_in = asyncio.create_task(asyncio.to_thread(thief.signs_in, device))
            await eventually(
                url,
                "select count(*) >= 1 from pg_stat_activity where wait_event_type = 'Lock'"
                " and datname = current_database()",
            )
            await connection.execute("delete from passkey where account_id = $1", account)
    finally:
        await connection.close()
    assert refusal(await signing_in) == (401, "wrong_credentials")
    assert thief.me() is None


def test_what_a_device_signs_is_believed_once_and_for_this_site_alone(
    ada: Page, device: Device
) -> None:
    visitor = Page(ada.server)
    lies: list[dict[str, Any]] = [
        {"origin": "http://localhost:1"},
        {"origin": "https://evil.example"},
        {"site": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"kind": "webauthn.create"},
        {"key": ec.generate_private_key(ec.SECP256R1())},
    ]
    for lie in lies:
        assert refusal(visitor.signs_in(device, **lie)) == WRONG, lie
    assert refusal(visitor.signs_in(Device(ada.origin))) == WRONG, "it is not known"
    options = visitor.options("/auth/passkeys/ask")
    body = {"credential": device.sign(options)}
    assert visitor.post("/auth/passkeys", body).status_code == 200
    visitor.post("/auth/signout")
    assert refusal(visitor.post("/auth/passkeys", body)) == WRONG, "it is said again"
    device.count = 0
    assert refusal(visitor.signs_in(device)) == WRONG, "a copy of the device counts less"
    for bad in ("{}", '{"id": 1}', '{"id": "é", "response": {"clientDataJSON": "e30"}}'):
        credential = {"credential": json.loads(bad)}
        assert refusal(visitor.post("/auth/passkeys", credential)) == WRONG, bad
    assert visitor.me() is None


def test_a_challenge_is_for_one_thing_and_one_account(ada: Page, device: Device) -> None:
    eve, held = Page(ada.server), Device(ada.origin)
    eve.sign_up()
    asked = ada.options("/me/passkeys/ask", {"password": PASSWORD})
    body = {"label": "key", "credential": held.make(asked)}
    assert refusal(eve.post("/me/passkeys", body)) == WRONG, "it was asked for another account"
    making = ada.options("/me/passkeys/ask", {"password": PASSWORD}) | {"rpId": "localhost"}
    signed = {"credential": device.sign(making)}
    assert refusal(Page(ada.server).post("/auth/passkeys", signed)) == WRONG
    for lie in ({"flags": PRESENT}, {"site": "evil.example"}, {"origin": "http://localhost:1"}):
        assert refusal(ada.makes(held, **lie)) == WRONG, lie
    assert refusal(eve.makes(device)) == (409, "passkey_taken")
    assert [row["id"] for row in ada.get("/me/passkeys").json()] == [text(device.id)]


def test_nobody_makes_or_removes_another_s_passkey(ada: Page, device: Device) -> None:
    wrong = ada.post("/me/passkeys/ask", {"password": "not the right one"})
    assert refusal(wrong) == (403, "wrong_password"), "whoever finds the browser open"
    eve = Page(ada.server)
    path = f"/me/passkeys/{text(device.id)}"
    assert eve.ask("DELETE", path).status_code == 401
    eve.sign_up()
    assert eve.ask("DELETE", path).status_code == 404
    assert eve.get("/me/passkeys").json() == []
    assert ada.me()["name"] not in json.dumps(eve.options("/auth/passkeys/ask"))
    numbers = Browser(ada.server)
    assert refusal(numbers.post("/auth/passkeys/ask")) == (409, "no_site_name")
