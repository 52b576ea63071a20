"""Hashes and compares passwords in a process of its own, which gives way to everything else.

    python -P -m collab.access.hashing

Each line that it reads is a task as JSON, `{"password": …, "kept": …}`: `kept` is what the
password is compared with, null where it is to be hashed. It answers each with a line of JSON: true
or false, or what is to be kept of the password. It ends when its input does, and when it has had
nothing to do for a while.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The parameters that OWASP recommends for one thread: 19 MiB, 2 passes.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_IDLE = 300
"""Seconds without a task after which the process ends."""
_NICE, _SLICE = 5, 20_000_000
"""The priority of the process, a third of others': with less, nobody could sign in on a machine
that is busy with something else. And the nanoseconds after which it gives way to its equals:
whoever has a shorter slice, as all others do, takes the processor from it at once."""


def main() -> None:
    _give_way()
    alarm = getattr(signal, "alarm", lambda _seconds: None)  # not every system has it
    while True:
        alarm(_IDLE)
        line = sys.stdin.buffer.readline()
        alarm(0)
        if not line:
            return
        began = time.perf_counter()
        sys.stdout.write(json.dumps(_do(json.loads(line))) + "\n")
        sys.stdout.flush()
        # Whoever comes next waits as long again, so a flood takes half of a processor at most.
        time.sleep(time.perf_counter() - began)


def _do(task: dict[str, Any]) -> str | bool:
    password, kept = task["password"], task["kept"]
    if kept is None:
        return HASHER.hash(password)
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def _give_way() -> None:
    """Take the processor from nobody who wakes. Where the kernel shares it out among sessions
    first, the same goes for this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "linux":
        return
    from collab.confining import kernel  # noqa: PLC0415

    os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICE))
    with suppress(OSError):  # where a filter of system calls does not know it
        kernel.set_slice(0, _SLICE)


if __name__ == "__main__":
    main()
