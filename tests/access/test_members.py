"""Members of a room by the names of their accounts, and who is known."""

from __future__ import annotations

from tests.access.people import Browser, code, new_name
from tests.support.server import Server


def test_an_account_is_made_a_member_by_its_name_by_the_owner_alone(one: Server) -> None:
    owner, member, stranger = Browser(one), Browser(one), Browser(one)
    owner_name, name = owner.sign_up(), member.sign_up()
    stranger.sign_up()
    room = f"/rooms/{owner.post('/rooms', {'initial_code': 'x'}).json()['roomId']}"
    assert owner.ask("PATCH", f"{room}/access", {"open": "none"}).status_code == 200
    assert member.get(room).status_code == 404
    body = {"name": name, "role": "editor"}
    assert stranger.post(f"{room}/members", body).status_code == 404
    assert owner.post(f"{room}/members", body).status_code == 201
    assert member.get(room).status_code == 200
    listed = {one["name"]: one["role"] for one in owner.get(f"{room}/members").json()}
    assert listed == {owner_name: "owner", name: "editor"}
    again = member.post(f"{room}/members", {"name": owner_name, "role": "viewer"})
    assert (again.status_code, code(again)) == (403, "not_allowed")
    unknown = owner.post(f"{room}/members", {"name": new_name("nobody"), "role": "viewer"})
    assert (unknown.status_code, code(unknown)) == (404, "unknown_person")
    own = owner.post(f"{room}/members", {"name": owner_name, "role": "viewer"})
    assert (own.status_code, code(own)) == (409, "last_owner")


def test_names_and_doors_are_not_tried_by_the_thousand(database_url: str) -> None:
    limits = ("--limit-doors-unknown=2", "--limit-doors-asking=2")
    with (
        Server(*limits, database_url=database_url) as one,
        Server(*limits, database_url=database_url) as other,
    ):
        owner, member = Browser(one), Browser(one)
        owner.sign_up()
        body = {"name": member.sign_up(), "role": "editor"}
        room = f"/rooms/{owner.post('/rooms', {}).json()['roomId']}"
        for _ in range(3):
            assert owner.post(f"{room}/members", body).status_code == 201, "it is somebody's"
        unknown = {"name": new_name("nobody"), "role": "viewer"}
        for server in (one, other):
            assert code(owner.at(server).post(f"{room}/members", unknown)) == "unknown_person"
        for server, tried in ((one, unknown), (other, body)):
            answer = owner.at(server).post(f"{room}/members", tried)
            assert (answer.status_code, code(answer)) == (429, "too_many_tries")
        assert owner.ask("PATCH", f"{room}/access", {"open": "ask"}).status_code == 200
        asked = [
            Browser((one, other)[n % 2]).post(f"{room}/waiting", {"name": "Bo"}) for n in range(3)
        ]
        assert [answer.status_code for answer in asked] == [202, 202, 429]


def test_a_page_asks_who_is_there_without_an_error(one: Server) -> None:
    browser = Browser(one)
    assert browser.get("/me/known").json() == {"me": None}
    name = browser.sign_up()
    assert browser.get("/me/known").json()["me"] == browser.me()
    assert browser.me()["name"] == name
