"""What stands in for asyncio's Queue and Event in a socket."""

from __future__ import annotations

import asyncio

from collab.live.inbox import Gate, Inbox


async def test_messages_come_in_their_order_and_a_reader_waits_for_the_next() -> None:
    inbox = Inbox()
    inbox.put_nowait(1)
    inbox.put_nowait(2)
    assert (inbox.qsize(), inbox.empty()) == (2, False)
    assert [await inbox.get(), await inbox.get()] == [1, 2]
    reader = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    assert not reader.done()
    inbox.put_nowait(3)
    inbox.put_nowait(4)
    assert (await reader, inbox.qsize()) == (3, 1)


async def test_a_reader_that_is_cancelled_takes_nothing() -> None:
    inbox = Inbox()
    reader = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.put_nowait(1)
    reader.cancel()
    await asyncio.wait([reader])
    assert await inbox.get() == 1


async def test_a_gate_holds_back_all_who_come_while_it_is_shut() -> None:
    gate = Gate()
    assert gate.is_set()
    await gate.wait()
    gate.clear()
    waiting = [asyncio.create_task(gate.wait()) for _ in range(2)]
    await asyncio.sleep(0)
    assert not gate.is_set()
    assert not any(task.done() for task in waiting)
    gate.set()
    await asyncio.gather(*waiting)
    assert gate.is_set()
