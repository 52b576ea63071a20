"""The calls to the kernel that Python has no function for."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS, _PR_SET_CHILD_SUBREAPER = 38, 36
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}

EXECUTE, WRITE, READ, LIST = 1, 2, 4, 8
_TRUNCATE, _REFER, _IOCTL = 1 << 14, 1 << 13, 1 << 15
_OF_FILES = EXECUTE | WRITE | READ | _TRUNCATE | _IOCTL
LOOK = EXECUTE | READ | LIST
_MAKE = 0x1FF0 & ~(1 << 6 | 1 << 11)
"""Removing, and making everything that is no device."""
CHANGE = LOOK | WRITE | _MAKE | _REFER | _TRUNCATE
_ALL = ((1 << 13) - 1, _REFER, _TRUNCATE, 0, _IOCTL)
"""The rights that each version of Landlock has added."""
_TCP = 3
_SIGNALS_AND_ABSTRACT_SOCKETS = 3

_libc = ctypes.CDLL(None, use_errno=True)


class Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def _check(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def adopt_orphans() -> None:
    """Become the parent of all descendants whose own parent ends."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def end_with_parent(signal: int) -> None:
    """Have the kernel send this process a signal when its parent ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0))


def set_slice(thread: int, nanoseconds: int) -> None:
    """Set how long a thread, and what it starts, computes before others have their turn; 0 for the
    kernel's own. Kernels before 6.12 have no slices, and take the call for nothing."""
    if number := _SCHED_SETATTR.get(os.uname().machine):
        nice = os.getpriority(os.PRIO_PROCESS, thread)
        attributes = struct.pack("=IIQiIQQQ", 48, 0, 0, nice, 0, nanoseconds, 0, 0)
        _check(_libc.syscall(number, thread, attributes, 0))


def forbid_privileges() -> None:
    """Let no setuid file give this process or its children anything, ever."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def filter_calls(program: bytes) -> None:
    """Have the kernel judge each system call from here on."""
    judge = Filter(len(program) // 8, program)
    _check(_libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(judge), 0, 0))


def landlock_version() -> int:
    """The version of Landlock that the kernel has; 0 if it has none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)))


def landlock(allowed: Iterable[tuple[str, int]]) -> None:
    """Leave this process only these rights, each below a path; nothing of TCP; no signal to a
    process outside. Raises OSError where the kernel cannot."""
    version = landlock_version()
    handled = 0
    for rights in _ALL[:version]:
        handled |= rights
    attributes = struct.pack(
        "=QQQ",
        handled,
        _TCP if version >= 4 else 0,
        _SIGNALS_AND_ABSTRACT_SOCKETS if version >= 6 else 0,
    )[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _check(_libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0))
    for path, rights in allowed:
        try:
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        fitting = handled if os.path.isdir(path) else handled & _OF_FILES
        rule = struct.pack("=Qi", rights & fitting, opened)
        _check(_libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0))
        os.close(opened)
    forbid_privileges()
    _check(_libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
