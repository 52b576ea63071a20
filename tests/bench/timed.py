"""`python -m collab`, which notes how long each callback of its event loop takes.

It writes a line to the file that COLLAB_TIMED names for each callback that took a millisecond of
processor time or more, and each half second for all of them: when, how long, and what it was.
Processor time of the thread is the same on a busy machine as on a quiet one.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from asyncio import Handle
from math import inf
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from uvicorn import config

_LONG = 0.001
_EACH = 0.5
_ALL = "all"
_COLLECTION = "collection"


class Note(NamedTuple):
    """`took` seconds of processor time until `at`, of `time.monotonic`."""

    at: float
    took: float
    what: str


def read(file: Path) -> list[Note]:
    """Return the notes that a server has written until now."""
    lines = [line.split(" ", 2) for line in file.read_text().splitlines()]
    return [Note(float(at), float(took), what) for at, took, what in lines]


def longest(notes: list[Note], since: float, until: float = inf) -> Note:
    """The callback that took longest."""
    found = [note for note in notes if since <= note.at <= until and note.what != _ALL]
    return max(found, key=lambda note: note.took, default=Note(since, 0.0, "none"))


def share(notes: list[Note], since: float, until: float) -> float:
    """Return the share of the time in which the loop was busy, in processor time."""
    found = [note for note in notes if since <= note.at <= until and note.what == _ALL]
    span = found[-1].at - found[0].at if len(found) > 1 else 0.0
    return sum(note.took for note in found[1:]) / span if span else 0.0


def _note_callbacks(file: Path) -> None:
    config.LOOP_FACTORIES["uvloop"] = config.LOOP_FACTORIES["asyncio"]  # uvloop's cannot be timed
    out = file.open("w", buffering=1)
    run = Handle._run
    sums = [time.monotonic(), 0.0]

    def timed(handle: Any) -> None:
        began = time.thread_time()
        what = handle._callback
        run(handle)
        took = time.thread_time() - began
        sums[1] += took
        now = time.monotonic()
        if took >= _LONG:
            out.write(f"{now} {took} {_name(what)}\n")
        if now - sums[0] >= _EACH:
            out.write(f"{now} {sums[1]} {_ALL}\n")
            sums[:] = [now, 0.0]

    Handle._run = timed  # type: ignore[method-assign, assignment]
    _note_collections(out)


def _note_collections(out: TextIO) -> None:
    """Note long collections of garbage, in whatever thread: all others wait for them."""
    began = 0.0

    def note(phase: str, info: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.thread_time()
        elif (took := time.thread_time() - began) >= _LONG:
            out.write(f"{time.monotonic()} {took} {_COLLECTION} {info['generation']}\n")

    gc.callbacks.append(note)


def _name(callback: Any) -> str:
    task: Any = getattr(callback, "__self__", None)
    coroutine = task.get_coro() if hasattr(task, "get_coro") else None
    return getattr(coroutine or callback, "__qualname__", "") or type(callback).__name__


if __name__ == "__main__":
    _note_callbacks(Path(os.environ["COLLAB_TIMED"]))
    sys.argv[0] = "collab"
    from collab.cli import main

    main()
