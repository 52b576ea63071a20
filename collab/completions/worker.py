"""Gets suggestions from a separate process, and kills it when it takes too long.

The process shares no interpreter with the rooms, so no typing waits for it. If a text makes it run
forever or take too much memory, only that question gets no answer; the next one starts a new
process.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from logging import getLogger

from msgspec import msgpack

from collab.completions.providers import Question, Suggestion
from collab.confining.environment import environment

_LOG = getLogger(__name__)
_START = 30.0
"""Seconds that a process may take until it is ready."""
_decoder = msgpack.Decoder(list[Suggestion])


class Worker:
    """Runs the provider in `module` by `collab.completions.work`, one question at a time.

    A caller waits for at most `patience` seconds and then gets no suggestions. A question for which
    no caller waits any more is not asked. The process starts at the first question, and is killed
    if it takes `limit` seconds for one.
    """

    def __init__(self, module: str, *, patience: float, limit: float) -> None:
        self._module = module
        self._patience = patience
        self._limit = limit
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._tasks: set[asyncio.Task[list[Suggestion]]] = set()

    async def suggest(self, question: Question) -> Sequence[Suggestion]:
        until = asyncio.get_running_loop().time() + self._patience
        task = asyncio.create_task(self._ask(question, until))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait({task}, timeout=self._patience)
        return task.result() if task.done() else []

    async def close(self) -> None:
        """End the process and the waiting questions."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._kill()

    async def _ask(self, question: Question, until: float) -> list[Suggestion]:
        async with self._turn:
            try:
                process = await self._started()
                if asyncio.get_running_loop().time() > until:
                    return []
                async with asyncio.timeout(self._limit):
                    return await _exchange(process, msgpack.encode(question))
            except TimeoutError:
                _LOG.warning("%s took more than %s s and was stopped", self._module, self._limit)
            except (OSError, EOFError) as error:
                _LOG.warning("%s ended: %r", self._module, error)
            await self._kill()
            return []

    async def _started(self) -> Process:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "collab.completions.work"),
                *(self._module, str(self._limit)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                cwd="/",
                env=environment(),
            )
            async with asyncio.timeout(_START):
                assert self._process.stdout
                await self._process.stdout.readexactly(1)
        return self._process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _exchange(process: Process, question: bytes) -> list[Suggestion]:
    assert process.stdin
    assert process.stdout
    process.stdin.write(len(question).to_bytes(4) + question)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(4))
    return _decoder.decode(await process.stdout.readexactly(length))
