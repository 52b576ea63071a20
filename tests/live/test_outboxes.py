"""The server cuts off peers when too much waits for all peers of a process."""

from __future__ import annotations

import asyncio

import pytest

from collab.live.outboxes import Outboxes
from tests.support.server import DEADLINE


class Peer:
    """A peer that does not read. It is `gone` when it is cut off."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    def cut_off(self) -> None:
        self.gone.set()


async def test_the_peer_for_which_most_waits_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collab.live.outboxes._GRACE", 0.0)
    outboxes = Outboxes(100)
    worst, other, last = Peer(), Peer(), Peer()
    outboxes.hold(worst, 60)
    outboxes.hold(other, 40)
    assert not worst.gone.is_set()
    outboxes.hold(last, 10)
    assert worst.gone.is_set()
    assert not other.gone.is_set()
    assert not last.gone.is_set()
    assert outboxes.total == 50


async def test_what_the_network_has_taken_is_not_counted_any_more() -> None:
    outboxes = Outboxes(100)
    peer = Peer()
    for _ in range(10):
        outboxes.hold(peer, 90)
        outboxes.hold(peer, 0)
    assert outboxes.total == 0
    assert not peer.gone.is_set()


async def test_a_peer_has_a_moment_to_take_what_waits() -> None:
    outboxes = Outboxes(100)
    quick, slow = Peer(), Peer()
    outboxes.hold(quick, 90)
    outboxes.hold(slow, 80)
    assert not quick.gone.is_set()
    outboxes.hold(quick, 0)
    outboxes.hold(quick, 90)
    async with asyncio.timeout(DEADLINE):
        await asyncio.wait(
            [asyncio.create_task(peer.gone.wait()) for peer in (quick, slow)],
            return_when=asyncio.FIRST_COMPLETED,
        )
    assert slow.gone.is_set() != quick.gone.is_set()
    assert outboxes.total <= 100
