"""Attacks on rooms. What would be told by time is shown by the work that is done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import get_args

import pytest

from collab.protocol import ClientChange, ClientMessage
from collab.room.doors import may
from collab.room.needs import NEEDS
from tests.doors.routes import routes_of_rooms
from tests.doors.test_fence import MESSAGES
from tests.support.observed import Observed, observing
from tests.support.rooms import NOBODYS

ROUTES = list(routes_of_rooms())
KNOCKS: list[tuple[str, dict[str, str]]] = [
    ("/enter", {"secret": "x" * 43}),
    ("/waiting", {"name": "Bo"}),
]


@pytest.fixture
async def observed(database_url: str) -> AsyncIterator[Observed]:
    async with observing(database_url) as observed:
        yield observed


async def owned_room(observed: Observed) -> tuple[str, str]:
    """Make a room. Returns its id and the owner's cookie."""
    made = await observed.http.post("/rooms", json={"initial_code": "hello"})
    cookie = made.headers["set-cookie"].partition(";")[0]
    observed.http.cookies.clear()
    return made.json()["roomId"], cookie


async def test_a_private_room_is_told_by_no_route_and_no_socket_and_takes_no_more_work(
    observed: Observed,
) -> None:
    private, owner = await owned_room(observed)
    shut = await observed.ask("PATCH", f"/rooms/{private}/access", owner, open="none")
    assert shut[0] == 200
    _, stranger = await owned_room(observed)
    for cookie in ("", stranger):
        for route in ROUTES:
            there, not_there = [
                await observed.ask(route.method, f"/rooms/{room_id}{route.path}", cookie)
                for room_id in (private, NOBODYS)
            ]
            assert there[0] in (400, 404), route
            assert there == not_there, route
        for path, body in KNOCKS:
            there, not_there = [
                await observed.ask("POST", f"/rooms/{room_id}{path}", cookie, **body)
                for room_id in (private, NOBODYS)
            ]
            assert there[0] == 404
            assert there == not_there, path
    for ot in (True, False):
        there, not_there = [await observed.dial(room_id, ot=ot) for room_id in (private, NOBODYS)]
        assert there == not_there
        assert there[1] == 4404
        assert there[-1], "it asks"
    strangers = [(await owned_room(observed))[1] for _ in range(2)]  # of sessions not looked up yet
    there, not_there = [
        await observed.dial(room_id, ot=True, cookie=cookie)
        for room_id, cookie in zip((private, NOBODYS), strangers, strict=True)
    ]
    assert there == not_there
    assert there[1] == 4404
    assert len(there[-1]) == 2, "whose the cookie is, and what they may"


async def test_what_is_said_of_the_whole_server_names_no_room(observed: Observed) -> None:
    private, owner = await owned_room(observed)
    await observed.ask("PATCH", f"/rooms/{private}/access", owner, open="none")
    for path in ("/health", "/ready", "/live", "/metrics", "/runs", "/me/rooms", "/auth/ways"):
        answer = await observed.http.get(path)
        assert private not in answer.text, path


async def test_who_waits_gets_nothing_by_any_route(observed: Observed) -> None:
    room_id, owner = await owned_room(observed)
    await observed.ask("PATCH", f"/rooms/{room_id}/access", owner, open="ask")
    _, waiting = await owned_room(observed)
    asked = await observed.ask("POST", f"/rooms/{room_id}/waiting", waiting, name="Bo")
    assert asked[0] == 202
    answers = {
        (await observed.ask(route.method, f"/rooms/{room_id}{route.path}", waiting))[:2]
        for route in ROUTES
        if route.needs != "knock"
    }
    ((status, body),) = answers
    assert (status, b"ask_to_enter" in body) == (403, True)


async def test_a_viewer_gets_no_further_by_any_route(observed: Observed) -> None:
    room_id, owner = await owned_room(observed)
    await observed.ask("PATCH", f"/rooms/{room_id}/access", owner, open="viewer")
    refused = 0
    for route in ROUTES:
        if route.needs in ("read", "knock"):
            continue
        answer = await observed.ask(route.method, f"/rooms/{room_id}{route.path}")
        assert (answer[0], b'"not_allowed"' in answer[1]) == (403, True), route
        refused += 1
    assert refused > 20


def test_a_viewer_has_sent_each_kind_of_message() -> None:
    """So that `test_a_viewer_is_refused_every_change_and_told_why` knows every change."""
    kinds = {change.__struct_config__.tag for change in get_args(ClientChange)}
    assert {message["change"][0] for message in MESSAGES} == kinds
    beyond = {one for one in get_args(ClientMessage) if not may("viewer", NEEDS[one])}
    assert {one.__struct_config__.tag for one in beyond} == {"submit"}
