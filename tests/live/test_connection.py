"""The sending half of a socket, against a network that takes what the test lets it take."""

from __future__ import annotations

import asyncio

from collab.live.addresses import Account
from collab.live.connection import Connection
from collab.live.limits import ServerLimits
from collab.live.traffic import Traffic
from collab.live.wire import Frame, Goodbye, frame
from collab.protocol import UserJoined
from collab.room.session import OtSession

FRAMES = [frame(UserJoined(count)) for count in range(4)]


class Network:
    """Both ways out of a connection. At once only while it is not `full`."""

    def __init__(self) -> None:
        self.full = False
        self.sent: list[str] = []

    def write(self, frame: Frame | Goodbye) -> bool:
        assert isinstance(frame, Frame)
        if not self.full:
            self.sent.append(frame.json.decode())
        return not self.full

    async def send_text(self, data: str) -> None:
        await asyncio.sleep(0)
        self.sent.append(data)

    async def has_sent(self, count: int) -> None:
        while len(self.sent) < count:  # noqa: ASYNC110
            await asyncio.sleep(0)

    async def close(self, code: int, reason: str) -> None:
        self.sent.append(f"{code} {reason}")


def connect(network: Network, most_frames: int = 10, most_bytes: int = 1000) -> Connection:
    limits = ServerLimits(outbox=most_frames, outbox_bytes=most_bytes)
    account = Account(limits, 0)
    session = OtSession("c", "p", "Ann", 0)
    return Connection(network, network.write, session, Traffic(limits), account)


async def test_frames_go_out_at_once_while_the_network_takes_them() -> None:
    network = Network()
    connect(network, most_frames=1).put(FRAMES)
    assert network.sent == [frame.json.decode() for frame in FRAMES]


async def test_a_frame_that_waits_is_never_overtaken() -> None:
    network = Network()
    connection = connect(network)
    network.full = True
    connection.put(FRAMES[:1])
    network.full = False
    connection.put(FRAMES[1:2])
    running = asyncio.create_task(connection.run())
    while not network.sent:
        connection.put(FRAMES[2:3])
        await asyncio.sleep(0)
    connection.session.closing = (1012, "bye")
    connection.put([])
    await running
    first, second, *others, last = network.sent
    assert [first, second, last] == [*(f.json.decode() for f in FRAMES[:2]), "1012 bye"]
    assert set(others) == {FRAMES[2].json.decode()}


async def test_a_reader_too_slow_is_closed_and_told_the_limit() -> None:
    network = Network()
    network.full = True
    connection = connect(network, most_frames=3)
    connection.put(FRAMES)
    await connection.run()
    assert network.sent == [FRAMES[0].json.decode(), "4413 4 messages wait; the limit is 3"]


async def test_a_reader_for_whom_too_many_bytes_wait_is_closed_and_told_the_limit() -> None:
    network = Network()
    network.full = True
    size = len(FRAMES[0].json)
    connection = connect(network, most_bytes=2 * size)
    connection.put(FRAMES)
    await connection.run()
    closed = f"4413 more than {2 * size} bytes wait, the limit"
    assert network.sent == [FRAMES[0].json.decode(), closed]


async def test_one_frame_may_be_of_any_size_and_what_was_sent_waits_no_more() -> None:
    network = Network()
    network.full = True
    size = len(FRAMES[0].json)
    connection = connect(network, most_bytes=size)
    running = asyncio.create_task(connection.run())
    for number in range(3):
        connection.put(FRAMES[number : number + 1])
        await network.has_sent(number)
    await network.has_sent(3)
    assert connection.session.closing is None
    running.cancel()
