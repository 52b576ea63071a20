"""The use of a run, as the watch adds it up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from collab.runs.sandbox import watch
from tests.support.pidfds import Pidfds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is of Linux")
MIB = 1 << 20
HOLDS = f"""
import os, time
kept = b"x" * {40 * MIB}
for _ in range(3):
    if os.fork() == 0:
        break
print("on", flush=True)
time.sleep(600)
"""


@pytest.fixture
def forks() -> Iterator[subprocess.Popen[str]]:
    """A process with 40 MiB, and three forks of it, which share them."""
    command = [sys.executable, "-I", "-S", "-c", HOLDS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(4):
            assert process.stdout.readline() == "on\n"
        yield process
        for pid in watch.descendants(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.kill()


def test_pages_that_forks_share_count_once(forks: subprocess.Popen[str]) -> None:
    use = watch.measure([forks.pid, *watch.descendants(forks.pid)], [], apart=True)
    assert use.memory > 160 * MIB
    watch.share_memory(use)
    assert 40 * MIB < use.memory < 100 * MIB


async def test_what_ends_between_two_looks_uses_nothing(forks: subprocess.Popen[str]) -> None:
    children = watch.descendants(forks.pid)
    use = watch.measure(children, [], apart=True)
    assert use.memory > 120 * MIB
    left = Pidfds(children)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    # They are zombies then, of which the parent has not heard.
    await left.gone()
    watch.share_memory(use)
    assert use.memory < 4 * MIB
