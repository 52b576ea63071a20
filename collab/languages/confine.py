"""What the process of a language server runs first: it confines itself, and becomes the server.

    python -P -m collab.languages.confine ORDER

`ORDER` is the JSON of an `Order`. What a stranger's text makes the server do is then held by the
kernel. It reads its own files and those of the one folder, and no other file of the machine. It
writes no file, starts no program, and has no socket, hence no network. Its memory and its time on
the processor are bounded, and it gives way to the server of rooms. It ends with its parent.
"""

from __future__ import annotations

import os
import platform
import resource
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from collab.confining import kernel, seccomp
from collab.confining.syscalls import NUMBERS

_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
_NICE = 5


class Order(msgspec.Struct, frozen=True):
    """What to become, and within which limits."""

    argv: Sequence[str]
    folder: str
    visible: Sequence[str]
    """Files and folders that the server reads besides `folder`."""
    memory: int
    """Bytes of address space."""
    seconds: int
    """Seconds on the processor."""
    environment: dict[str, str]


def can() -> str:
    """Return "" when this machine can confine a server, and else what it lacks, in words."""
    if sys.platform != "linux":
        return "language servers are confined by Landlock, which Linux alone has"
    if platform.machine() not in NUMBERS:
        return f"language servers cannot be confined on {platform.machine()}"
    if not kernel.landlock_version():
        return "language servers are confined by Landlock, which this kernel does not have"
    return ""


def main(order: Order) -> None:
    """Confine this process and become the server. Raises OSError where the kernel cannot."""
    kernel.end_with_parent(signal.SIGKILL)
    os.nice(_NICE)
    for what, most in (
        (resource.RLIMIT_AS, order.memory),
        (resource.RLIMIT_CPU, order.seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError):  # a lower limit holds already
            resource.setrlimit(what, (most, most))
    program = order.argv[0]
    kernel.landlock(
        [
            (program, kernel.READ | kernel.EXECUTE),
            (order.folder, kernel.READ | kernel.LIST),
            *((path, kernel.READ | kernel.LIST) for path in order.visible),
            *((path, kernel.READ | kernel.LIST | kernel.EXECUTE) for path in _LIBRARIES),
            *((path, kernel.READ | kernel.WRITE) for path in _DEVICES),
        ]
    )
    kernel.filter_calls(seccomp.program(platform.machine(), apart=False))
    os.execve(program, list(order.argv), order.environment)  # noqa: S606 - there is no shell


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Order))
