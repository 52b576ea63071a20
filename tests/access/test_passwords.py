"""The process that checks passwords."""

import os
import sys
from pathlib import Path

import pytest

from collab.access.passwords import Passwords

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


async def test_passwords_are_checked_by_a_process_that_gives_way_and_is_started_again() -> None:
    passwords = Passwords(1)
    try:
        kept = await passwords.hash(PASSWORD)
        first = _the_process()
        assert os.getpriority(os.PRIO_PROCESS, first) == 5
        assert os.getsid(first) == first
        os.kill(first, 9)
        assert await passwords.verify(kept, PASSWORD)
        assert _the_process() != first
        assert not await passwords.verify(kept, PASSWORD + "!")
        assert not await passwords.verify(None, PASSWORD)
    finally:
        passwords.close()


def _the_process() -> int:
    """The child of this process that checks passwords."""
    children = "".join(
        thread.read_text() for thread in Path("/proc/self/task").glob("*/children")
    ).split()
    (found,) = (
        int(child)
        for child in children
        if b"collab.access.hashing" in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    return found
