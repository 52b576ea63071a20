"""Lets `initdb` run as a uid that has no entry in the system's list of users.

Containers often run as such a uid. `initdb` asks for the name of its user and ends if there is
none, though it does not need the name (Collab gives --username); no option changes that. So this
module makes a small library whose `getpwuid` returns a name, and `initdb` loads it before its
others. The library is made in memory, since there may be no compiler and no folder from which
programs may be loaded.

Its format is that of https://gabi.xinuos.com, with the relocations of each processor's supplement.
"""

from __future__ import annotations

import os
import platform
import pwd
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NAME = b"postgres\0"
_DATA = 0x10000
"""The offset of writable data: the largest page that these processors have."""
_PASSWD = _DATA + 9 * 16
"""The offset of `struct passwd`, after nine entries of the dynamic section."""
_STRING = _PASSWD + 48
# A function that returns _PASSWD, at 0x1000; the machine's number; its relative relocation.
_PROCESSORS = {
    "x86_64": (b"\x48\x8d\x05" + struct.pack("<i", _PASSWD - 0x1007) + b"\xc3", 62, 8),
    "aarch64": (
        # adrp x0, #0xf000; add x0, x0, #0x90; ret
        struct.pack("<3I", 0xF0000060, 0x91000000 | 0x90 << 10, 0xD65F03C0),
        183,
        1027,
    ),
}


@contextmanager
def named(uid: int) -> Iterator[tuple[dict[str, str], tuple[int, ...]]]:
    """Yield the environment and the descriptors with which a program finds a name for this user.

    Both are empty if the system knows the user, or if there is no library for this processor.
    """
    processor = _PROCESSORS.get(platform.machine())
    if sys.platform != "linux" or processor is None or _is_known(uid):
        yield {}, ()
        return
    descriptor = os.memfd_create("getpwuid", 0)
    try:
        os.write(descriptor, _library(*processor))
        yield {"LD_PRELOAD": f"/proc/self/fd/{descriptor}"}, (descriptor,)
    finally:
        os.close(descriptor)


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _library(code: bytes, machine: int, relative: int) -> bytes:
    """An ELF shared object that exports `getpwuid`."""
    strings = b"\0getpwuid\0"
    symbols = bytes(24) + struct.pack("<IBBHQQ", 1, 0x12, 0, 1, 0x1000, len(code))
    hashed = struct.pack("<5I", 1, 2, 1, 0, 0)  # one bucket, which has the one symbol
    # All five texts of struct passwd are the same one.
    pointers = [_PASSWD + offset for offset in (0, 8, 24, 32, 40)]
    relocations = b"".join(struct.pack("<QQQ", at, relative, _STRING) for at in pointers)
    places, tables = {}, b""
    for name, table in (("hash", hashed), ("sym", symbols), ("rela", relocations)):
        tables += bytes(-len(tables) % 8)
        places[name] = 0x200 + len(tables)
        tables += table
    places["str"] = 0x200 + len(tables)
    tables += strings
    dynamic = struct.pack(
        "<18Q",
        *(4, places["hash"], 5, places["str"], 6, places["sym"], 10, len(strings), 11, 24),
        *(7, places["rela"], 8, len(relocations), 9, 24, 0, 0),
    )
    data = dynamic + bytes(48) + _NAME
    end = 0x1000 + len(code)
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 4, 0, 0, 0)
    segments = b"".join(
        struct.pack("<IIQQQQQQ", kind, flags, at, at, at, size, size, align)
        for kind, flags, at, size, align in (
            (1, 5, 0, end, _DATA),  # loaded: to read and to run
            (1, 6, _DATA, len(data), _DATA),  # loaded: to read and to write
            (2, 6, _DATA, len(dynamic), 8),  # the dynamic section
            (0x6474E551, 6, 0, 0, 16),  # a stack that cannot be run
        )
    )
    text = (header + segments).ljust(0x200, b"\0") + tables
    return (text.ljust(0x1000, b"\0") + code).ljust(_DATA, b"\0") + data
