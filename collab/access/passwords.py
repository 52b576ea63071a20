"""Checks passwords: argon2id, one at a time, in a process that gives way to everything else."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from unicodedata import normalize

from collab.access.hashing import HASHER
from collab.confining.environment import environment
from collab.errors import PeerError

SHORTEST, LONGEST = 8, 256
"""Code points of a password in NFC."""
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
        self._thread = ThreadPoolExecutor(1, "passwords")
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    async def hash(self, password: str) -> str:
        """Return what is kept of a password. Raises BadPassword and TooBusy."""
        return str(await self._do(check(password), None))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Return whether the password is the one. Takes as long where there is none to compare.

        Raises TooBusy.
        """
        try:
            plain = check(password)
        except BadPassword:
            return False  # whoever has an account knows a possible one
        return await self._do(plain, kept or _DUMMY) is True and kept is not None

    def is_old(self, kept: str) -> bool:
        """Return whether a password was hashed with other parameters than today's."""
        return HASHER.check_needs_rehash(kept)

    def close(self) -> None:
        """End what is under way. Whoever still waits for an answer gets an error."""
        self._closed = True
        if process := self._process:  # the thread may end it meanwhile
            process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._end()

    async def _do(self, password: str, kept: str | None) -> str | bool:
        if self._waiting >= self._most:
            raise TooBusy
        self._waiting += 1
        try:
            task = json.dumps({"password": password, "kept": kept}).encode() + b"\n"
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._ask, task)
        finally:
            self._waiting -= 1

    def _ask(self, task: bytes) -> str | bool:
        """Have the process do a task, and start it where it is not there, or is no more."""
        for _ in range(2):
            if self._closed:
                break
            process = self._process = self._process or _started()
            assert process.stdin
            assert process.stdout
            try:
                process.stdin.write(task)
                process.stdin.flush()
                if answer := process.stdout.readline():
                    found: str | bool = json.loads(answer)
                    return found
            except BrokenPipeError:
                pass
            self._end()
        raise RuntimeError("the process that checks passwords has ended without an answer")

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            with suppress(BrokenPipeError):  # a task that it has not read
                self._process.communicate()
            self._process = None


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


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "collab.access.hashing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        # Where the kernel shares the processor out among sessions, not that of the server.
        start_new_session=True,
    )
