"""What a server does not let anybody have, take or do; each limit is told by name and number."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from logging import DEBUG
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from collab.live.limits import ServerLimits
from collab.live.wire import WebSocketProtocol
from collab.serving.server import Server
from collab.settings import Settings
from tests.support.clients import OtClient
from tests.support.database import fill
from tests.support.fuzz import frame
from tests.support.here import serving
from tests.support.proxy import Proxy
from tests.support.server import DEADLINE
from tests.support.sockets import Socket, ot_socket, person, plain_socket


class Here:
    """A server with limits of its own."""

    def __init__(self, address: str) -> None:
        self.url = f"http://{address}"

    async def room_url(self) -> str:
        """Where the sockets of a new room connect."""
        async with httpx.AsyncClient(timeout=DEADLINE) as http:
            room_id = (await http.post(f"{self.url}/rooms")).json()["roomId"]
        return f"{self.url.replace('http', 'ws')}/ws/{room_id}"

    async def old_room_url(self, database_url: str) -> str:
        """The same of one with a past of 3000 entries."""
        room_url = await self.room_url()
        await fill(database_url, room_url.rpartition("/")[2], head=1, count=3000)
        return room_url

    @asynccontextmanager
    async def old_socket(self, database_url: str) -> AsyncIterator[Socket]:
        """A socket of a room with such a past, not joined yet."""
        async with ot_socket(await self.old_room_url(database_url)) as socket:
            yield socket

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[Socket]:
        """A socket of a new room, not joined yet."""
        async with ot_socket(await self.room_url()) as socket:
            yield socket


@asynccontextmanager
async def limited(database_url: str, **limits: Any) -> AsyncIterator[Here]:
    # All that comes, comes from one address, and the limits of a socket are tried alone.
    unlimited: dict[str, Any] = {"frames_per_address": 0, "bytes_per_address": 0}
    limits = unlimited | limits
    settings = Settings(port=0, database_url=database_url, limits=ServerLimits(**limits))
    async with serving(settings) as address:
        yield Here(address)


class Clock:
    """The clock by which sockets are slowed: it stands still but for their pauses.

    So how long somebody is not read is a matter of what it sent, on any machine. `paused` has the
    pauses of each socket, in seconds, by its port.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self._paused: dict[int, list[float]] = defaultdict(list)

    async def rest(self, scope: Any, seconds: float) -> None:
        self._paused[scope["client"][1]].append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def paused(self, socket: Socket) -> float:
        """The seconds that a socket was not read."""
        port: int = socket.connection.local_address[1]
        return sum(self._paused[port])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("collab.live.socket._now", lambda: clock.now)
    monkeypatch.setattr("collab.live.wire.rest", clock.rest)
    return clock


BREATH = 0.1
"""No pause is shorter: so much more than what is owed may be paused in the end."""


async def turned_away(socket: Socket) -> tuple[str, str]:
    """The code and the words of the error that stands before a close with 4429."""
    error = await socket.receive()
    assert error["type"] == "error", error
    assert await socket.closed() == (4429, error["message"])
    return error["code"], error["message"]


# How many


@pytest.mark.parametrize("kind", [ot_socket, plain_socket])
async def test_a_room_that_is_full_says_so_until_somebody_leaves(
    database_url: str, kind: Callable[[str], AbstractAsyncContextManager[Socket]]
) -> None:
    async with limited(database_url, sessions=2) as here:
        room_url = await here.room_url()
        async with ot_socket(room_url) as ann, AsyncExitStack() as bo_is_here:
            await ann.join("ann")
            bo = await bo_is_here.enter_async_context(ot_socket(room_url))
            await bo.join("bo")
            assert (await ann.receive())["type"] == "person"
            async with kind(room_url) as third:
                if kind is ot_socket:
                    await third.send("join", **person("cy"))
                code, words = await turned_away(third)
                assert code == "room_full"
                assert "the limit is 2 at once" in words
            await bo_is_here.aclose()
            assert (await ann.receive())["type"] == "left"
            async with ot_socket(room_url) as third:
                await third.join("cy")
            async with ot_socket(await here.room_url()) as elsewhere:
                await elsewhere.join("di")


async def test_a_server_opens_no_more_rooms_than_it_may(database_url: str) -> None:
    async with limited(database_url, rooms=1) as here:
        open_one, other = await here.room_url(), await here.room_url()
        async with ot_socket(open_one) as ann:
            await ann.join("ann")
            async with ot_socket(other) as bo:
                code, words = await turned_away(bo)
                assert code == "server_full"
                assert "the limit is 1 open rooms" in words
            async with ot_socket(open_one) as bo:
                await bo.join("bo")


async def test_an_address_has_no_more_sockets_than_it_may(database_url: str) -> None:
    async with limited(database_url, sockets_per_address=1) as here:
        room_url = await here.room_url()
        async with ot_socket(room_url) as ann:
            await ann.join("ann")
            async with ot_socket(room_url) as bo:
                code, words = await turned_away(bo)
                assert code == "too_many_sockets"
                assert words == "The limit is 1 open connections from your address."


async def test_rooms_are_made_no_faster_than_they_may_be(database_url: str) -> None:
    async with (
        limited(database_url, rooms_per_address=3) as here,
        httpx.AsyncClient(base_url=here.url, timeout=DEADLINE) as http,
    ):
        wrong = await http.post("/rooms", json={"language": "cobol"})
        assert wrong.status_code == 400
        assert [(await http.post("/rooms")).status_code for _ in range(3)] == [201] * 3
        # Who is not behind a proxy that we know cannot claim another address.
        answer = await http.post("/rooms", headers={"x-forwarded-for": "192.0.2.7"})
        assert answer.status_code == 429
        assert answer.json()["extra"] == {"code": "too_many_rooms"}
        wait = int(answer.headers["retry-after"])
        assert 1190 < wait <= 1200
        detail = answer.json()["detail"]
        assert detail.startswith("The limit is 3 new rooms an hour from your address.")
        assert str(wait) in detail


async def test_people_behind_a_proxy_are_counted_one_by_one(database_url: str) -> None:
    settings = Settings(
        port=0,
        database_url=database_url,
        trusted_proxies=("127.0.0.1",),
        limits=ServerLimits(rooms_per_address=1),
    )
    async with (
        serving(settings) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http,
    ):
        for client, status in (("192.0.2.7", 201), ("192.0.2.8", 201), ("192.0.2.7", 429)):
            answer = await http.post("/rooms", headers={"x-forwarded-for": client})
            assert answer.status_code == status


# How fast


async def pongs(socket: Socket, number: int) -> None:
    """Ask so many times at once, and hear every answer."""
    for _ in range(number):
        await socket.send("ping")
    for _ in range(number):
        assert (await socket.receive()) == {"type": "pong"}


async def test_who_sends_too_fast_is_read_more_slowly_and_loses_nothing(
    database_url: str, clock: Clock
) -> None:
    async with limited(database_url, operations=40) as here:
        room_url = await here.room_url()
        async with ot_socket(room_url) as hasty, ot_socket(room_url) as calm:
            assert (await hasty.join("hasty"))["limits"]["operations"] == 40
            await calm.join("calm")
            await hasty.receive()  # calm came
            # With the join, 81 messages may come at once to the pong of the last; the rest at forty
            # a second.
            await asyncio.gather(pongs(hasty, 121), pongs(calm, 10))
            assert 1 <= clock.paused(hasty) <= 1 + BREATH
            assert clock.paused(calm) == 0


async def test_bytes_are_counted_too_and_so_is_what_is_asked_for(
    database_url: str, clock: Clock
) -> None:
    async with limited(database_url, bytes=100_000) as here, here.socket() as socket:
        assert (await socket.join("ann"))["limits"]["bytes"] == 100_000
        await socket.submit(1, 1, "edit", "main", ["e" * 150_000])
        assert isinstance(await socket.receive(), list)
        await socket.send("read", file="main")
        assert (await socket.receive())["type"] == "text"
        assert 1 <= clock.paused(socket) <= 1 + BREATH


async def test_what_everybody_hears_costs_more(
    database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.live.socket._HEARERS", 0.25)
    async with limited(database_url, operations=40) as here, here.socket() as socket:
        await socket.join("ann")
        # Five each, eighty of which may come at once.
        for _ in range(24):
            await socket.send("presence", file=None, revision=1, selections=[])
        await socket.nothing_more()
        assert 1 <= clock.paused(socket) <= 1 + BREATH


@pytest.mark.parametrize("kind", ["join", "submit", "presence"])
async def test_a_past_that_is_read_for_somebody_costs_more(
    database_url: str, clock: Clock, kind: str
) -> None:
    async with (
        limited(database_url, operations=40) as here,
        here.old_socket(database_url) as socket,
    ):
        await socket.join("ann", **({"revision": 1} if kind == "join" else {}))
        if kind == "submit":
            await socket.submit(1, 1, "edit", "main", ["!"])
        if kind == "presence":
            await socket.send("presence", file="main", revision=1, selections=[[0, 0]])
        # 3000 entries are 120 messages, eighty of which may come at once.
        await socket.send("ping")
        while (answer := await socket.receive()) != {"type": "pong"}:
            assert isinstance(answer, list), answer
        assert 1 <= clock.paused(socket) <= 1 + 2 * BREATH


async def test_who_has_an_old_past_read_again_and_again_is_sent_away(database_url: str) -> None:
    async with limited(database_url, operations=40, patience=0.2, tail=1, remembered=1) as here:
        room_url = await here.old_room_url(database_url)
        async with ot_socket(room_url) as asking, OtClient(room_url, "calm") as calm:
            await asking.join("asking")
            # Fewer than may come at once, were each no more than a message.
            for _ in range(40):
                await asking.send("presence", file="main", revision=1, selections=[[0, 0]])
            heard = asyncio.create_task(error_of(asking))
            while not heard.done():
                # What has been read does not stay.
                await calm.type("x")
                await calm.settled()
            assert (await heard)["code"] == "too_fast"
            assert (await asking.closed())[0] == 4429


async def error_of(socket: Socket) -> Any:
    """The first error that comes, past whatever else does."""
    async with asyncio.timeout(DEADLINE):
        while isinstance(message := await socket.receive(), list) or message["type"] != "error":
            pass
    return message


async def test_who_comes_back_from_far_behind_is_not_slowed(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(DEBUG, "collab.live.socket")
    async with limited(database_url) as here:
        room_url = await here.room_url()
        async with OtClient(room_url, "ann") as ann:
            await ann.lose_connection()
            await ann.type("offline")
            await fill(database_url, room_url.rpartition("/")[2], head=1, count=40_000)
            await ann.connect()
            await ann.settled()
            await ann.type("!")
            await ann.settled()
        assert ann.revision == 40_003
    assert not [record for record in caplog.records if "slowed" in record.message]


async def test_who_comes_back_from_farther_still_has_the_answer_first_and_stays(
    database_url: str, clock: Clock
) -> None:
    async with (
        limited(database_url, operations=30, patience=0.2) as here,
        here.old_socket(database_url) as socket,
    ):
        await socket.join("ann", revision=1)
        assert clock.paused(socket) == 0
        await socket.submit(1, 3001, "edit", "main", ["!", 3000])
        await socket.send("presence", file=None, revision=3001, selections=[])
        assert isinstance(await socket.receive(), list)
        await socket.nothing_more()
        # 120 messages, sixty of which may come at once.
        assert 2 <= clock.paused(socket) <= 2 + 2 * BREATH


async def test_who_is_read_slowly_is_not_taken_for_dead(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unread: list[bool] = []
    timeout = WebSocketProtocol.keepalive_timeout

    def noted(protocol: WebSocketProtocol) -> None:
        unread.append(protocol.read_paused)
        timeout(protocol)

    monkeypatch.setattr(WebSocketProtocol, "keepalive_timeout", noted)
    limits = ServerLimits(operations=20)
    settings = Settings(port=0, database_url=database_url, limits=limits, heartbeat=0.2)
    async with serving(settings) as address, Here(address).socket() as socket:
        await socket.join("ann")
        # The pongs of the other side wait behind what it said before, for longer than a pong may.
        await pongs(socket, 70)
        assert unread
        assert all(unread)


async def test_a_message_that_is_too_large_is_told_by_its_limit(database_url: str) -> None:
    async with limited(database_url, text=100) as here, here.socket() as socket:
        assert (await socket.join("ann"))["limits"]["message"] == 66_136
        await socket.connection.send(["a" * 66_136, "a"])
        code, words = await socket.closed()
        assert code == 1009
        assert "66136" in words or "66,136" in words


async def test_who_goes_on_far_too_fast_is_sent_away(database_url: str) -> None:
    async with limited(database_url, operations=20, patience=0.5) as here:
        room_url = await here.room_url()
        async with ot_socket(room_url) as flooding, ot_socket(room_url) as calm:
            await flooding.join("flooding")
            await calm.join("calm")
            sending = asyncio.create_task(flood(flooding))
            # Two seconds' worth at once, and then at twenty a second.
            while (answer := await flooding.receive())["type"] != "error":
                assert answer["type"] in ("pong", "person")
            assert answer["code"] == "too_fast"
            assert "20 messages" in answer["message"]
            assert await flooding.closed() == (4429, answer["message"])
            await sending
            assert (await calm.receive())["type"] == "left"


async def flood(socket: Socket) -> None:
    """Ask and ask, until the connection is closed."""
    with suppress(ConnectionClosed):
        while True:
            await socket.send("ping")


async def test_who_waits_for_every_answer_is_only_slowed(database_url: str, clock: Clock) -> None:
    async with (
        limited(database_url, operations=20, patience=0.5) as here,
        here.socket() as socket,
    ):
        await socket.join("ann")
        for _ in range(70):
            await pongs(socket, 1)
        assert 1.5 <= clock.paused(socket) <= 1.5 + 2 * BREATH


async def test_nobody_is_slowed_who_types_as_fast_as_can_be(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(DEBUG, "collab.live.socket")
    async with limited(database_url) as here, AsyncExitStack() as stack:
        rooms = [await here.room_url() for _ in range(12)]
        people = [
            await stack.enter_async_context(OtClient(room, name * 16))
            for room in rooms
            for name in "ab"
        ]

        async def type_on(person: OtClient) -> None:
            loop = asyncio.get_running_loop()
            began = loop.time()
            for key in range(90):
                await asyncio.sleep(began + key / 60 - loop.time())
                await person.type("x")

        await asyncio.gather(*(type_on(person) for person in people))
        for person in people:
            await person.settled()
        assert not [record for record in caplog.records if "slowed" in record.message]


# How long


async def test_who_never_joins_is_sent_away(database_url: str) -> None:
    async with limited(database_url, join_within=0.5) as here:
        room_url = await here.room_url()
        async with (
            ot_socket(room_url) as joined,
            plain_socket(room_url) as plain,
            ot_socket(room_url) as silent,
        ):
            await joined.join("ann")
            await silent.send("ping")
            await silent.send("join", nonsense=1)
            assert (await silent.receive())["type"] == "pong"
            assert (await silent.receive())["code"] == "malformed"
            error = await silent.receive()
            assert error["code"] == "join_timeout"
            assert error["message"] == "No join came within 0.5 s."
            assert await silent.closed() == (4408, error["message"])
            # A plain client has nothing to say at first, and who has joined may be silent.
            assert (await plain.receive())["type"] == "init"
            await plain.connection.ping()
            await joined.nothing_more()


async def test_a_join_that_is_refused_does_not_end_the_wait_for_one(database_url: str) -> None:
    async with limited(database_url, join_within=0.5) as here, here.socket() as socket:
        await socket.send("join", **person("ann"), revision=99)
        assert (await socket.receive())["code"] == "unknown_revision"
        assert (await socket.receive())["code"] == "join_timeout"
        assert (await socket.closed())[0] == 4408


async def begin(socket: Socket, size: int) -> None:
    """Send the beginning of a message of so many bytes, all but the last."""
    socket.connection.transport.write(frame(b"#" * size, opcode=1)[:-1])


@pytest.mark.parametrize("pings", [False, True])
async def test_a_message_that_does_not_come_to_its_end_is_not_waited_for(
    database_url: str, pings: bool
) -> None:
    async with limited(database_url, request_within=1) as here, here.socket() as socket:
        await socket.join("ann")
        whole = frame(b"#" * 100, opcode=1, final=False)
        await (begin(socket, 100) if not pings else socket.connection.ping())
        if pings:
            # What is said between the fragments of a message does not bring it on.
            socket.connection.transport.write(whole + frame(b"", opcode=9) * 10)
        error = await socket.receive()
        assert error["code"] == "too_slow"
        assert "the limit is 1 s and then 4096 bytes a second" in error["message"]
        assert await socket.closed() == (4408, error["message"])


async def test_an_address_has_no_more_unfinished_than_it_may(database_url: str) -> None:
    # A whole message always fits: 6 * 1000 + 65,536.
    limits = ServerLimits(text=1000, held_per_address=1)
    # No ping, whose answer would stand within the message.
    settings = Settings(port=0, database_url=database_url, limits=limits, heartbeat=600)
    async with serving(settings) as address:
        room_url = await Here(address).room_url()
        async with ot_socket(room_url) as one, ot_socket(room_url) as two:
            await begin(one, 50_000)
            await begin(two, 50_000)
            heard = [asyncio.create_task(turned_away(socket)) for socket in (one, two)]
            async with asyncio.timeout(DEADLINE):
                done, still = await asyncio.wait(heard, return_when=asyncio.FIRST_COMPLETED)
            code, words = done.pop().result()
            assert code == "too_much_unfinished"
            assert "71536 bytes, the limit" in words
            for task in still:
                task.cancel()


async def test_a_dead_link_is_noticed_within_ten_seconds(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is given up when the pong of one ping does not come.
    config = Server(Settings(database_url=database_url)).config
    assert (config.ws_ping_interval or 0) + (config.ws_ping_timeout or 0) < 10
    pings: list[WebSocketProtocol] = []
    ping = WebSocketProtocol.send_keepalive_ping

    def noted(protocol: WebSocketProtocol) -> None:
        pings.append(protocol)
        ping(protocol)

    monkeypatch.setattr(WebSocketProtocol, "send_keepalive_ping", noted)
    settings = Settings(port=0, database_url=database_url, heartbeat=0.5)
    async with serving(settings) as address, Proxy(f"http://{address}") as link:
        here = Here(address)
        room_url = await here.room_url()
        async with ot_socket(room_url) as ann:
            await ann.join("ann")
            async with ot_socket(room_url.replace(address, link.url.removeprefix("http://"))) as bo:
                await bo.join("bo")
                assert (await ann.receive())["type"] == "person"
                link.stall()
                pings.clear()
                assert (await ann.receive())["type"] == "left"
                assert max(Counter(pings).values()) <= 2, "more than one had no answer"
                link.cut()
