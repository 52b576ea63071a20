"""E-mails, which a real SMTP server takes: that of the package aiosmtpd."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Empty, Queue
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.access.people import PASSWORD, Browser, code, new_name
from tests.support.ports import free_port
from tests.support.server import DEADLINE, Server

URL = "https://pad.example.com/x"


class Postbox:
    """Keeps what comes."""

    def __init__(self) -> None:
        self._letters: Queue[EmailMessage] = Queue()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self._letters.put(message)
        return "250 OK"

    def next(self) -> EmailMessage:
        return self._letters.get(timeout=DEADLINE)

    def is_empty(self) -> bool:
        try:
            self._letters.get(timeout=1)
        except Empty:
            return True
        return False


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()
    assert threading.active_count() < 50


@pytest.fixture
def mailing(database_url: str, postbox: tuple[Postbox, int]) -> Iterator[tuple[Server, Postbox]]:
    with Server(*options(postbox[1]), database_url=database_url) as server:
        yield server, postbox[0]


def options(port: int) -> list[str]:
    return [
        f"--access-url={URL}",
        f"--access-smtp-url=smtp://127.0.0.1:{port}",
        "--access-mail-from=pad@example.com",
    ]


def secret_in(letter: EmailMessage, kind: str) -> str:
    text = letter.get_content()
    found = re.search(rf"^    {re.escape(URL)}/#{kind}=([\w-]{{43}})\r?$", text, re.MULTILINE)
    assert found, text
    return found[1]


def test_an_address_is_confirmed_then_signs_in_and_sets_a_password(
    mailing: tuple[Server, Postbox],
) -> None:
    server, box = mailing
    browser = Browser(server)
    name = browser.sign_up(new_name(), email="Ada@Example.com")
    letter = box.next()
    assert letter["to"] == "Ada@Example.com"
    assert letter["from"] == "pad@example.com"
    assert Browser(server).sign_in("ada@example.com").status_code == 401
    secret = secret_in(letter, "confirm")
    assert browser.post("/auth/confirm", {"secret": secret}).status_code == 204
    assert code(browser.post("/auth/confirm", {"secret": secret})) == "bad_link"
    assert browser.me()["email_confirmed"]
    assert Browser(server).sign_in("ada@example.com").status_code == 200
    assert Browser(server).post("/auth/reset/ask", {"name": "ada@example.com"}).status_code == 202
    body = {"secret": secret_in(box.next(), "reset"), "password": "another one"}
    assert Browser(server).post("/auth/reset", body).status_code == 204
    assert code(Browser(server).post("/auth/reset", body)) == "bad_link"
    assert browser.me() is None
    assert Browser(server).sign_in(name, "another one").status_code == 200


def test_a_link_is_the_same_for_nobody_and_goes_to_no_address_that_is_not_confirmed(
    mailing: tuple[Server, Postbox],
) -> None:
    server, box = mailing
    name = Browser(server).sign_up(new_name(), email="eve@example.com")
    box.next()
    answers = [
        Browser(server).post("/auth/reset/ask", {"name": asked})
        for asked in (name, "nobody", "eve@example.com", "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [202] * 4
    assert len({answer.text for answer in answers}) == 1
    assert box.is_empty()


def test_the_host_of_a_request_is_in_no_link(mailing: tuple[Server, Postbox]) -> None:
    server, box = mailing
    body = {"name": new_name(), "password": PASSWORD, "email": "ada@example.com"}
    host = {"host": "evil.example", "origin": "http://evil.example"}
    assert Browser(server).post("/auth/signup", body, **host).status_code == 201
    letter = box.next().get_content()
    assert "evil" not in letter


def test_nobody_takes_the_address_of_another(mailing: tuple[Server, Postbox]) -> None:
    server, box = mailing
    ada, eve = Browser(server), Browser(server)
    ada.sign_up(new_name(), email="ada@example.com")
    ada.post("/auth/confirm", {"secret": secret_in(box.next(), "confirm")})
    answer = eve.post(
        "/auth/signup", {"name": new_name(), "password": PASSWORD, "email": "ADA@example.com"}
    )
    assert answer.status_code == 201, "it does not tell whose it is"
    letter = box.next()
    assert letter["subject"] == "You have an account already"
    assert "#confirm" not in letter.get_content()


def test_an_address_gets_few_letters(mailing: tuple[Server, Postbox]) -> None:
    server, box = mailing
    browser = Browser(server)
    browser.sign_up(new_name(), email="ada@example.com")
    for _ in range(5):
        answer = browser.ask("PATCH", "/me", {"email": "ada@example.com"})
        assert answer.status_code == 200, answer.text
    for _ in range(3):
        box.next()
    assert box.is_empty()


def test_nobody_signs_in_before_the_address_of_the_domain_is_confirmed(
    database_url: str, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    with Server(
        *options(port), "--access-sign-up=example.com,school.example", database_url=database_url
    ) as server:
        browser = Browser(server)
        body = {"name": "Ada", "password": PASSWORD}
        assert code(browser.post("/auth/signup", body)) == "email_needed"
        for email in ("ada@evil.example", "ada@evil.com@example.org", "ada@sub.example.com"):
            assert browser.post("/auth/signup", body | {"email": email}).status_code in (400, 403)
        answer = browser.post("/auth/signup", body | {"email": "ada@School.example"})
        assert answer.status_code == 201, answer.text
        assert browser.me() is None
        assert code(browser.sign_in("Ada")) == "not_confirmed"
        secret = secret_in(box.next(), "confirm")
        assert browser.post("/auth/confirm", {"secret": secret}).status_code == 204
        assert browser.sign_in("Ada").status_code == 200


def test_a_server_without_smtp_says_who_can_reset(one: Server) -> None:
    answer = Browser(one).post("/auth/reset/ask", {"name": "ada"})
    assert (answer.status_code, code(answer)) == (409, "no_mail")
    assert "collab user reset" in answer.json()["detail"]
