"""Finds the edit from one revision of a text to another, forward or back."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from msgspec import Struct

from collab.history.historian import Historian, Written
from collab.protocol import FileId
from ot import Operation, compose_all


class Step(Struct):
    """An edit from one revision of a text to another, with who wrote what it inserts.

    `runs` are `(number of a burst, characters)` of all that the operation inserts, from its start.
    `written` has the bursts.
    """

    operation: Operation
    runs: list[tuple[int, int]]
    written: Written


async def step(
    historian: Historian, room_id: UUID, file: FileId, start: int, end: int
) -> Step | None:
    """Compute the edit that leads from a text at `start` to the same text at `end`, which may be
    earlier. None where nothing was done to it between."""
    done = await historian.between(room_id, file, min(start, end), max(start, end))
    if not done:
        return None
    operation = await asyncio.to_thread(compose_all, done)
    if end < start:
        text = await historian.text(room_id, file, end)
        operation = operation.invert(text)
    if operation.is_noop():
        return None
    written = await historian.written(room_id, file, end, whole=False)
    runs = await asyncio.to_thread(inserted_runs, operation, written.runs)
    return Step(operation, runs, written)


def inserted_runs(operation: Operation, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the runs of the text that an operation inserts. `runs` are those of its result.

    Neighbours of one burst are joined.
    """
    found: list[tuple[int, int]] = []
    rest = iter(runs)
    burst = left = 0
    c: Any
    for c in operation.components:
        inserts = isinstance(c, str)
        count = len(c) if inserts else max(c, 0)
        while count:
            if not left:
                burst, left = next(rest)
            taken = min(count, left)
            if inserts:
                if found and found[-1][0] == burst:
                    found[-1] = (burst, found[-1][1] + taken)
                else:
                    found.append((burst, taken))
            count, left = count - taken, left - taken
    return found
