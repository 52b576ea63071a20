"""People use accounts."""

from __future__ import annotations

from urllib.parse import quote

import httpx

from tests.access.people import PASSWORD, Browser, code, jwt_of, new_name
from tests.access.sockets import opened, turned_away
from tests.support.database import eventually, fetch_value, run
from tests.support.server import DEADLINE, Server
from tests.support.sockets import person
from tests.support.talk import Talker


def test_somebody_signs_up_and_is_known_at_every_server(one: Server, other: Server) -> None:
    browser = Browser(one)
    assert browser.me() is None
    name = browser.sign_up(new_name("Ada"))
    assert browser.at(other).me()["name"] == name
    browser.post("/auth/signout")
    assert browser.me() is None
    assert browser.sign_in(name.upper()).status_code == 200, "names are compared without case"
    assert browser.me()["name"] == name


def test_a_cookie_is_out_of_reach_of_scripts_and_other_sites(one: Server) -> None:
    def cookie(host: str, **headers: str) -> str:
        answer = httpx.post(
            f"{one.url}/auth/signup",
            json={"name": new_name(), "password": PASSWORD},
            headers={"host": host, **headers},
            timeout=DEADLINE,
        )
        found: str = answer.headers["set-cookie"]
        return found

    here = cookie("localhost:8000")
    assert here.startswith("__Host-collab=")
    assert here.endswith("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure")
    lan = cookie("192.168.1.7:8000")
    assert lan.startswith("collab=")
    assert lan.endswith("; HttpOnly; SameSite=Lax")


def test_two_accounts_have_no_name_that_looks_the_same(one: Server) -> None:
    name = Browser(one).sign_up(new_name("Éva"))
    for same in (name.upper(), f" {name} ", name.replace("É", "E\u0301")):
        answer = Browser(one).post("/auth/signup", {"name": same, "password": PASSWORD})
        assert (answer.status_code, code(answer)) == (409, "name_taken"), same


def test_a_password_is_the_same_however_it_is_composed(one: Server) -> None:
    browser = Browser(one)
    name = new_name()
    browser.post("/auth/signup", {"name": name, "password": "cafe\u0301 au lait"})
    assert browser.sign_in(name, "caf\u00e9 au lait").status_code == 200


def test_a_password_has_a_length(one: Server) -> None:
    for password in ("seven77", "x" * 257):
        answer = Browser(one).post("/auth/signup", {"name": new_name(), "password": password})
        assert (answer.status_code, code(answer)) == (400, "bad_password")
    body = {"name": new_name(), "password": "🦊" * 256}
    assert Browser(one).post("/auth/signup", body).status_code == 201


async def test_a_guest_keeps_the_rooms_on_signing_up(one: Server) -> None:
    browser = Browser(one)
    room_id = one.create_room(initial_code="x")
    guest = await guest_of(one, browser, room_id)
    browser.sign_up()
    assert browser.me()["id"] == guest, "members and owners stay who they are"
    assert [room["room_id"] for room in browser.get("/me/rooms").json()] == [room_id]


async def test_a_guest_brings_the_rooms_to_an_account_that_is_there(one: Server) -> None:
    name = Browser(one).sign_up()
    browser = Browser(one)
    room_id = one.create_room(initial_code="x")
    guest = await guest_of(one, browser, room_id)
    assert browser.sign_in(name).status_code == 200
    assert browser.me()["id"] != guest
    assert [room["room_id"] for room in browser.get("/me/rooms").json()] == [room_id]
    left = await fetch_value(one.database_url, "select count(*) from account where id = $1", guest)
    assert left == 0


async def test_a_guest_s_own_rooms_become_the_account_s(one: Server) -> None:
    name = Browser(one).sign_up()
    browser = Browser(one)
    made = browser.post("/rooms", {"initial_code": "x"})
    assert made.status_code == 201
    room_id = made.json()["roomId"]
    browser.post("/me/guest")
    guest = browser.me()["id"]
    owner = "select owner::text from room where id = $1"
    assert await fetch_value(one.database_url, owner, room_id) == guest
    fence = "select access from room where id = $1"
    before = await fetch_value(one.database_url, fence, room_id)
    browser.sign_in(name)
    assert await fetch_value(one.database_url, owner, room_id) == browser.me()["id"] != guest
    assert await fetch_value(one.database_url, fence, room_id) > before


async def test_who_was_removed_stays_out_after_signing_in(one: Server) -> None:
    """Whoever the account is a member as: what was taken from the guest is taken from both."""
    name = Browser(one).sign_up()
    room_id = one.create_room()
    browser = Browser(one)
    guest = await guest_of(one, browser, room_id)
    member = "insert into member (room_id, who, role) values ('{}', '{}', 'none')"
    await run(one.database_url, member.format(room_id, guest))
    browser.sign_in(name)
    role = "select role from member where room_id = $1 and who = $2"
    account = browser.me()["id"]
    assert await fetch_value(one.database_url, role, room_id, account) == "none"


async def guest_of(server: Server, browser: Browser, room_id: str) -> str:
    """Make the browser a guest who has been in a room. Returns the guest's id."""
    assert browser.post("/me/guest").status_code == 200
    async with opened(server, room_id, cookie=browser.cookie) as socket:
        await socket.join("guest")
        guest: str = browser.me()["id"]
        await eventually(
            server.database_url, f"select count(*) = 1 from opened where account_id = '{guest}'"
        )
    assert browser.me()["kind"] == "guest"
    return guest


async def test_my_rooms_tell_what_they_are_called_and_who_is_there(one: Server) -> None:
    browser = Browser(one)
    browser.sign_up()
    room_id, unnamed = (one.create_room(initial_code="x") for _ in range(2))
    account = browser.me()["id"]
    for room in (unnamed, room_id):
        async with opened(one, room, cookie=browser.cookie) as socket:
            await socket.join("key")
            if room == room_id:
                await socket.submit(1, 1, "name", "Sorting, in class")
                await socket.receive()
    named = f"select title is not null from opened where room_id = '{room_id}'"
    await eventually(one.database_url, named)
    async with opened(one, room_id) as socket:
        await socket.join("other")
        rooms = browser.get("/me/rooms").json()
        assert [room["room_id"] for room in rooms] == [room_id, unnamed], "the last opened first"
        assert rooms[0]["title"] == "Sorting, in class"
        assert rooms[0]["people"] == ["other"]
        assert rooms[1]["people"] == []
    found = browser.get("/me/rooms?search=CLASS").json()
    assert [room["room_id"] for room in found] == [room_id]
    assert browser.get("/me/rooms?search=%25").json() == [], "no pattern, but text"
    assert browser.ask("PATCH", f"/me/rooms/{room_id}", {"trashed": True}).status_code == 204
    assert [room["room_id"] for room in browser.get("/me/rooms").json()] == [unnamed]
    trash = browser.get("/me/rooms?trashed=true").json()
    assert [room["room_id"] for room in trash] == [room_id]
    assert browser.ask("PATCH", f"/me/rooms/{room_id}", {"trashed": False}).status_code == 204
    assert len(browser.get("/me/rooms").json()) == 2
    assert (
        await fetch_value(
            one.database_url, "select count(*) from opened where account_id = $1", account
        )
        == 2
    )


def test_somebody_signs_out_one_browser_or_all(one: Server, other: Server) -> None:
    name = Browser(one).sign_up()
    desk, phone, library = (Browser(one) for _ in range(3))
    for browser in (desk, phone, library):
        assert browser.sign_in(name).status_code == 200
    sessions = {row["id"] for row in desk.get("/me/sessions").json()}
    own = next(row["id"] for row in library.get("/me/sessions").json() if row["current"])
    assert own in sessions
    assert desk.ask("DELETE", f"/me/sessions/{own}").status_code == 204
    assert library.at(other).me() is None
    assert phone.at(other).me()
    assert desk.ask("DELETE", "/me/sessions").status_code == 204
    assert desk.me() is None
    assert phone.at(other).me() is None


def test_a_program_works_with_a_token(one: Server, other: Server) -> None:
    browser = Browser(one)
    name = browser.sign_up()
    token = browser.token("read", "account")
    bearer = {"authorization": f"Bearer {jwt_of(other, token)}"}
    me = httpx.get(f"{one.url}/me", headers=bearer, timeout=DEADLINE).json()
    assert (me["name"], me["scopes"]) == (name, ["account", "read"])
    (row,) = browser.get("/me/tokens").json()
    assert token not in browser.get("/me/tokens").text
    assert browser.ask("DELETE", f"/me/tokens/{row['id']}").status_code == 204
    again = httpx.get(f"{other.url}/me", headers=bearer, timeout=DEADLINE)
    assert (again.status_code, code(again)) == (401, "token_revoked")


def test_a_new_password_ends_every_other_session(one: Server, other: Server) -> None:
    browser, thief = Browser(one), Browser(other)
    name = browser.sign_up()
    thief.sign_in(name)
    jwt = jwt_of(one, browser.token("account"))
    changed = browser.ask("PUT", "/me/password", {"old": PASSWORD, "password": "another one"})
    assert changed.status_code == 204, changed.text
    assert browser.me()
    assert thief.me() is None
    bearer = {"authorization": f"Bearer {jwt}"}
    assert httpx.get(f"{other.url}/me", headers=bearer, timeout=DEADLINE).status_code == 401
    assert Browser(one).sign_in(name).status_code == 401
    assert Browser(one).sign_in(name, "another one").status_code == 200


async def test_a_deleted_account_is_a_former_member(one: Server) -> None:
    browser = Browser(one)
    name = browser.sign_up(new_name("Zebedee"), email="zebedee@example.com")
    room_id = one.create_room(initial_code="x")
    async with opened(one, room_id, cookie=browser.cookie) as socket:
        await socket.send("join", **(person("z") | {"name": name}))
        await socket.receive()
        await socket.submit(1, 1, "edit", "main", ["y", 1])
        await socket.receive()
        account = browser.me()["id"]
        assert browser.post("/me/delete", {"password": "wrong one"}).status_code == 403
        assert browser.post("/me/delete", {"password": PASSWORD}).status_code == 204
        assert await turned_away(socket) == (4401, "signed_out")
    assert browser.me() is None
    assert one.room(room_id)["code"] == "yx", "what was written stays"
    author = "select author from entry where room_id = $1 and revision = 2"
    assert await fetch_value(one.database_url, author, room_id) == "Former member"
    assert await everywhere(one, name) == []
    assert await everywhere(one, "zebedee@example.com") == []
    assert await everywhere(one, account) == []


async def test_a_deleted_account_s_name_is_left_nowhere(one: Server) -> None:
    browser, other = Browser(one), Browser(one)
    name = browser.sign_up(new_name("Quetzal"))
    other.sign_up()
    account = browser.me()["id"]
    own = browser.post("/rooms", {"initial_code": "x"}).json()["roomId"]
    room_id = other.post("/rooms", {"initial_code": "hello"}).json()["roomId"]
    room = f"/rooms/{room_id}"
    browser.ask("PATCH", f"/rooms/{own}/access", {"open": "none"})
    link = browser.post(f"/rooms/{own}/links", {"role": "viewer"}).json()
    other.post(f"/rooms/{own}/enter", {"secret": link["secret"], "name": "Other"})
    async with opened(one, room_id, cookie=browser.cookie) as socket:
        await socket.send("join", **(person("q") | {"name": name}))
        joined = await socket.receive()
        quetzal = Talker(socket, joined, "the-secret-of-quetzal")
        await quetzal.listen()
        said = await quetzal.say("hello")
        await socket.send("react", number=said, name="🎉", on=True)
        await quetzal.until_told(lambda: quetzal.messages[said].get("reactions"))
        await socket.submit(1, 1, "edit", "main", ["y", 5])
        while not isinstance(await socket.receive(), list):
            pass
        anchor = {"file": "main", "revision": 2, "start": 0, "end": 2}
        thread = await quetzal.say("why?", anchor=anchor)
        await socket.send("resolve", thread=thread, resolved=True)
        await quetzal.until_told(lambda: quetzal.threads[thread].get("resolved"))
        named = quote(name)
        copied = browser.post(f"{room}/files/main.py", {"path": "other.py"}, x_collab_name=named)
        assert copied.status_code == 200, copied.text
        made = browser.post(f"{room}/versions", {"name": "Done"}, x_collab_name=named)
        assert made.status_code == 201, made.text
        assert name in other.get(f"{room}/history").text
        other.ask("PATCH", f"{room}/access", {"open": "ask"})
        asked = browser.post(f"{room}/waiting", {"name": name})
        assert asked.status_code == 202, asked.text
        let_in = {"role": "editor"}
        assert other.ask("PUT", f"{room}/waiting/{account}", let_in).status_code == 200
        assert name in other.get(f"{room}/members").text
        await eventually(
            one.database_url, f"select count(*) = 3 from client_of where account_id = '{account}'"
        )
        assert {"entry", "message", "reaction", "thread"} <= set(await everywhere(one, name))
        assert browser.post("/me/delete", {"password": PASSWORD}).status_code == 204
    assert await everywhere(one, name) == []
    assert await everywhere(one, account) == []
    for path in ("", "/entries", "/history", "/messages", "/threads", "/members", "/blame/main.py"):
        assert name not in other.get(f"{room}{path}").text, path
    assert other.get(f"/rooms/{own}/access").json()["owned"] is False


async def everywhere(server: Server, text: str) -> list[str]:
    """The tables that have a text anywhere."""
    tables = await fetch_value(
        server.database_url,
        "select array_agg(tablename::text) from pg_tables where schemaname = 'public'",
    )
    found = []
    for table in tables:
        query = f"select count(*) from {table} as row where strpos(lower(row::text), lower($1)) > 0"
        if await fetch_value(server.database_url, query, text):
            found.append(table)
    return found


def test_an_export_has_all_that_is_known_and_no_secret(one: Server) -> None:
    browser = Browser(one)
    name = browser.sign_up(new_name(), email="ada@example.com")
    token = browser.token("read")
    body = browser.get("/me/export").json()
    assert body["account"]["name"] == name
    assert body["account"]["email"] == "ada@example.com"
    assert {row["kind"] for row in body["sessions"]} == {"browser", "token"}
    text = browser.get("/me/export").text
    for secret in ("argon2", token.removeprefix("collab_"), browser.cookie.partition("=")[2]):
        assert secret not in text
