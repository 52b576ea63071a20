"""Permissions to talk in a room, and to delete what others have said."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from collab.postgres import dump, embedded
from tests.support.database import fetch_value, made_database, run
from tests.support.guests import Guest
from tests.support.server import Server
from tests.support.talk import Talker

_LEFT = "select count(*) from message where room_id = $1 and text || words::text like '%secret%'"


def test_a_viewer_reads_what_is_said_and_says_nothing(shared_server: Server) -> None:
    owner, viewer = Guest(), Guest()
    room = f"/rooms/{owner.room(shared_server, open='viewer')}"
    number = owner.done(shared_server, "POST", f"{room}/messages", text="hello")["number"]
    read = viewer.done(shared_server, "GET", f"{room}/messages")
    assert [one["text"] for one in read["messages"]] == ["hello"]
    for method, path in (
        ("POST", "messages"),
        ("PATCH", f"messages/{number}"),
        ("DELETE", f"messages/{number}"),
        ("PATCH", f"threads/{number}"),
    ):
        answer = viewer.ask(shared_server, method, f"{room}/{path}", text="x", resolved=True)
        assert (answer.status_code, answer.json()["extra"]["code"]) == (403, "not_allowed")


async def test_somebody_who_is_demoted_says_nothing_more_on_an_open_socket(
    shared_server: Server,
) -> None:
    owner, guest = Guest(), Guest()
    room_id = owner.room(shared_server)
    async with guest.socket(shared_server, room_id) as socket:
        await socket.join("guest")
        await socket.send("talk", key="the-secret-of-guest")
        assert (await socket.receive())["type"] == "talk"
        owner.done(shared_server, "PATCH", f"/rooms/{room_id}/access", open="viewer")
        codes = set()
        while "not_allowed" not in codes:
            await socket.send("say", nonce="n" * 12, text="x")
            codes.add((await socket.receive()).get("code"))
    said = owner.done(shared_server, "GET", f"/rooms/{room_id}/messages")["messages"]
    assert len(said) <= 1


async def test_somebody_who_is_demoted_by_a_server_that_nobody_hears_of_says_nothing_more(
    shared_server: Server,
) -> None:
    """The statement that keeps a message compares what its author was judged by."""
    owner, guest = Guest(), Guest()
    room_id = owner.room(shared_server)
    async with guest.socket(shared_server, room_id) as socket:
        talker = Talker(socket, await socket.join("guest"), "the-secret-of-guest")
        await talker.listen()
        # As a server with a cut line would, and before the slow tick of this one.
        lock = f"update room set locked = true, access = access + 1 where id = '{room_id}'"
        await run(shared_server.database_url, lock)
        told = await talker.refused("say", nonce="n" * 12, text="x")
        assert told in ("unavailable", "not_allowed")
        while told != "not_allowed":
            told = await talker.refused("say", nonce="n" * 12, text="x")
    assert texts(owner, shared_server, f"/rooms/{room_id}") == []


def test_who_owns_a_room_deletes_what_others_have_said(shared_server: Server) -> None:
    owner, guest = Guest(), Guest()
    room = f"/rooms/{owner.room(shared_server)}"
    number = guest.done(shared_server, "POST", f"{room}/messages", text="rude")["number"]
    other = Guest().ask(shared_server, "DELETE", f"{room}/messages/{number}")
    assert other.json()["extra"]["code"] == "not_yours"
    edited = owner.ask(shared_server, "PATCH", f"{room}/messages/{number}", text="forged")
    assert edited.json()["extra"]["code"] == "not_yours"
    owner.done(shared_server, "DELETE", f"{room}/messages/{number}")
    read = owner.done(shared_server, "GET", f"{room}/messages")
    assert [one["text"] for one in read["messages"]] == [None]


def texts(person: Guest, server: Server, room: str, query: str = "") -> list[str | None]:
    read = person.done(server, "GET", f"{room}/messages{query}")
    return [one["text"] for one in read["messages"]]


async def test_a_chat_that_the_owner_clears_is_gone_from_everywhere(shared_server: Server) -> None:
    owner, guest = Guest(), Guest()
    room_id = owner.room(shared_server)
    room = f"/rooms/{room_id}"
    anchor = {"file": "main", "revision": 1, "start": 0, "end": 5}
    async with guest.socket(shared_server, room_id) as socket:
        talker = Talker(socket, await socket.join("guest"), "the-secret-of-guest")
        await talker.listen()
        last = await talker.say("a secret", nonce="n" * 12)
        guest.done(shared_server, "POST", f"{room}/messages", text="a comment", anchor=anchor)
        refused = guest.ask(shared_server, "DELETE", f"{room}/messages")
        assert (refused.status_code, refused.json()["extra"]["code"]) == (403, "not_allowed")
        before = talker.stamp
        owner.done(shared_server, "DELETE", f"{room}/messages")
        told = await talker.until(lambda one: one.get("cleared", 0) >= last)
        # Who sends it again, since the answer was lost, does not say it again.
        assert (await talker.try_to_say("a secret", nonce="n" * 12))["number"] == last
    assert "secret" not in str(told)
    assert texts(guest, shared_server, room) == []
    assert texts(guest, shared_server, room, "?search=secret") == []
    assert texts(guest, shared_server, room, f"?after={last - 1}") == []
    assert texts(guest, shared_server, room, "?search=comment") == ["a comment"]
    assert await fetch_value(shared_server.database_url, _LEFT, room_id) == 0
    async with guest.socket(shared_server, room_id) as socket:
        late = Talker(socket, await socket.join("late"), "the-secret-of-guest")
        await late.listen(before)
        assert (late.texts, late.unread) == (["a comment"], 0)
        assert await late.say("hello") == last + 2


async def test_what_was_deleted_is_in_no_table_and_no_backup(
    shared_server: Server, tmp_path: Path
) -> None:
    """Neither what was said before an edit nor what was suggested."""
    owner, guest = Guest(), Guest()
    room_id = owner.room(shared_server)
    room = f"/rooms/{room_id}"
    anchor = {"file": "main", "revision": 1, "start": 0, "end": 5}
    word = f"secret{room_id[:8]}"
    async with guest.socket(shared_server, room_id) as socket:
        talker = Talker(socket, await socket.join("guest"), "the-secret-of-guest")
        await talker.listen()
        said = await talker.say(f"chat {word}", mentions=["guest"], names=[word])
        begun = await talker.say(f"comment {word}", anchor=anchor, suggestion=f"new {word}")
        for number in (said, begun):
            await socket.send("edit_say", number=number, text=f"edited {word}")
            await until(talker, number, "edited")
            await socket.send("react", number=number, name="👍")
        before = talker.stamp
        assert await tables_with(shared_server, word) == {"message"}
        assert word in backup(shared_server, tmp_path)
        for number in (said, begun):
            await socket.send("unsay", number=number)
            await until(talker, number, "deleted")
        assert await tables_with(shared_server, word) == set()
        assert word not in backup(shared_server, tmp_path)
        exported = owner.ask(shared_server, "GET", f"{room}/export.zip").content
        with ZipFile(BytesIO(exported)) as archive:
            assert word.encode() not in b"".join(map(archive.read, archive.namelist()))
        assert texts(owner, shared_server, room, f"?search={word}") == []
    async with guest.socket(shared_server, room_id) as socket:
        late = Talker(socket, await socket.join("late"), "the-secret-of-late")
        await late.listen(before)
        assert set(late.texts) == {None}
        assert word not in str(late.told)


def backup(server: Server, folder: Path) -> str:
    """Return the contents of a backup as SQL."""
    file = folder / "backup.dump"
    dump.backup(server.database_url, file)
    return dump._call("pg_restore", ["--file=-", str(file)], {})


async def until(talker: Talker, number: int, what: str) -> None:
    """Wait until a message is told to be edited or deleted."""

    def holds() -> bool:
        message = talker.messages[number]
        return bool(message.get("edited")) if what == "edited" else message["text"] is None

    await talker.until_told(holds)


async def tables_with(server: Server, word: str) -> set[str]:
    """The names of all tables that have a word in one of their rows."""
    names = "select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'"
    found = set()
    for name in str(await fetch_value(server.database_url, names)).split():
        count = f"select count(*) from {name} as one where one::text like '%' || $1 || '%'"
        if await fetch_value(server.database_url, count, word):
            found.add(name)
    return found


@pytest.fixture(scope="module")
def forgetful(postgres: embedded.Server, template: str) -> Iterator[Server]:
    """A server that keeps messages for ten days."""
    with (
        made_database(postgres, template) as url,
        Server("--talk-keep-days=10", database_url=url) as server,
    ):
        yield server


async def age(server: Server, room_id: str, days: float) -> None:
    await run(
        server.database_url,
        f"update message set at = at - interval '{days} days' where room_id = '{room_id}'",
    )


async def test_a_room_keeps_messages_for_as_long_as_its_owner_says_and_the_server_at_most(
    forgetful: Server,
) -> None:
    owner, guest = Guest(), Guest()
    room_id = owner.room(forgetful)
    room = f"/rooms/{room_id}"
    anchor = {"file": "main", "revision": 1, "start": 0, "end": 5}
    owner.done(forgetful, "POST", f"{room}/messages", text="an old secret")
    owner.done(forgetful, "POST", f"{room}/messages", text="a secret there", anchor=anchor)
    assert owner.done(forgetful, "GET", f"{room}/talk") == {"keep_days": 10.0, "most": 10.0}
    await age(forgetful, room_id, 5)
    owner.done(forgetful, "POST", f"{room}/messages", text="a new one")
    for person, days, code in ((guest, 3, "not_allowed"), (owner, 11, "kept_too_long")):
        answer = person.ask(forgetful, "PATCH", f"{room}/talk", keep_days=days)
        assert answer.json()["extra"]["code"] == code
    assert len(texts(guest, forgetful, room)) == 2
    kept = owner.done(forgetful, "PATCH", f"{room}/talk", keep_days=3)
    assert kept == {"keep_days": 3.0, "most": 10.0}
    assert texts(guest, forgetful, room) == ["a new one"]
    assert guest.done(forgetful, "GET", f"{room}/threads")["threads"] == []
    assert await fetch_value(forgetful.database_url, _LEFT, room_id) == 0
    # Without a wish of its owner the room keeps messages as long as the server does.
    await age(forgetful, room_id, 5)
    assert owner.done(forgetful, "PATCH", f"{room}/talk", keep_days=None)["keep_days"] == 10.0
    assert texts(guest, forgetful, room) == ["a new one"]
    await age(forgetful, room_id, 6)
    owner.done(forgetful, "PATCH", f"{room}/talk", keep_days=None)
    assert texts(guest, forgetful, room) == []


@pytest.mark.parametrize("path", ["messages", "messages?search=secret", "threads", "talk"])
async def test_who_may_not_enter_is_told_nothing_of_what_is_said(
    shared_server: Server, path: str
) -> None:
    """Neither threads nor counts of them: a room with talk answers as one that is not there."""
    owner, stranger = Guest(), Guest()
    room_id = owner.room(shared_server)
    anchor = {"file": "main", "revision": 1, "start": 0, "end": 5}
    room = f"/rooms/{room_id}"
    owner.done(shared_server, "POST", f"{room}/messages", text="a secret", anchor=anchor)
    owner.done(shared_server, "PATCH", f"{room}/access", open="none")
    closed = stranger.ask(shared_server, "GET", f"{room}/{path}")
    nowhere = stranger.ask(shared_server, "GET", f"/rooms/{room_id[::-1]}/{path}")
    assert (closed.status_code, closed.json()) == (nowhere.status_code, nowhere.json())
    assert closed.status_code == 404
