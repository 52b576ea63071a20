"""Permissions in a room, over HTTP: doors, members, links, and people who wait to be let in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from tests.support.database import execute, fetch_value, run
from tests.support.guests import Guest, enter
from tests.support.rooms import NOBODYS
from tests.support.server import Server

CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", "/files/main.py", {}),
    ("PATCH", "/files/main.py", {"path": "b.py"}),
    ("POST", "/files/main.py", {"path": "b.py"}),
    ("DELETE", "/files/main.py", {}),
    ("POST", "/import", {}),
    ("POST", "/import/git", {"url": "https://example.com/a.git"}),
    ("POST", "/replace", {"query": "hello", "replacement": "bye"}),
    ("POST", "/replace/undo", {"revision": 1}),
    ("POST", "/versions", {"name": "One"}),
    ("PATCH", "/versions/1", {"name": "One"}),
    ("POST", "/restore", {"revision": 1}),
    ("POST", "/undo", {"person": "somebody"}),
    ("POST", "/runs", {}),
    ("DELETE", "/runs/1", {}),
    ("PATCH", "/access", {"locked": False}),
    ("POST", "/links", {"role": "editor"}),
]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["extra"]["code"]


def test_who_makes_a_room_owns_it_and_it_is_open_to_edit(shared_server: Server) -> None:
    owner, stranger = Guest(), Guest()
    room_id = owner.room(shared_server)
    path = f"/rooms/{room_id}/access"
    mine = owner.done(shared_server, "GET", path)
    assert mine == {
        "open": "editor",
        "locked": False,
        "owned": True,
        "role": "owner",
        "who": mine["who"],
    }
    theirs = stranger.done(shared_server, "GET", path)
    assert (theirs["role"], theirs["who"]) == ("editor", None)
    assert code(stranger.ask(shared_server, "PATCH", path, open="none")) == (403, "not_allowed")


async def test_rooms_of_before_are_open_to_edit_and_nobodys(shared_server: Server) -> None:
    room_id = shared_server.create_room()
    url = shared_server.database_url
    await run(url, f"update room set owner = null where id = '{room_id}'")
    person = Guest()
    path = f"/rooms/{room_id}/access"
    found = person.done(shared_server, "GET", path)
    assert (found["open"], found["owned"], found["role"]) == ("editor", False, "editor")
    assert code(person.ask(shared_server, "PATCH", path, open="none")) == (403, "not_allowed")


async def test_a_private_room_s_sockets_copies_and_door_answer_as_if_it_were_not_there(
    shared_server: Server,
) -> None:
    private, stranger = Guest().room(shared_server, open="none"), Guest()
    told: list[object] = []
    for room_id in (private, NOBODYS):
        for plain in (False, True):
            async with stranger.socket(shared_server, room_id, plain=plain) as socket:
                told.append((await socket.receive(), await socket.closed()))
        for history in (False, True):
            answer = stranger.ask(shared_server, "POST", "/rooms", copy=room_id, history=history)
            told.append((answer.status_code, answer.json()["detail"]))
        asked: list[tuple[str, dict[str, str]]] = [
            ("enter", {"secret": "x" * 43}),
            ("waiting", {"name": "Bo"}),
        ]
        for path, fields in asked:
            answer = stranger.ask(shared_server, "POST", f"/rooms/{room_id}/{path}", **fields)
            told.append((answer.status_code, answer.text))
    assert told[: len(told) // 2] == told[len(told) // 2 :]
    assert "(4404" in str(told[0])


def test_a_link_gives_its_role_and_nothing_more(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server, open="none")
    viewer = enter(shared_server, room_id, owner, "viewer")
    assert viewer.done(shared_server, "GET", f"/rooms/{room_id}")["code"] == "hello"
    for method, path, body in CHANGES:
        answer = viewer.ask(shared_server, method, f"/rooms/{room_id}{path}", **body)
        assert code(answer) == (403, "not_allowed"), (method, path)
    editor = enter(shared_server, room_id, owner, "editor")
    editor.done(shared_server, "POST", f"/rooms/{room_id}/files/main.py", path="b.py")


def test_links_that_are_wrong_are_all_answered_alike(shared_server: Server) -> None:
    owner = Guest()
    room_id, another = owner.room(shared_server, open="none"), owner.room(shared_server)
    links = f"/rooms/{room_id}/links"
    foreign = owner.done(shared_server, "POST", f"/rooms/{another}/links", role="editor")
    used = owner.done(shared_server, "POST", links, role="editor", uses=1)
    revoked = owner.done(shared_server, "POST", links, role="editor")
    expired = owner.done(shared_server, "POST", links, role="editor", expires_in=1)
    owner.done(shared_server, "DELETE", f"{links}/{revoked['id']}")
    enter_path = f"/rooms/{room_id}/enter"
    assert Guest().done(shared_server, "POST", enter_path, secret=used["secret"]) == {
        "role": "editor"
    }
    expire = f"update link set expires_at = now() where id = '{expired['id']}'"
    execute(shared_server.database_url, expire)
    for secret in (foreign, used, revoked, expired, {"secret": "x" * 43}):
        answer = Guest().ask(shared_server, "POST", enter_path, secret=secret["secret"])
        assert code(answer) == (404, "room_not_found")


def test_of_many_who_come_for_the_last_use_of_a_link_one_comes_in(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server, open="none")
    link = owner.done(shared_server, "POST", f"/rooms/{room_id}/links", role="editor", uses=1)

    def come(_: int) -> int:
        path = f"/rooms/{room_id}/enter"
        return Guest().ask(shared_server, "POST", path, secret=link["secret"]).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(come, range(8))) == [200] + [404] * 7
    members = owner.done(shared_server, "GET", f"/rooms/{room_id}/members")
    assert [member["role"] for member in members] == ["owner", "editor"]


def test_a_link_does_not_lower_a_role_and_is_not_used_up_by_who_has_one(
    shared_server: Server,
) -> None:
    owner = Guest()
    room_id = owner.room(shared_server, open="none")
    editor = enter(shared_server, room_id, owner, "editor")
    link = owner.done(shared_server, "POST", f"/rooms/{room_id}/links", role="viewer", uses=1)
    path = f"/rooms/{room_id}/enter"
    for person, role in ((editor, "editor"), (owner, "owner")):
        assert person.done(shared_server, "POST", path, secret=link["secret"]) == {"role": role}
    (found, *_) = [
        one
        for one in owner.done(shared_server, "GET", f"/rooms/{room_id}/links")
        if one["id"] == link["id"]
    ]
    assert (found["uses"], "secret" in found) == (0, False)


def test_a_link_that_gives_no_more_than_the_room_says_so(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    path = f"/rooms/{room_id}/links"
    assert owner.done(shared_server, "POST", path, role="viewer")["pointless"]
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", open="viewer")
    assert not owner.done(shared_server, "POST", path, role="editor")["pointless"]


async def test_no_secret_of_a_link_is_kept(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    link = owner.done(shared_server, "POST", f"/rooms/{room_id}/links", role="editor")
    kept = await fetch_value(
        shared_server.database_url,
        "select string_agg(link::text || room_audit::text, '') from link"
        " left join room_audit on room_audit.room_id = link.room_id where link.room_id = $1",
        room_id,
    )
    assert link["secret"] not in kept
    assert link["secret"].encode().hex() not in kept


def test_who_is_removed_stays_out_with_the_same_cookie(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    person = enter(shared_server, room_id, owner, "editor")
    who = person.who(shared_server, room_id)
    link = owner.done(shared_server, "POST", f"/rooms/{room_id}/links", role="editor")
    member = f"/rooms/{room_id}/members/{who}"
    owner.done(shared_server, "PUT", member, role="none")
    ways: list[tuple[str, str, dict[str, str]]] = [
        ("GET", "", {}),
        ("POST", "/enter", {"secret": link["secret"]}),
        ("POST", "/waiting", {"name": "Bo"}),
        ("DELETE", f"/members/{who}", {}),
    ]
    for method, path, body in ways:
        answer = person.ask(shared_server, method, f"/rooms/{room_id}{path}", **body)
        assert code(answer) == (404, "room_not_found"), path
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", open="ask")
    answer = person.ask(shared_server, "POST", f"/rooms/{room_id}/waiting", name="Bo")
    assert code(answer) == (404, "room_not_found")
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", open="editor")
    owner.done(shared_server, "DELETE", member)
    person.done(shared_server, "GET", f"/rooms/{room_id}")


def test_nobody_promotes_themselves_and_the_owner_does_not_leave(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    editor = enter(shared_server, room_id, owner, "editor")
    who, owners = editor.who(shared_server, room_id), owner.who(shared_server, room_id)
    for role in ("owner", "editor"):
        path = f"/rooms/{room_id}/members/{who}"
        assert code(editor.ask(shared_server, "PUT", path, role=role)) == (403, "not_allowed")
    path = f"/rooms/{room_id}/members/{owners}"
    assert code(editor.ask(shared_server, "DELETE", path)) == (409, "last_owner")
    assert code(owner.ask(shared_server, "DELETE", path)) == (409, "last_owner")
    assert code(owner.ask(shared_server, "PUT", path, role="viewer")) == (409, "last_owner")


def test_a_room_is_handed_over_to_a_member_and_the_owner_is_an_editor_then(
    shared_server: Server,
) -> None:
    owner = Guest()
    room_id = owner.room(shared_server, open="none")
    heir = enter(shared_server, room_id, owner, "viewer")
    stranger = Guest()
    stranger.room(shared_server)
    path = f"/rooms/{room_id}/members"
    nobody = owner.ask(shared_server, "PUT", f"{path}/{uuid4()}", role="owner")
    assert code(nobody) == (404, "unknown_person")
    who = heir.who(shared_server, room_id)
    owner.done(shared_server, "PUT", f"{path}/{who}", role="owner")
    assert heir.done(shared_server, "GET", f"/rooms/{room_id}/access")["role"] == "owner"
    assert owner.done(shared_server, "GET", f"/rooms/{room_id}/access")["role"] == "editor"
    assert code(owner.ask(shared_server, "PUT", f"{path}/{who}", role="none")) == (
        403,
        "not_allowed",
    )
    owners = owner.who(shared_server, room_id)
    owner.done(shared_server, "DELETE", f"{path}/{owners}")
    assert owner.ask(shared_server, "GET", f"/rooms/{room_id}").status_code == 404


def test_who_asks_waits_until_the_owner_lets_them_in(shared_server: Server) -> None:
    owner, asking, other = Guest(), Guest(), Guest()
    room_id = owner.room(shared_server, open="ask")
    waiting, mine = f"/rooms/{room_id}/waiting", f"/rooms/{room_id}/waiting/mine"
    assert code(asking.ask(shared_server, "GET", f"/rooms/{room_id}")) == (403, "ask_to_enter")
    assert asking.done(shared_server, "GET", mine) == {"state": "not_asked"}
    assert asking.done(shared_server, "POST", waiting, name="Bo") == {"state": "waiting"}
    assert other.done(shared_server, "POST", waiting, name="Cleo") == {"state": "waiting"}
    assert asking.done(shared_server, "GET", mine) == {"state": "waiting"}
    assert code(asking.ask(shared_server, "GET", waiting)) == (403, "ask_to_enter")
    bo, cleo = owner.done(shared_server, "GET", waiting)
    assert (bo["name"], cleo["name"]) == ("Bo", "Cleo")
    owner.done(shared_server, "PUT", f"{waiting}/{bo['who']}", role="editor")
    owner.done(shared_server, "PUT", f"{waiting}/{cleo['who']}", role="none")
    assert asking.done(shared_server, "GET", mine) == {"state": "let_in"}
    assert asking.done(shared_server, "GET", f"/rooms/{room_id}/access")["role"] == "editor"
    assert other.done(shared_server, "GET", mine) == {"state": "turned_away"}
    assert other.done(shared_server, "POST", waiting, name="Cleo") == {"state": "turned_away"}
    assert owner.done(shared_server, "GET", waiting) == []
    members = owner.done(shared_server, "GET", f"/rooms/{room_id}/members")
    assert [(m["role"], m["name"]) for m in members] == [("owner", None), ("editor", "Bo")]


def test_a_viewer_asks_for_more(shared_server: Server) -> None:
    owner, viewer = Guest(), Guest()
    room_id = owner.room(shared_server, open="viewer")
    waiting = f"/rooms/{room_id}/waiting"
    assert viewer.done(shared_server, "POST", waiting, name="Bo") == {"state": "waiting"}
    (bo,) = owner.done(shared_server, "GET", waiting)
    owner.done(shared_server, "PUT", f"{waiting}/{bo['who']}", role="editor")
    assert viewer.done(shared_server, "GET", f"/rooms/{room_id}/access")["role"] == "editor"


def test_while_a_room_is_locked_everybody_but_the_owner_only_watches(
    shared_server: Server,
) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    editor = enter(shared_server, room_id, owner, "editor")
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", locked=True)
    copy = {"path": "b.py"}
    path = f"/rooms/{room_id}/files/main.py"
    for person in (editor, Guest()):
        answer = person.ask(shared_server, "POST", path, **copy)
        assert code(answer) == (403, "not_allowed")
        assert "locked" in answer.json()["detail"]
    owner.done(shared_server, "POST", path, **copy)
    owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", locked=False)
    editor.done(shared_server, "POST", path, **copy)


async def test_every_change_of_who_may_do_what_is_recorded(shared_server: Server) -> None:
    owner = Guest()
    room_id = owner.room(shared_server, open="none")
    person = enter(shared_server, room_id, owner, "viewer")
    who = person.who(shared_server, room_id)
    owner.done(shared_server, "PUT", f"/rooms/{room_id}/members/{who}", role="none")
    recorded = await fetch_value(
        shared_server.database_url,
        "select string_agg(action, ', ' order by id) from room_audit where room_id = $1",
        room_id,
    )
    assert recorded == "door, link, use link, remove"
