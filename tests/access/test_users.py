"""The command `collab user`, and what an operator sets."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.access.people import PASSWORD, Browser, code
from tests.support.server import DEADLINE, Server


def user(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable, "-m", "collab", "user", *arguments,
            "--database-url", server.database_url,
            "--access-url", "https://pad.example.com",
        ],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )  # fmt: skip


def test_an_operator_adds_makes_admin_resets_and_lists(server: Server) -> None:
    assert user(server, "list").stdout == "There is no account.\n"
    added = user(server, "add", "Ada")
    assert added.returncode == 0, added.stderr
    start = "Ada sets a password within a day at https://pad.example.com/#reset="
    assert added.stdout.startswith(start)
    browser = Browser(server)
    body = {"secret": added.stdout.removeprefix(start).strip(), "password": PASSWORD}
    assert browser.post("/auth/reset", body).status_code == 204
    assert code(browser.post("/auth/reset", body)) == "bad_link", "it works once"
    assert browser.sign_in("Ada").status_code == 200
    assert browser.get("/admin/use").status_code == 403
    assert user(server, "admin", "ada").stdout == "Ada is an admin now.\n"
    assert browser.get("/admin/use").json()["accounts"] == 1
    assert user(server, "list").stdout == "Ada  admin\n"
    reset = user(server, "reset", "ada").stdout
    body = {"secret": reset.partition("#reset=")[2].strip(), "password": "another one"}
    assert browser.post("/auth/reset", body).status_code == 204
    assert browser.me() is None, "a reset ends every session"
    assert browser.sign_in("Ada", "another one").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "Ada@home"], "A name has no @, so that it does not look like an e-mail address."),
        (["reset", "nobody"], "There is no account nobody."),
    ],
)
def test_the_command_says_what_is_wrong(one: Server, arguments: list[str], words: str) -> None:
    said = user(one, *arguments)
    assert (said.returncode, said.stderr) == (1, f"collab: {words}\n")


@pytest.mark.parametrize("arguments", [[], ["add"], ["list", "Ada"], ["remove", "Ada"]], ids=str)
def test_the_command_knows_four_things(one: Server, arguments: list[str]) -> None:
    said = user(one, *arguments)
    assert said.returncode == 2
    assert "user takes add NAME, admin NAME, reset NAME or list" in said.stderr


def test_nobody_signs_up_where_sign_up_is_closed(database_url: str) -> None:
    with Server("--access-sign-up=closed", database_url=database_url) as server:
        answer = Browser(server).post("/auth/signup", {"name": "Ada", "password": PASSWORD})
        assert (answer.status_code, code(answer)) == (403, "sign_up_closed")


def test_an_invitation_makes_one_account(database_url: str) -> None:
    with Server("--access-sign-up=invited", database_url=database_url) as server:
        body = {"name": "Eve", "password": PASSWORD}
        assert code(Browser(server).post("/auth/signup", body)) == "bad_invitation"
        added = user(server, "add", "Ada").stdout.partition("#reset=")[2].strip()
        admin = Browser(server)
        admin.post("/auth/reset", {"secret": added, "password": PASSWORD})
        user(server, "admin", "Ada")
        admin.sign_in("Ada")
        made = admin.post("/admin/invitations").json()
        assert made["fragment"] == f"#invite={made['secret']}"
        short = body | {"invitation": made["secret"], "password": "short"}
        assert code(Browser(server).post("/auth/signup", short)) == "bad_password"
        first = Browser(server).post("/auth/signup", body | {"invitation": made["secret"]})
        assert first.status_code == 201, first.text
        again = {"name": "Eva", "password": PASSWORD, "invitation": made["secret"]}
        assert code(Browser(server).post("/auth/signup", again)) == "bad_invitation"


def test_an_admin_adds_disables_and_deletes(server: Server) -> None:
    added = user(server, "add", "Ada").stdout.partition("#reset=")[2].strip()
    user(server, "admin", "Ada")
    admin, bo = Browser(server), Browser(server)
    admin.post("/auth/reset", {"secret": added, "password": PASSWORD})
    admin.sign_in("Ada")
    bo.sign_up("Bo")
    me, other = admin.me()["id"], bo.me()["id"]
    for body in ({"disabled": True}, {"admin": False}):
        assert code(admin.ask("PATCH", f"/admin/accounts/{me}", body)) == "own_account"
    (row,) = admin.get("/admin/accounts?search=bo").json()
    assert (row["name"], row["admin"], row["disabled"]) == ("Bo", False, False)
    path = f"/admin/accounts/{other}"
    assert admin.ask("PATCH", path, {"disabled": True}).status_code == 204
    assert bo.me() is None
    assert bo.sign_in("Bo").status_code == 401
    assert admin.ask("PATCH", path, {"disabled": False}).status_code == 204
    assert bo.sign_in("Bo").status_code == 200
    assert admin.ask("DELETE", path).status_code == 204
    assert bo.me() is None
    assert admin.ask("DELETE", path).status_code == 404
    room_id = server.create_room()
    (room,) = admin.get("/admin/rooms").json()
    assert room["start"] == room_id[:8], "an admin sees no key to a room"
    assert room_id not in admin.get("/admin/rooms").text
    whats = [line["what"] for line in admin.get("/admin/audit").json()]
    assert {"deleted an account", "disabled", "enabled", "made an admin", "signed up"} <= {*whats}
