"""Has programs wait for the server and for those who type.

A key that somebody types wakes a chain of processes: the server, PostgreSQL, the server again. Each
of them may find a program on the processor, and how long it then waits depends on three things:

- The slice. Who wakes takes the processor at once from a process with a longer slice than its own
  (since Linux 6.12); from others only at a tick of the clock, up to 4 ms later. The slice of a
  process is at most 3 ms unless it asks for another, so all slices here are longer.
- The share, which `nice` sets. Who has just used more than its share waits until the others have
  caught up, which takes the longer the more twenty programs weigh together.
- The session. Where the kernel shares the processor out among sessions (autogroup), `nice` counts
  only within one, and each session has a nice value of its own. A program may begin sessions, and
  write that value, so the watch writes it again at each look.
"""

from __future__ import annotations

import os
from contextlib import suppress

from collab.confining import kernel

_MS = 1_000_000
"""Nanoseconds."""


_PROCESSORS = os.sched_getaffinity(0)
_ALL_BUT_ONE = _PROCESSORS - {min(_PROCESSORS)} or _PROCESSORS


class Turn:
    """How a run takes turns with others: its nice value, its slice in milliseconds, and the
    processors that it may have."""

    def __init__(self, nice: int, slice_ms: int, processors: set[int] = _PROCESSORS) -> None:
        self.nice = nice
        self.slice_ms = slice_ms
        self.processors = processors


SOON = Turn(5, 6)
"""Of a program that has just started: most end before anybody notices them."""
CROWDED = Turn(19, 6, _ALL_BUT_ONE)
"""Of one that starts while more programs run than there are processors."""
LAST = Turn(19, 20, _ALL_BUT_ONE)
"""Of one that computes for long."""
AT_ONCE = Turn(0, 0)
"""Of one that is asked to stop: on a busy machine one that comes last would hear of it too late."""

_WARDEN_SLICE_MS = 4
"""The warden and what starts and watches runs: they wait for the server, and programs for them."""


def give(pids: list[int], turn: Turn) -> None:
    """Have these processes and all that they start take turns like this."""
    for pid in pids:
        with suppress(OSError):
            for thread in map(int, os.listdir(f"/proc/{pid}/task")):
                # A user who is not root cannot take a nice value back.
                with suppress(PermissionError):
                    os.setpriority(os.PRIO_PROCESS, thread, turn.nice)
                kernel.set_slice(thread, turn.slice_ms * _MS)
                os.sched_setaffinity(thread, turn.processors)
    hold(pids, turn)


def be_warden() -> None:
    """Have this process, and what it starts, go before programs and after the server."""
    kernel.set_slice(os.getpid(), _WARDEN_SLICE_MS * _MS)


def is_crowd(runs: int) -> bool:
    """Whether so many programs leave no processor to the server unless they are kept off one."""
    return runs > len(_PROCESSORS)


def go_along(turn: Turn) -> None:
    """Have this process, and what it starts, stay on the processors of the runs that it is for."""
    with suppress(OSError):
        os.sched_setaffinity(0, turn.processors)


def hold(pids: list[int], turn: Turn) -> None:
    """Have the sessions of these processes keep their nice value. For a user who is not root the
    kernel takes one such value in 100 ms, so some get it at a later look."""
    done = set()
    for pid in pids:
        # Not every kernel has sessions that share.
        with suppress(OSError, ValueError), open(f"/proc/{pid}/autogroup", "rb+", 0) as file:
            session, _, nice = file.read(64).split()
            if session not in done and int(nice) != turn.nice:
                file.write(b"%d" % turn.nice)
            done.add(session)
