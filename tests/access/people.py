"""People with accounts, as browsers and programs are."""

from __future__ import annotations

import itertools
from http.cookies import SimpleCookie
from typing import Any

import httpx

from tests.support.database import run
from tests.support.server import DEADLINE, Server

PASSWORD = "correct horse battery"
_numbers = itertools.count()


def new_name(name: str = "ada") -> str:
    """A name that nobody has yet in this run."""
    return f"{name}-{next(_numbers)}"


class Browser:
    """Keeps cookies as a browser does: also Secure ones on this machine, which httpx would not."""

    def __init__(self, server: Server, cookie: str = "") -> None:
        self.server = server
        self.cookie = cookie
        self.origin = server.url

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"origin": self.origin} if method != "GET" else {}
        if self.cookie:
            sent["cookie"] = self.cookie
        answer = httpx.request(
            method, f"{self.server.url}{path}", json=body, headers=sent | named, timeout=DEADLINE
        )
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookie = f"{name}={morsel.value}" if morsel.value else ""
        return answer

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.ask("POST", path, body, **headers)

    def sign_up(self, name: str | None = None, **more: Any) -> str:
        """Make an account. Returns its name."""
        name = name or new_name()
        answer = self.post("/auth/signup", {"name": name, "password": PASSWORD, **more})
        assert answer.status_code == 201, answer.text
        return name

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        return self.post("/auth/signin", {"name": name, "password": password})

    def at(self, server: Server) -> Browser:
        """Return the same browser at another server of the same site."""
        return Browser(server, self.cookie)

    def me(self) -> Any:
        """Return who this browser is; None if nobody knows."""
        answer = self.get("/me")
        return answer.json() if answer.status_code == 200 else None

    def token(self, *scopes: str, days: float = 1) -> str:
        """Make an API token."""
        answer = self.post("/me/tokens", {"label": "test", "scopes": scopes, "days": days})
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["token"]
        return token


def jwt_of(server: Server, token: str) -> str:
    """Exchange an API token for a JWT."""
    answer = httpx.post(f"{server.url}/auth/token", json={"token": token}, timeout=DEADLINE)
    assert answer.status_code == 200, answer.text
    jwt: str = answer.json()["token"]
    return jwt


def code(answer: httpx.Response) -> str:
    """The stable code of a refusal."""
    found: str = answer.json()["extra"]["code"]
    return found


async def made_admin(server: Server) -> Browser:
    """Sign up somebody who is an admin."""
    browser = Browser(server)
    name = browser.sign_up()
    await run(server.database_url, f"update account set admin = true where name = '{name}'")
    return browser
