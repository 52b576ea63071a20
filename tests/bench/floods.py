"""Floods, each from a process of its own at a low priority. So they slow others down only by
what the server does for them.

    python -m tests.bench.floods chat ROOM_URL PREFIX
    python -m tests.bench.floods signins SERVER_URL ACCOUNT

The process says when it is ready. A line of its input begins the flood, the next one ends it. Then
it prints how many of its requests were done, and how many refused.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import httpx
import uvloop

from tests.support.server import DEADLINE
from tests.support.talk import Talker, talking

TALKERS = 10
"""People who say 5 messages a second, which are kept: the limit of 20 a minute lets them in one
go."""
SHOUTERS = 5
"""People who say 20 a second, of which the first 20 are kept and all others refused."""
_NICE = 5
AT_ONCE = 16
"""Browsers that sign in, each with one try after the other."""


async def chat(url: str, prefix: str) -> Counter[bool]:
    """Everybody is in the room, and listens, before it begins."""
    async with AsyncExitStack() as stack:
        people = [
            await stack.enter_async_context(talking(url, f"{prefix}-{number}"))
            for number in range(TALKERS + SHOUTERS)
        ]
        hearing = [asyncio.create_task(_hear(talker)) for talker in people]
        await _flood(
            _say(talker, 0.2 if number < TALKERS else 0.05) for number, talker in enumerate(people)
        )
        await _end(hearing)
        told = [one["type"] for talker in people for one in talker.told]
        return Counter(kind == "said" for kind in told if kind in ("said", "unsaid"))


async def _say(talker: Talker, pause: float) -> None:
    for number in count():
        nonce = f"{talker.key[-32:]}-{number}"
        await talker.socket.send("say", nonce=nonce, text=f"flood {number}")
        await asyncio.sleep(pause)


async def _hear(talker: Talker) -> None:
    while True:
        message = await talker.socket.receive()
        if isinstance(message, dict):
            talker.take(message)


async def signins(url: str, account: str) -> Counter[bool]:
    """Passwords that are wrong. They count as done when they were compared."""
    answers: Counter[bool] = Counter()
    async with httpx.AsyncClient(base_url=url, timeout=DEADLINE) as http:

        async def tries() -> None:
            while True:
                body = {"name": account, "password": "guessed again"}
                answer = await http.post("/auth/signin", json=body)
                assert answer.status_code in (401, 429), answer.text
                answers[answer.status_code == 401] += 1

        await _flood(tries() for _ in range(AT_ONCE))
    return answers


async def _flood(parts: Iterable[Coroutine[None, None, None]]) -> None:
    """Say that all is ready, run the parts when told to, and end them when told again."""
    await _line("ready")
    _give_way()
    tasks = [asyncio.create_task(part) for part in parts]
    await _line("begun")
    await _end(tasks)


async def _line(words: str) -> None:
    """Say where this is, and wait to be told to go on."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


class Flood:
    """A flood in its own process, which has not begun."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def begin(self) -> None:
        await self._go_on()
        assert await self.read() == "begun\n"

    async def end(self) -> tuple[int, int]:
        """Returns how many requests were done, and how many refused."""
        await self._go_on()
        done, refused = (await self.read()).split()
        return int(done), int(refused)

    async def read(self) -> str:
        assert self._process.stdout
        return (await self._process.stdout.readline()).decode()

    async def _go_on(self) -> None:
        assert self._process.stdin
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()


@asynccontextmanager
async def flooding(kind: str, url: str, name: str) -> AsyncIterator[Flood]:
    """A flood that is ready. `kind` is `chat` or `signins`; `url` and `name` are as above."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.floods", kind, url, name),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    flood = Flood(process)
    try:
        assert await flood.read() == "ready\n"
        yield flood
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def main(kind: str, url: str, name: str) -> None:
    counts = uvloop.run({"chat": chat, "signins": signins}[kind](url, name))
    sys.stdout.write(f"{counts[True]} {counts[False]}\n")


def _give_way() -> None:
    os.nice(_NICE)
    with suppress(OSError):  # where the kernel shares the processor out among sessions
        Path("/proc/self/autogroup").write_text(str(_NICE))


if __name__ == "__main__":
    main(*sys.argv[1:])
