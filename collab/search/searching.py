"""Searches texts in a process of its own, which shares no interpreter with the rooms.

A pattern that makes it spin or swell costs its author the answer, and nobody else anything: it
gives way to the server, has limits of time and memory, and is killed when nobody listens any more.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress

from msgspec import msgpack

from collab.confining.environment import environment
from collab.search.finder import BadQuery
from collab.search.messages import Answer, Batch, Chosen, Done, Job, Refused, Stopped

_PATIENCE = 120.0
"""Seconds that the process may be silent. It ends itself sooner, by limits of its own."""
_BATCH = 256 * 1024
"""Code points after which a batch of texts ends."""
_TOO_LARGE = "The patterns take more memory to read than there is for them."
_answer: msgpack.Decoder[Answer] = msgpack.Decoder(Answer)

Texts = Callable[[int], Awaitable[str]]
"""Gives the text of the file at a place in the list of paths."""


async def search(job: Job, text_of: Texts) -> AsyncGenerator[Answer]:
    """Yield `Chosen`, then what is found, and at the end `Stopped` or the last `Done`.

    Raises BadQuery before anything else.
    """
    begun = False
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "collab.search.work"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd="/",
        env=environment(),
    )
    try:
        await _tell(process, job)
        first = await _heard(process)
        if isinstance(first, Refused):
            raise BadQuery(first.key, first.words)
        assert isinstance(first, Chosen)
        begun = True
        yield first
        last: Answer = Done(empty=False)
        async for batch in _batches(first.files, text_of):
            await _tell(process, batch)
            while not isinstance(last := await _heard(process), Done):
                yield last
                if isinstance(last, Stopped):
                    return
        yield last
    except (TimeoutError, EOFError, ConnectionError) as error:
        if not begun:
            raise BadQuery("query", _TOO_LARGE) from error
        yield Stopped("memory")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _batches(files: Sequence[int], text_of: Texts) -> AsyncGenerator[Batch]:
    batch: Batch = []
    size = 0
    for file in files:
        text = await text_of(file)
        batch.append((file, text))
        size += len(text)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


async def _tell(process: Process, message: Job | Batch) -> None:
    assert process.stdin
    encoded = msgpack.encode(message)
    process.stdin.write(len(encoded).to_bytes(4) + encoded)
    async with asyncio.timeout(_PATIENCE):
        await process.stdin.drain()


async def _heard(process: Process) -> Answer:
    assert process.stdout
    async with asyncio.timeout(_PATIENCE):
        length = int.from_bytes(await process.stdout.readexactly(4))
        return _answer.decode(await process.stdout.readexactly(length))
