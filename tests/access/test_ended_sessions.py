"""Attacks with sessions that have ended, on any server."""

from __future__ import annotations

import asyncio
import time

import asyncpg
import pytest

from tests.access.people import PASSWORD, Browser, code, made_admin
from tests.access.sockets import opened, turned_away
from tests.support.database import eventually, fetch_value
from tests.support.server import DEADLINE, Server
from tests.support.sockets import person


async def test_a_cookie_is_worth_nothing_after_signing_out(one: Server, other: Server) -> None:
    browser = Browser(one)
    browser.sign_up()
    kept = browser.cookie
    room_id = one.create_room()
    async with (
        opened(one, room_id, cookie=kept) as here,
        opened(other, room_id, cookie=kept, ot=False) as there,
    ):
        await here.join("me")
        began = time.monotonic()
        browser.post("/auth/signout")
        assert await turned_away(here) == (4401, "signed_out")
        assert await turned_away(there) == (4401, "signed_out")
        assert time.monotonic() - began < DEADLINE
    assert Browser(other, kept).me() is None
    assert Browser(one, kept).me() is None


async def test_a_server_that_knew_a_session_a_moment_ago_lets_nobody_join_with_it(
    one: Server, other: Server
) -> None:
    browser = Browser(one)
    browser.sign_up()
    kept, room_id = browser.cookie, one.create_room()
    async with opened(other, room_id, cookie=kept) as socket:
        await socket.join("me")
    async with opened(other, room_id, cookie=kept) as socket:
        browser.post("/auth/signout")
        await socket.send("join", **person("me"))
        told = await socket.receive()
        assert (told["type"], told["code"]) == ("error", "signed_out"), "nothing of the room"
        assert (await socket.closed())[0] == 4401


async def test_a_server_that_never_saw_a_session_finds_with_the_join_what_its_person_may(
    one: Server, other: Server
) -> None:
    owner, member, removed = (Browser(one) for _ in range(3))
    for browser in (owner, member, removed):
        browser.sign_up()
    room_id = owner.post("/rooms", {"initial_code": ""}).json()["roomId"]
    for browser, role in ((member, "editor"), (removed, "none")):
        path = f"/rooms/{room_id}/members/{browser.me()['id']}"
        assert owner.ask("PUT", path, {"role": role}).status_code == 200
    owner.ask("PATCH", f"/rooms/{room_id}/access", {"open": "viewer"})
    async with opened(other, room_id) as there:  # so the room is in memory
        await there.join("somebody")
        async with opened(other, room_id, cookie=removed.cookie) as socket:
            await socket.send("join", **person("removed"))
            assert await turned_away(socket) == (4404, "room_not_found")
        async with opened(other, room_id, cookie=member.cookie) as socket:
            await socket.send("join", **person("member"), revision=999)
            assert (await socket.receive())["type"] == "error"
            joined = await socket.join("member")  # after one that was wrong
            assert joined["role"] == "editor"
            member.post("/auth/signout")
            assert await turned_away(socket) == (4401, "signed_out")


async def test_a_browser_whose_session_has_ended_comes_back_as_a_guest(
    one: Server, other: Server
) -> None:
    """Its socket is accepted before the server knows. So it comes again to be given a cookie."""
    owner, browser = Browser(one), Browser(one)
    owner.sign_up()
    room_id = owner.post("/rooms", {"initial_code": ""}).json()["roomId"]
    browser.sign_up()
    cookie = browser.cookie
    browser.post("/auth/signout")
    async with opened(other, room_id, cookie=cookie, origin=other.url) as socket:
        assert await turned_away(socket) == (1012, "session_ended")
    async with opened(other, room_id, cookie=cookie, origin=other.url) as socket:
        assert (await socket.join("ann"))["role"] == "editor"
        assert socket.connection.response
        assert "collab=" in socket.connection.response.headers["set-cookie"]


async def test_signing_out_everywhere_ends_the_sockets_of_every_server(
    one: Server, other: Server
) -> None:
    desk, phone = Browser(one), Browser(other)
    phone.sign_in(desk.sign_up())
    room_id = one.create_room()
    async with (
        opened(other, room_id, cookie=desk.cookie) as first,
        opened(other, room_id, cookie=phone.cookie, ot=False) as second,
        opened(one, room_id, cookie=phone.cookie) as third,
    ):
        assert desk.ask("DELETE", "/me/sessions").status_code == 204
        for socket in (first, second, third):
            assert await turned_away(socket) == (4401, "signed_out")
    assert phone.me() is None


async def test_a_socket_ends_with_a_new_password_and_with_disabling(
    one: Server, other: Server
) -> None:
    browser, elsewhere = Browser(one), Browser(other)
    name = browser.sign_up()
    elsewhere.sign_in(name)
    room_id = one.create_room()
    async with opened(other, room_id, cookie=elsewhere.cookie) as socket:
        browser.ask("PUT", "/me/password", {"old": PASSWORD, "password": "another one"})
        assert await turned_away(socket) == (4401, "signed_out")
    admin = await made_admin(one)
    account = browser.me()["id"]
    async with opened(other, room_id, cookie=browser.cookie) as socket:
        answer = admin.ask("PATCH", f"/admin/accounts/{account}", {"disabled": True})
        assert answer.status_code == 204, answer.text
        assert await turned_away(socket) == (4401, "signed_out")
    assert Browser(one).sign_in(name, "another one").status_code == 401


async def test_whoever_was_checked_before_a_new_password_is_not_in_after_it(
    one: Server, other: Server
) -> None:
    """A sign-in and a new API token wait for their last statement while the password changes."""
    browser = Browser(one)
    name = browser.sign_up()
    account = browser.me()["id"]
    thief = Browser(other)
    connection = await asyncpg.connect(one.database_url)
    try:
        async with connection.transaction():
            await connection.execute("select from account where id = $1 for update", account)
            signing_in = asyncio.create_task(asyncio.to_thread(thief.sign_in, name))
            body = {"label": "mine", "scopes": ["read"]}
            making = asyncio.create_task(asyncio.to_thread(browser.post, "/me/tokens", body))
            await eventually(
                one.database_url,
                "select count(*) >= 2 from pg_stat_activity where wait_event_type = 'Lock'"
                " and datname = current_database()",
            )
            await connection.execute(
                "update account set password = 'another' where id = $1", account
            )
            await connection.execute("delete from session where account_id = $1", account)
    finally:
        await connection.close()
    answers = await signing_in, await making
    assert [(answer.status_code, code(answer)) for answer in answers] == [
        (401, "wrong_credentials"),
        (401, "signed_out"),
    ]
    left = "select count(*) from session where account_id = $1"
    assert await fetch_value(one.database_url, left, account) == 0


@pytest.mark.parametrize("way", ["deletes", "resets", "ends that one"])
async def test_a_socket_on_another_server_is_closed_however_its_session_ends(
    one: Server, other: Server, way: str
) -> None:
    browser, elsewhere = Browser(one), Browser(other)
    name = browser.sign_up()
    elsewhere.sign_in(name)
    room_id = one.create_room()
    async with opened(other, room_id, cookie=elsewhere.cookie) as socket:
        await socket.join("me")
        if way == "deletes":
            answer = browser.post("/me/delete", {"password": PASSWORD})
        elif way == "resets":
            admin, account = await made_admin(one), browser.me()["id"]
            link = admin.post(f"/admin/accounts/{account}/reset").json()["secret"]
            body = {"secret": link, "password": "another one"}
            answer = Browser(one).post("/auth/reset", body)
        else:
            rows = browser.get("/me/sessions").json()
            (session,) = [row["id"] for row in rows if not row["current"]]
            answer = browser.ask("DELETE", f"/me/sessions/{session}")
        assert answer.is_success, answer.text
        assert await turned_away(socket) == (4401, "signed_out")
