"""The filter of system calls: an allow list of ours, as the BPF program that the kernel runs.

A call that is not in the list answers ENOSYS, as in a kernel that does not have it, so that
libraries fall back to what they did before there was such a call. Some calls are looked at:

- `clone` may make no namespace. `clone3` hides its flags in memory, so it does not exist here.
- `mmap` makes no shared memory without a file, which no limit of the process counts.
- `socket` opens the families that a network namespace keeps apart; on a rung without one, none.
- `setsockopt` leaves the sizes of buffers alone, and says that it has changed them: large ones
  would keep memory of the kernel that nothing counts.
- `ioctl`, `fcntl` and `prctl` have short lists of their own. So there is no TIOCSTI, no larger
  pipe, no signal by way of a descriptor, no other seccomp or memory map.
- `prlimit64` and `setpriority` reach the calling process only.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator, Sequence

from collab.confining.syscalls import NUMBERS

_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERRNO = 0x00050000
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
"""From this number on, x86-64 takes calls of another kind, whose numbers mean other things."""

_LOAD, _JUMP_EQUAL, _JUMP_ABOVE, _JUMP_SET, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

_NEW_NAMESPACES = 0x7E020000
"""The flags of `clone` that make namespaces: mount, cgroup, uts, ipc, user, pid, net."""
_SHARED_ANONYMOUS = 0x21
_IOCTLS = (0x5401, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX"""
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032, 1034)
"""Duplicates, flags, locks, and how large a pipe is."""
_PRCTLS = (1, 2, 3, 4, 15, 16, 23, 29, 30, 38, 39, 0x53564D41)
"""The signal at a parent's death, names, timer slack, no_new_privs, and questions."""
_LOCAL, _INTERNET, _INTERNET_6 = 1, 2, 10
_STREAM, _SEQUENCED = 1, 5
_SOL_SOCKET = 1
_BUFFER_SIZES = (7, 8, 32, 33)
_SOCKET_FILTERS = (26, 50, 51, 52)
_MODES = [
    "chmod",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "utime",
    "utimes",
    "utimensat",
    "futimesat",
]
"""The calls that change whose a file is, or its mode or times. Landlock knows none of them."""
_XATTRS = [
    "getxattr",
    "lgetxattr",
    "fgetxattr",
    "listxattr",
    "llistxattr",
    "flistxattr",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
]
_WATCHES = ["inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch"]
_CONNECTING = ["connect", "bind", "listen", "accept", "accept4"]

_Code = tuple[int, int, int, int]


def program(machine: str, *, apart: bool) -> bytes:
    """The filter as an array of `struct sock_filter`.

    `apart` says that the sandbox has a network and a file system of its own. Without them a program
    gets no socket but pairs, and calls that change the mode or owner of a file do nothing.
    Raises KeyError for a machine that has no table of calls.
    """
    code: list[_Code] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        _answer(_KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_ABOVE, 0, 1, _X32),
        _answer(_KILL),
    ]
    numbers = NUMBERS[machine]
    bodies = _bodies(apart=apart)
    for name, number in numbers.items():
        body = bodies.get(name, [_answer(_ALLOW)])
        code += [(_JUMP_EQUAL, 0, len(body), number), *body]
    code.append(_refuse(errno.ENOSYS))
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def _bodies(*, apart: bool) -> dict[str, list[_Code]]:
    """Return the rules of the calls that are neither allowed nor refused in general."""
    bodies = {
        "clone": _without(0, _NEW_NAMESPACES, errno.EPERM),
        "mmap": [
            _argument(3),
            (_AND, 0, 0, _SHARED_ANONYMOUS),
            (_JUMP_EQUAL, 0, 1, _SHARED_ANONYMOUS),
            _refuse(errno.EPERM),
            _answer(_ALLOW),
        ],
        "ioctl": _only(1, _IOCTLS, errno.ENOTTY),
        "fcntl": _only(1, _FCNTLS, errno.EINVAL),
        "prctl": _only(0, _PRCTLS, errno.EINVAL),
        "prlimit64": _only(0, [0], errno.EPERM),
        "setpriority": [
            _argument(0),
            (_JUMP_EQUAL, 1, 0, 0),
            _refuse(errno.EPERM),
            *_only(1, [0], errno.EPERM),
        ],
        "setsockopt": [
            _argument(1),
            (_JUMP_EQUAL, 1, 0, _SOL_SOCKET),
            _answer(_ALLOW),
            _argument(2),
            *_each(_BUFFER_SIZES, _pretend()),
            *_each(_SOCKET_FILTERS, _refuse(errno.EPERM)),
            _answer(_ALLOW),
        ],
        **{name: [_refuse(errno.ENOTSUP)] for name in _XATTRS},
    }
    if apart:
        bodies["socket"] = _only(0, [_LOCAL, _INTERNET, _INTERNET_6], errno.EAFNOSUPPORT)
    else:
        bodies["socket"] = [_refuse(errno.EAFNOSUPPORT)]
        # A pair of datagram sockets could send to any other one.
        bodies["socketpair"] = [
            _argument(1),
            (_AND, 0, 0, 0xF),
            *_each([_STREAM, _SEQUENCED], _answer(_ALLOW)),
            _refuse(errno.EAFNOSUPPORT),
        ]
        bodies |= {name: [_refuse(errno.EACCES)] for name in _CONNECTING}
        bodies |= {name: [_pretend()] for name in _MODES}
        bodies |= {name: [_refuse(errno.ENOSYS)] for name in _WATCHES}
    return bodies


def _argument(index: int) -> _Code:
    """Load the lower half of an argument. What is looked at here has no more."""
    return (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * index)


def _answer(value: int) -> _Code:
    return (_RETURN, 0, 0, value)


def _refuse(number: int) -> _Code:
    return _answer(_ERRNO | number)


def _pretend() -> _Code:
    """Say that the call has been made, and do nothing."""
    return _answer(_ERRNO)


def _each(values: Sequence[int], answer: _Code) -> Iterator[_Code]:
    for value in values:
        yield (_JUMP_EQUAL, 0, 1, value)
        yield answer


def _only(index: int, values: Sequence[int], otherwise: int) -> list[_Code]:
    return [_argument(index), *_each(values, _answer(_ALLOW)), _refuse(otherwise)]


def _without(index: int, flags: int, otherwise: int) -> list[_Code]:
    return [
        _argument(index),
        (_JUMP_SET, 0, 1, flags),
        _refuse(otherwise),
        _answer(_ALLOW),
    ]
