"""One run of ours, from its claim to its end."""

from __future__ import annotations

import asyncio
import os
from codecs import getincrementaldecoder
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from logging import getLogger
from typing import TypeVar
from uuid import UUID

from msgspec import json

from collab.changes.run import Run
from collab.errors import LogError, LogUnavailable
from collab.live.contents import media_type
from collab.room.log import Log
from collab.runs.in_page import PageProgram
from collab.runs.ladder import Ground
from collab.runs.options import RunLimits
from collab.runs.outputs import Outputs
from collab.runs.programs import REPORTS, Ended, Program, SandboxFailed, Written
from collab.runs.reports import Report, Reports, Tally, picture_type
from collab.runs.source import (
    NotRunnable,
    Setup,
    Source,
    order_of,
    setup_of,
    source_of,
    state_at,
)
from collab.runs.store import (
    INPUT,
    PICTURE,
    STDERR,
    STDOUT,
    TEST,
    Chunk,
    Part,
    Row,
    RunStore,
    Typed,
)
from collab.store.blobs import Blobs

T = TypeVar("T")
AnyProgram = Program | PageProgram

_LOG = getLogger(__name__)
_PAUSE = 0.5
"""Seconds after which a database that does not answer is asked again."""
_READ = 65_536
_LONGEST_TEST = 256 * 1024
"""Bytes of the JSON of the largest result of a test."""
_IMAGE = "image/"


class Running:
    """A run that this process owns.

    `starts` has a place for each program that may start at the same time. `wrote` is called with
    what it has written to the database: its row, None if it is not ours any more, and the chunk of
    output. `in_page` is called to have the page of who asked for it run it.
    """

    def __init__(
        self,
        room_id: UUID,
        revision: int,
        owner: str,
        change: Run,
        store: RunStore,
        limits: RunLimits,
        starts: asyncio.Semaphore,
        wrote: Callable[[Row | None, Chunk | None], None],
        in_page: Callable[[], PageProgram],
    ) -> None:
        self._ours = (room_id, revision, owner)
        self._change = change
        self._store = store
        self._limits = limits
        self._starts = starts
        self._wrote = wrote
        self._in_page = in_page
        self._looks = asyncio.Event()
        self._outputs = Outputs(self._write)
        self._printed = 0
        self._typed = 0
        self._written = self._files = 0
        """Bytes and number of the files of the run that are kept."""
        self._tally = None if change.options.tests is None else Tally()
        self._program: AnyProgram | None = None
        self._stopped = asyncio.Event()
        """Set where it is to end before its program has started."""

    def look(self) -> None:
        """Look for input now: there may be some."""
        self._looks.set()

    def stop(self) -> None:
        """Stop the program, at once or as soon as it has started."""
        if self._program:
            self._program.stop()
        else:
            self._stopped.set()

    def give_up(self) -> None:
        """The run is not ours any more: end its program."""
        if self._program:
            self._program.kill("lost")
        else:
            self._stopped.set()

    async def claim(self, author: str) -> bool:
        """Become the owner of the run; False if another process is."""
        claim = partial(self._store.claim, *self._ours, author, self._change)
        return await self._keep(claim) is not None

    async def run(self, ground: Ground, log: Log, blobs: Blobs, *, refused: str = "") -> None:
        """Run it to its end, and keep what it prints. `refused` are words why it may not start."""
        ended = Ended("refused")
        words: str | None = refused or None
        try:
            if not refused:
                ended = await self._play(ground, log, blobs)
        except NotRunnable as error:
            words = str(error)
        except SandboxFailed as error:
            ended, words = Ended("failed"), f"The sandbox does not start: {error}"
        words = words or self._words(ended.reason)
        await self._keep(partial(self._store.end, *self._ours, ended, words, self._tally))

    async def _play(self, ground: Ground, log: Log, blobs: Blobs) -> Ended:
        async with AsyncExitStack() as start:
            if ground.programs and not await start.enter_async_context(self._turn()):
                return Ended("stopped")
            return await self._play_now(ground, log, blobs, start)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[bool]:
        """Hold a place among those that start. Yields False where somebody stops the run before it
        has one."""
        place = asyncio.create_task(self._starts.acquire())
        stopping = asyncio.create_task(self._stopped.wait())
        try:
            await asyncio.wait([place, stopping], return_when=asyncio.FIRST_COMPLETED)
            yield place.done()
        finally:
            stopping.cancel()
            if not place.cancel():
                self._starts.release()

    async def _play_now(
        self, ground: Ground, log: Log, blobs: Blobs, start: AsyncExitStack
    ) -> Ended:
        """Start the program, which ends `start`, and attend to it."""
        room_id, revision, _ = self._ours
        options = self._change.options
        state = await self._patiently(lambda: state_at(log, room_id, options.at or revision))
        source = source_of(state, self._change.file, ground, self._limits)
        setup = setup_of(state, options, self._limits)
        program = self._program = await self._start(source, setup, ground, blobs)
        try:
            how = (source.path, ground.rung, self._tally)
            await self._keep(partial(self._store.start, *self._ours, *how))
            if self._stopped.is_set():
                program.stop()
            if (stdin := setup.stdin) is not None:
                await self._patiently(lambda: self._store.give(room_id, revision, stdin))
                program.write(stdin.encode())
                program.end_input()
            return await self._attend(program, start)
        finally:
            program.close()

    async def _start(
        self, source: Source, setup: Setup, ground: Ground, blobs: Blobs
    ) -> AnyProgram:
        if ground.programs is None:
            if setup.tests is not None and source.language != "python":
                words = (
                    "Tests in JavaScript need Node, which a browser has not: they run where the"
                    " server has a sandbox."
                )
                raise NotRunnable("not_runnable", words)
            return self._in_page()
        order = await order_of(source, setup, ground, self._limits, blobs, self._ours[0])
        try:
            return await ground.programs.start(order)
        finally:
            os.close(order.files)

    async def _attend(self, program: AnyProgram, start: AsyncExitStack) -> Ended:
        """Read, write and watch a program until it has ended and all it printed is kept. Ends
        `start` once it runs."""
        keeping = asyncio.create_task(self._outputs.keep())
        typing = asyncio.create_task(self._take_input(program))
        reading = [
            asyncio.create_task(self._read(program, await program.read(stream), stream))
            for stream in (STDOUT, STDERR)
        ]
        reading.append(asyncio.create_task(self._hear(program, await program.read(REPORTS))))
        try:
            ended = await self._watch(program, start)
            await asyncio.gather(*reading)
            await self._take_files(program.written())
            self._outputs.end()
            await keeping
        finally:
            for task in (keeping, typing, *reading):
                task.cancel()
            await asyncio.gather(keeping, typing, *reading, return_exceptions=True)
        return ended

    async def _watch(self, program: AnyProgram, start: AsyncExitStack) -> Ended:
        async for event in program.events():
            await start.aclose()
            if isinstance(event, Ended):
                return event
            if (waiting := event.get("waiting")) is not None:
                with suppress(LogError):
                    self._wrote(await self._store.wait(*self._ours, waiting=waiting), None)
        raise AssertionError("a program ends")

    # What it prints, reports and writes

    async def _read(self, program: AnyProgram, reader: asyncio.StreamReader, stream: int) -> None:
        decoder = getincrementaldecoder("utf-8")("replace")
        while data := await reader.read(_READ):
            left = self._limits.output - self._printed
            self._printed += len(data)
            self._outputs.add((stream, decoder.decode(data[:left]).replace("\0", "")))
            if len(data) > left:
                program.kill("output")
                break
            await self._outputs.room()
        self._outputs.add((stream, decoder.decode(b"", final=True)))
        await _pass_over(reader)

    async def _hear(self, program: AnyProgram, reader: asyncio.StreamReader) -> None:
        """Take pictures and tests, as many as fit into the limits of output and of files. The tests
        count as output, the pictures as files."""
        longest = 2 * self._limits.written + _LONGEST_TEST
        left = self._limits.output + longest
        reports = Reports(longest)
        while data := await reader.read(_READ):
            for report in reports.take(data):
                await self._take_report(report)
            if self._printed > self._limits.output:
                program.kill("output")
            left -= len(data)
            if left < 0 or reports.too_long:
                program.shut(REPORTS)
                return
            await self._outputs.room()

    async def _take_report(self, report: Report) -> None:
        if report.test and self._tally:
            text = json.encode(report.test).decode().replace("\\u0000", "")
            self._printed += len(text)
            self._tally = self._tally.with_(report.test)
            self._outputs.add((TEST, text))
        if image := report.image():
            path = f"Figure {self._files + 1}{_ending(media_type(image))}"
            await self._take_files([Written(path, len(image), image)])

    async def _take_files(self, files: list[Written]) -> None:
        """Keep files, as many as may be. Images are shown between what is printed."""
        taken: list[Written] = []
        for file in files:
            if self._files == self._limits.written_files:
                break
            self._files += 1
            body = file.body
            if body is None or self._written + len(body) > self._limits.written:
                taken.append(Written(file.path, file.size, None))
                continue
            self._written += len(body)
            taken.append(file)
        if not taken:
            return
        await self._patiently(lambda: self._store.keep(*self._ours, taken))
        for file in taken:
            if file.body and (kind := picture_type(file.path, file.body)):
                self._outputs.add((PICTURE, file.path, kind))

    async def _write(self, n: int, at_ms: int, parts: list[Part]) -> None:
        await self._keep(partial(self._store.write, *self._ours, n, at_ms, parts), (n, parts))

    # What people type

    async def _take_input(self, program: AnyProgram) -> None:
        room_id, revision, _ = self._ours
        while True:
            await self._looks.wait()
            self._looks.clear()
            with suppress(LogError):
                for typed in await self._store.take(room_id, revision):
                    self._give(program, typed)

    def _give(self, program: AnyProgram, typed: Typed) -> None:
        match typed.kind:
            case "stop":
                program.stop()
            case "end":
                program.end_input()
            case _:
                self._typed += len(typed.body)
                if self._typed <= self._limits.input:
                    self._outputs.add((INPUT, typed.body, typed.author))
                    program.write(typed.body.encode())

    async def _keep(
        self, write: Callable[[], Awaitable[Row | None]], chunk: Chunk | None = None
    ) -> Row | None:
        """Write to the database until it answers, and tell what it answers."""
        row = await self._patiently(write)
        self._wrote(row, chunk)
        return row

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask the database until it answers."""
        while True:
            try:
                return await ask()
            except LogUnavailable as error:
                _LOG.warning("run %s waits for the database: %s", self._ours[1], error)
                await asyncio.sleep(_PAUSE)

    def _words(self, reason: str) -> str | None:
        """The words for a run that a limit has ended."""
        limits = self._limits
        return {
            "memory": f"stopped: {limits.memory >> 20} MiB of memory",
            "cpu": f"stopped: {limits.cpu} s of CPU",
            "time": f"stopped: {limits.time:g} s",
            "disk": f"stopped: {limits.disk >> 20} MiB in {limits.files} files",
            "output": f"stopped: {limits.output >> 10} KiB of output",
            "lost": "lost: its sandbox has ended",
        }.get(reason)


async def _pass_over(reader: asyncio.StreamReader) -> None:
    """Throw away what is printed after the limit."""
    while await reader.read(_READ):
        pass


def _ending(kind: str) -> str:
    return f".{kind.removeprefix(_IMAGE)}" if kind.startswith(_IMAGE) else ""
