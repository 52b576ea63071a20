"""`/rooms/{room_id}/runs`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException, NotFoundException, TooManyRequestsException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import json
from msgspec.structs import replace

from collab.changes.run import MOST_INPUT, Options, Run
from collab.live.contents import SANDBOXED, headers_of, media_type
from collab.live.hub import Hub
from collab.live.permits import no_room, parse_room_id
from collab.live.programs import Reader, room_to_change
from collab.room.log import Log
from collab.room.state import State
from collab.runs.following import wait
from collab.runs.frame import FRAME, FRAME_HEADERS
from collab.runs.reports import Result
from collab.runs.schemas import (
    GroundBody,
    InputBody,
    OutputBody,
    RunBody,
    SourceBody,
    StartRun,
    WrittenBody,
    ground_body,
    input_body,
    output_body,
    run_body,
    source_body,
    written_body,
)
from collab.runs.service import Runs
from collab.runs.source import NotRunnable, entry_of, setup_of, source_of, state_at
from collab.runs.store import TEST, Row, Typed
from collab.runs.testing import pytest_archive

Asked = Request[Any, Any, Any]
_STATUS = {"runs_off": 503, "runs_in_page": 409, "unknown_file": 404, "room_too_large": 413}
_EVENTS = "text/event-stream"
_OF_PYTEST = {"content-security-policy": SANDBOXED, "cache-control": "private, max-age=3600"}


class GroundController(Controller):
    path = "/runs"
    tags = ("runs",)

    @get(summary="Read whether programs can be run")
    async def ground(self, runs: NamedDependency[Runs]) -> GroundBody:
        """In which sandbox, and in which languages; or why not."""
        return ground_body(await runs.ground())


class FrameController(Controller):
    path = "/runs/frame"
    include_in_schema = False

    @get()
    async def frame(self) -> Response[str]:
        """Answer with the frame in which a page runs programs."""
        return Response(FRAME, media_type="text/html", headers=FRAME_HEADERS)


class PytestController(Controller):
    path = "/runs/pytest"
    include_in_schema = False

    @get()
    async def pytest(self) -> Response[bytes]:
        """Answer with the archive of pytest for a page that runs tests."""
        archive = await asyncio.to_thread(pytest_archive)
        return Response(archive, media_type="application/zip", headers=_OF_PYTEST)


class RunsController(Controller):
    path = "/rooms/{room_id:str}/runs"
    tags = ("runs",)

    @post(
        summary="Run the program of a room",
        raises=[NotFoundException, TooManyRequestsException],
        opt={"may": "run"},
    )
    async def start(
        self,
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        runs: NamedDependency[Runs],
        room_id: FromPath[str],
        data: JSONBody[StartRun],
    ) -> RunBody:
        """Run a file with the room's files beside it, as they are now. Everybody in the room sees
        what it prints, may type its input, and may stop it."""
        state = await reader.room(room_id, data.revision)
        change = await _change(runs, room_id, state, data)
        ground = await runs.ground()
        if ground.in_page:
            raise _refused(NotRunnable("runs_in_page", ground.words))
        try:
            source_of(state, change.file, ground, runs.limits)
            setup_of(state, change.options, runs.limits)
        except NotRunnable as error:
            raise _refused(error) from error
        if words := runs.active_here(UUID(room_id)):
            raise TooManyRequestsException(words, extra={"code": "too_many_runs"})
        async with room_to_change(hub, reader, room_id) as host:
            revision, pause = await host.visit(
                reader.visitor(),
                host.room.state.revision,
                change,
                lambda state: state.revision,
            )
        if pause:
            await reader.rest(min(pause, 5.0))
        row = await runs.following.claimed((UUID(room_id), revision))
        return run_body(row) if row else RunBody(revision, "starting", reader.asker.name)

    @get(
        summary="List the runs of a room, the newest first",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def list_runs(
        self, log: NamedDependency[Log], runs: NamedDependency[Runs], room_id: FromPath[str]
    ) -> list[RunBody]:
        """The runs of late, with how each has ended."""
        known = await _known_room(log, room_id)
        return [run_body(row) for row in await runs.store.newest(known, 50)]

    @get("/{run:int}", summary="Read how a run is", raises=[NotFoundException], opt={"may": "read"})
    async def read(
        self, runs: NamedDependency[Runs], room_id: FromPath[str], run: FromPath[int]
    ) -> RunBody:
        """How it is now, or how it ended."""
        return run_body(await _row(runs, room_id, run))

    @get(
        "/{run:int}/output",
        summary="Read what a run printed",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def output(
        self,
        request: Asked,
        runs: NamedDependency[Runs],
        room_id: FromPath[str],
        run: FromPath[int],
    ) -> Response[list[OutputBody]] | Stream:
        """All of it so far; as it comes, to who accepts `text/event-stream`."""
        row = await _row(runs, room_id, run)
        if _EVENTS in request.headers.get("accept", ""):
            return Stream(_events(runs, UUID(room_id), run), media_type=_EVENTS)
        if row.dropped:
            raise _dropped()
        chunks = runs.store.chunks(UUID(room_id), run)
        return Response([output_body(n, part) async for n, chunk in chunks for part in chunk])

    @get(
        "/{run:int}/source",
        summary="Read what a run runs",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def source(
        self,
        log: NamedDependency[Log],
        runs: NamedDependency[Runs],
        room_id: FromPath[str],
        run: FromPath[int],
    ) -> SourceBody:
        """The program and the files that it has beside it. A page that runs it reads this."""
        row = await _row(runs, room_id, run)
        state = await state_at(log, UUID(room_id), row.options.at or run)
        try:
            source = source_of(state, row.file or "", await runs.ground(), runs.limits)
            return source_body(source, setup_of(state, row.options, runs.limits), runs.limits)
        except NotRunnable as error:
            raise _refused(error) from error

    @get(
        "/{run:int}/tests",
        summary="Read the results of tests",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def tests(
        self, runs: NamedDependency[Runs], room_id: FromPath[str], run: FromPath[int]
    ) -> list[Result]:
        """How each test went, in the order in which they ended."""
        row = await _row(runs, room_id, run)
        if row.dropped:
            raise _dropped()
        chunks = runs.store.chunks(UUID(room_id), run)
        return [
            json.decode(part[1], type=Result)
            async for _, chunk in chunks
            for part in chunk
            if part[0] == TEST
        ]

    @get(
        "/{run:int}/files",
        summary="List the files that a run wrote",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def files(
        self, runs: NamedDependency[Runs], room_id: FromPath[str], run: FromPath[int]
    ) -> list[WrittenBody]:
        """The files that were not there before it, or are different, and its figures; once it has
        ended."""
        row = await _row(runs, room_id, run)
        if row.dropped:
            raise _dropped()
        return [written_body(file) for file in await runs.store.files(UUID(room_id), run)]

    @get(
        "/{run:int}/files/{file_path:path}",
        summary="Read a file that a run wrote",
        responses={200: ResponseSpec(bytes, media_type="*/*", description="The content.")},
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def file(
        self,
        runs: NamedDependency[Runs],
        room_id: FromPath[str],
        run: FromPath[int],
        file_path: FromPath[str],
    ) -> Response[bytes]:
        """Its bytes: an image as an image, all else to be stored."""
        row = await _row(runs, room_id, run)
        if row.dropped:
            raise _dropped()
        path = file_path.lstrip("/")
        file = await runs.store.file(UUID(room_id), run, path) if "\0" not in path else None
        if file is None or file.body is None:
            reason = "is too large to be kept" if file else "was not written by this run"
            code = "not_kept" if file else "unknown_file"
            raise NotFoundException(f"The file {path} {reason}.", extra={"code": code})
        kind = media_type(file.body)
        headers = {**headers_of(kind, file.size, path.rpartition("/")[2])}
        headers["content-security-policy"] = SANDBOXED
        return Response(file.body, media_type=kind, headers=headers)

    @get(
        "/{run:int}/input",
        summary="Read the input of a run",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def recorded_input(
        self, runs: NamedDependency[Runs], room_id: FromPath[str], run: FromPath[int]
    ) -> InputBody:
        """All that it was given, or that people typed, as it came."""
        row = await _row(runs, room_id, run)
        return await _recorded(runs, UUID(room_id), row)

    @delete(
        "/{run:int}",
        summary="Stop a run",
        status_code=200,
        raises=[NotFoundException],
        opt={"may": "run"},
    )
    async def stop(
        self,
        reader: NamedDependency[Reader],
        runs: NamedDependency[Runs],
        room_id: FromPath[str],
        run: FromPath[int],
    ) -> RunBody:
        """Ask the program to stop, and kill it where it does not at once. Answers how the run is
        then: it may not have ended yet."""
        await _row(runs, room_id, run)
        typed = Typed(reader.asker.name, "stop", "")
        await runs.type(UUID(room_id), run, f"rest-{uuid4()}", 0, typed)
        return run_body(await _row(runs, room_id, run))


async def _change(runs: Runs, room_id: str, state: State, data: StartRun) -> Run:
    """Make the change that a request asks for. Raises NotFoundException and HTTPException."""
    file, options = entry_of(state), Options()
    if data.repeat is not None:
        row = await _row(runs, room_id, data.repeat)
        recorded = await _recorded(runs, UUID(room_id), row)
        if len(recorded.text) > MOST_INPUT:
            words = f"The run was given more than {MOST_INPUT} characters of input."
            raise HTTPException(words, status_code=413, extra={"code": "input_too_large"})
        file = row.file or file
        options = replace(row.options, at=None, stdin=recorded.text)
    if data.path is not None:
        found = state.tree.find(data.path.strip("/"))
        if found is None:
            words = f"There is no file {data.path} in this room."
            raise NotFoundException(words, extra={"code": "unknown_file"})
        file = found
    asked = {
        "args": data.args,
        "stdin": data.stdin,
        "at": data.revision,
        "tests": data.tests,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return Run(file, replace(options, **given))


def _refused(error: NotRunnable) -> HTTPException:
    status = _STATUS.get(error.code, 422)
    return HTTPException(str(error), status_code=status, extra={"code": error.code})


async def _recorded(runs: Runs, room_id: UUID, row: Row) -> InputBody:
    if row.dropped:
        raise _dropped()
    return input_body(await runs.store.typed(room_id, row.revision))


def _dropped() -> HTTPException:
    return HTTPException(
        "Its output is not kept any more: run it again.",
        status_code=410,
        extra={"code": "output_dropped"},
    )


async def _known_room(log: Log, room_id: str) -> UUID:
    known = parse_room_id(room_id)
    if known is None or known not in await log.heads([known]):
        raise no_room()
    return known


async def _row(runs: Runs, room_id: str, run: int) -> Row:
    known = parse_room_id(room_id)
    row = await runs.store.one(known, run) if known and 0 < run < 2**53 else None
    if row is None:
        words = f"There is no run {run} in this room."
        raise NotFoundException(words, extra={"code": "unknown_run"})
    return row


async def _events(runs: Runs, room_id: UUID, run: int) -> AsyncIterator[bytes]:
    """The pieces of output as they come, and at last how the run ended."""
    after = 0
    while True:
        news = runs.following.news((room_id, run))
        row = await runs.store.one(room_id, run)
        async for n, chunk in runs.store.chunks(room_id, run, after):
            after = n
            for part in chunk:
                yield b"data: " + json.encode(output_body(n, part)) + b"\n\n"
        if row is None or row.state == "ended":
            if row:
                yield b"event: ended\ndata: " + json.encode(run_body(row)) + b"\n\n"
            return
        await wait(news)
