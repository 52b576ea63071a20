"""A mistake of ours anywhere in the core drops the room, and nobody uses what it left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from collab.errors import LogUnavailable
from collab.live import idleness
from collab.live.audience import Audience
from collab.live.host import Host
from collab.live.hub import Hub
from collab.protocol import Ping, Profile
from collab.room import elsewhere
from collab.room.between import Gone
from collab.room.past import Past
from collab.room.people import People
from collab.room.room import Room
from tests.live.acting import ROOM, Socket, a_hub, a_log, come, come_plain
from tests.support.server import DEADLINE

Provoke = Callable[[Hub, Host, Socket], Awaitable[object]]


def wrong(*_: object, **__: object) -> None:
    raise AssertionError("a mistake of ours")


async def receive(_hub: Hub, host: Host, ann: Socket) -> None:
    await host.receive(ann.session, Profile("Anna", 1))


async def submit(_hub: Hub, _host: Host, ann: Socket) -> None:
    await ann.submit(1, 1, "a")


async def join(_hub: Hub, host: Host, _ann: Socket) -> None:
    with pytest.raises(LogUnavailable):
        await come(host, "bo")


async def join_plain(_hub: Hub, host: Host, _ann: Socket) -> None:
    with pytest.raises(LogUnavailable):
        await come_plain(host, "pat")


async def remember(_hub: Hub, host: Host, _ann: Socket) -> None:
    with pytest.raises(LogUnavailable):
        await come(host, "bo", revision=0)


async def leave(_hub: Hub, host: Host, _ann: Socket) -> None:
    host.leave((await come(host, "bo")).connection)


async def hear(hub: Hub, _host: Host, _ann: Socket) -> None:
    hub.told("elsewhere", ROOM, Gone("bo", (0, 0)))


async def call_roll(hub: Hub, _host: Host, _ann: Socket) -> None:
    hub.roll_called("elsewhere", ends=True)


async def lose(hub: Hub, _host: Host, _ann: Socket) -> None:
    hub.lost("elsewhere")


async def tell(hub: Hub, _host: Host, _ann: Socket) -> None:
    assert list(hub.roll()) == []


ENTRIES = {
    "receive": (People, "rename", receive),
    "send": (Audience, "flush", receive),
    "join": (People, "greet", join),
    "join plainly": (Room, "join_plain", join_plain),
    "read older entries": (Past, "lengthen", remember),
    "leave": (People, "part", leave),
    "hear of people": (elsewhere, "hear", hear),
    "hear a roll": (elsewhere, "drop_doubtful", call_roll),
    "lose a process": (elsewhere, "forget", lose),
    "call the roll": (elsewhere, "roll", tell),
    "seal": (Room, "seal", submit),
    "read": (Room, "read", submit),
    "find the room idle": (Room, "tell_checksums", submit),
    "forget the past": (Room, "rest", submit),
}


@pytest.mark.parametrize("entry", ENTRIES)
async def test_a_mistake_in_the_core_closes_every_socket_and_the_next_reads_the_log(
    entry: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    place, name, provoke = ENTRIES[entry]
    monkeypatch.setattr(idleness, "_LULL", 0.001)
    monkeypatch.setattr(idleness, "_REST", 0.001)
    async with a_hub(a_log()) as hub, hub.room(ROOM) as host:
        assert host
        ann = await come(host, "ann")
        with monkeypatch.context() as patch:
            patch.setattr(place, name, wrong)
            await provoke(hub, host, ann)
            assert await ann.end() == (1011, "The room is being read anew")
        assert "is dropped from memory" in caplog.text
        with pytest.raises(LogUnavailable):
            await come(host, "cy")
        async with hub.room(ROOM) as again:
            assert again
            assert again is not host
            dee = await come(again, "dee")
            revision = again.room.revision
            await dee.submit(1, revision, "x", len(str(again.room.state.main.text)))
            async with asyncio.timeout(DEADLINE):
                while again.room.revision == revision:  # noqa: ASYNC110
                    await asyncio.sleep(0)
            assert str(again.room.state.main.text).startswith("x")


async def test_a_dropped_room_is_not_touched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_hub(a_log()) as hub, hub.room(ROOM) as host:
        assert host
        ann, bo = await come(host, "ann"), await come(host, "bo")
        with monkeypatch.context() as patch:
            patch.setattr(People, "rename", wrong)
            await receive(hub, host, ann)
        touched: list[str] = []
        for name in ("leave", "receive", "read", "seal", "rest", "tell_checksums"):
            monkeypatch.setattr(Room, name, lambda *_, name=name: touched.append(name))
        await host.receive(bo.session, Ping())
        host.hear("elsewhere", Gone("bo", (0, 0)))
        host.call_roll("elsewhere", ends=False)
        host.forget("elsewhere")
        assert host.roll() == []
        for socket in (ann, bo):
            assert await socket.end() == (1011, "The room is being read anew")
        assert touched == []


async def test_nobody_waits_for_what_a_dropped_room_will_not_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_hub(a_log()) as hub, hub.room(ROOM) as host:
        assert host
        ann = await come(host, "ann")
        monkeypatch.setattr(Room, "seal", wrong)
        await ann.submit(1, 1, "a")
        async with asyncio.timeout(DEADLINE):
            await host.close(1001, "", drain=10 * DEADLINE)
        assert await ann.end() == (1011, "The room is being read anew")


async def test_what_a_peer_does_wrong_drops_nothing() -> None:
    async with a_hub(a_log(), sessions=1) as hub, hub.room(ROOM) as host:
        assert host
        await come(host, "ann")
        for joining in (partial(come, host, "bo"), partial(come_plain, host, "pat")):
            with pytest.raises(Exception, match="full"):
                await joining()
        async with hub.room(ROOM) as again:
            assert again is host
