"""`/me/mentions`: what mentions somebody with an account, of whom nobody else learns."""

from __future__ import annotations

from typing import Any

from tests.access.people import Browser, code, jwt_of, new_name
from tests.access.sockets import opened
from tests.support.database import eventually
from tests.support.server import Server


async def visitor(server: Server, room_id: str, name: str) -> Browser:
    """Somebody with an account who has been in a room, with this name and this public id."""
    browser = Browser(server)
    browser.sign_up(name)
    async with opened(server, room_id, cookie=browser.cookie, origin=server.url) as socket:
        await socket.join(name)
        question = f"select count(*) = 1 from client_of where name = '{name}'"
        await eventually(server.database_url, question)
    return browser


def say(author: Browser, room_id: str, text: str, **body: Any) -> Any:
    answer = author.post(f"/rooms/{room_id}/messages", {"text": text, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


def owner_of_room(server: Server) -> tuple[Browser, str]:
    owner = Browser(server)
    owner.sign_up()
    return owner, owner.post("/rooms", {"initial_code": "x"}).json()["roomId"]


def mentioned(browser: Browser) -> list[str]:
    answer = browser.get("/me/mentions")
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()]


async def test_a_message_mentions_who_is_here_by_id_and_who_is_not_by_name(one: Server) -> None:
    owner, room_id = owner_of_room(one)
    name = new_name("bo")
    bo = await visitor(one, room_id, name)
    other = await visitor(one, room_id, new_name("cy"))
    say(owner, room_id, "by id", mentions=[name])
    number = say(owner, room_id, f"by name, @{name}", names=[name])["number"]
    assert mentioned(bo) == [f"by name, @{name}", "by id"]
    assert mentioned(other) == []
    [newest, _] = bo.get("/me/mentions").json()
    assert (newest["room_id"], newest["number"], newest["seen"]) == (room_id, number, False)
    assert bo.ask("PATCH", "/me/mentions", {"at": newest["at"]}).status_code == 204
    assert [each["seen"] for each in bo.get("/me/mentions").json()] == [True, True]


async def test_who_has_an_account_is_told_to_nobody(one: Server) -> None:
    owner, room_id = owner_of_room(one)
    name = new_name("bo")
    await visitor(one, room_id, name)
    known = say(owner, room_id, "x", names=[name])
    unknown = say(owner, room_id, "x", names=["nobody at all"])
    assert known.keys() == unknown.keys() == {"number"}
    first, second = owner.get(f"/rooms/{room_id}/messages").json()["messages"]
    own = {"number", "stamp", "at", "who", "person"}  # of an author without a secret
    assert {k: v for k, v in first.items() if k not in own} == {
        k: v for k, v in second.items() if k not in own
    }
    # An account of the name that has nothing to do with the room is not mentioned.
    stranger = Browser(one)
    say(owner, room_id, "x", names=[stranger.sign_up()])
    assert mentioned(stranger) == []


async def test_a_mention_is_gone_with_its_message_and_with_the_right_to_read(one: Server) -> None:
    owner, room_id = owner_of_room(one)
    name = new_name("bo")
    bo = await visitor(one, room_id, name)
    number = say(owner, room_id, "first", names=[name])["number"]
    say(owner, room_id, "second", names=[name])
    assert owner.ask("DELETE", f"/rooms/{room_id}/messages/{number}").status_code == 204
    assert mentioned(bo) == ["second"]
    for open_, seen in (("none", []), ("viewer", ["second"])):
        assert owner.ask("PATCH", f"/rooms/{room_id}/access", {"open": open_}).status_code == 200
        assert mentioned(bo) == seen
    assert owner.ask("DELETE", f"/rooms/{room_id}/messages").status_code == 204
    assert mentioned(bo) == []


async def test_mentions_are_the_accounts_own_and_need_the_scope_of_reading(one: Server) -> None:
    nobody = Browser(one)
    assert code(nobody.get("/me/mentions")) == "not_signed_in"
    nobody.post("/me/guest")
    assert code(nobody.get("/me/mentions")) == "not_signed_in"
    owner, room_id = owner_of_room(one)
    name = new_name("bo")
    bo = await visitor(one, room_id, name)
    say(owner, room_id, "hello", names=[name])
    statuses = {}
    for scope in ("read", "account"):
        token = f"Bearer {jwt_of(one, bo.token(scope))}"
        statuses[scope] = Browser(one).get("/me/mentions", authorization=token).status_code
    assert statuses == {"read": 200, "account": 403}
    assert bo.get("/me/export").json()["mentions"][0]["room_id"] == room_id
