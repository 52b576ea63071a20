"""Checks passwords: argon2id, one at a time, in a thread that gives way to everything else."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from collab.errors import PeerError

T = TypeVar("T")

SHORTEST, LONGEST = 8, 256
"""Code points of a password in NFC."""
_NICE, _SLICE = 19, 20_000_000
"""The priority of the thread, and the nanoseconds after which it gives way to its equals: whoever
has a shorter slice, as all others do, takes the processor from it at once. See
`collab.confining.kernel`."""
# The parameters that OWASP recommends for one thread: 19 MiB, 2 passes.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Of a password that nobody has, with these parameters, so that verifying takes as long with it.
_DUMMY = (
    "$argon2id$v=19$m=19456,t=2,p=1$HbPicw3CT9uAZSQDgvIOCQ"
    "$JkHbYs1eDPH3W3QtXZ2IP/P3OMzkJWTzpmynKYZ7SnM"
)


class BadPassword(Exception):
    """A password that nobody can have, with words."""


class TooBusy(PeerError):
    """More passwords wait to be checked than the limit allows."""

    def __init__(self) -> None:
        super().__init__("busy", "Too many people are signing in. Try again in 2 s.")


class Passwords:
    """Checks at most `waiting` passwords at once; the others are told to come again."""

    def __init__(self, waiting: int) -> None:
        self._most = waiting
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, "passwords", initializer=_give_way)

    async def hash(self, password: str) -> str:
        """Return what is kept of a password. Raises BadPassword and TooBusy."""
        return await self._do(_HASHER.hash, check(password))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Return whether the password is the one. Takes as long where there is none to compare.

        Raises TooBusy.
        """
        try:
            plain = check(password)
        except BadPassword:
            return False  # whoever has an account knows a possible one
        return await self._do(_verify, kept, plain)

    def is_old(self, kept: str) -> bool:
        """Return whether a password was hashed with other parameters than today's."""
        return _HASHER.check_needs_rehash(kept)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _do(self, work: Callable[..., T], *arguments: Any) -> T:
        if self._waiting >= self._most:
            raise TooBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        finally:
            self._waiting -= 1


def check(password: str) -> str:
    """Return a password in NFC, so that all keyboards write the same one. Raises BadPassword."""
    if len(password) > 4 * LONGEST:
        raise BadPassword(f"A password has at most {LONGEST} characters.")
    plain = normalize("NFC", password)
    if len(plain) < SHORTEST:
        raise BadPassword(f"A password has at least {SHORTEST} characters.")
    if len(plain) > LONGEST:
        raise BadPassword(f"A password has at most {LONGEST} characters.")
    return plain


def _verify(kept: str | None, password: str) -> bool:
    try:
        _HASHER.verify(kept or _DUMMY, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return kept is not None


def _give_way() -> None:
    if sys.platform == "linux":  # where a thread has a priority of its own
        from collab.confining import kernel  # noqa: PLC0415

        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, _NICE)
        with suppress(OSError):  # where a filter of system calls does not know it
            kernel.set_slice(thread, _SLICE)
