"""The cost of messages beyond their own bytes, and the handling of messages that cannot be
decoded.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from collab.live.addresses import Account
from collab.live.extension import NOTHING
from collab.live.limits import ServerLimits
from collab.live.pace import Pace
from collab.live.shape import TooManyParts
from collab.live.socket import _malformed, _more, _read
from collab.protocol import CodeUpdate, Submit
from tests.live.acting import ROOM, a_hub, a_log, come
from tests.room.acting import a_room, edit, plain


def test_a_whole_text_costs_its_length_once_more() -> None:
    assert _more(CodeUpdate("x" * 5000), a_room()) == (0, 5000)


def test_a_change_costs_more_the_more_plain_clients_are_told_of_it() -> None:
    room = a_room()
    assert _more(Submit(1, 1, edit("x")), room) == (0, 0)
    for number in range(8):
        plain(room, f"pat{number}")
    assert _more(Submit(1, 1, edit("x")), room) == (2, 0)
    assert _more(CodeUpdate(""), room) == (2, 0)


@pytest.mark.parametrize(
    ("beginning", "seq", "code"),
    [
        ('{"type": "submit", "seq": 7, ', 7, "invalid_operation"),
        (' {"type":"submit","seq":7,', 7, "invalid_operation"),
        ('{"seq": 7, "type": "submit", ', None, "malformed"),
        ('{"type": "read", "seq": 7, ', None, "malformed"),
    ],
)
def test_of_a_large_message_only_the_beginning_is_looked_at(
    beginning: str, seq: int | None, code: str
) -> None:
    # What follows is no JSON, which nobody finds out.
    error = _malformed(beginning + "[" * 1_000_000, TooManyParts("It has too many parts"))
    assert (error.seq, error.code) == (seq, code)
    assert error.message == "Malformed message: It has too many parts"


class Poured:
    """The socket of a peer all of whose messages have come already."""

    def __init__(self, *messages: str) -> None:
        self.scope: dict[str, Any] = {}
        self._events = [{"type": "websocket.receive", "text": message} for message in messages]

    async def receive(self) -> dict[str, str]:
        return self._events.pop(0) if self._events else {"type": "websocket.disconnect"}


async def test_others_have_a_turn_between_two_long_answers() -> None:
    limits = ServerLimits(bytes=0, bytes_per_address=0)
    async with a_hub(a_log("x" * 600_000)) as hub, hub.room(ROOM) as host:
        assert host
        ann = await come(host, "ann")
        ann.frames.clear()
        seen = set()

        async def look() -> None:
            while True:
                seen.add(len(ann.frames))
                await asyncio.sleep(0)

        looking = asyncio.create_task(look())
        poured: Any = Poured(*['{"type": "read", "file": "main"}'] * 3)
        pace = Pace(limits, Account(limits, 0), 0)
        await _read(poured, host, ann.session, None, pace, NOTHING)
        looking.cancel()
        assert seen >= {1, 2, 3}
