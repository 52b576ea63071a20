"""`/rooms/{room_id}/history`, and the other routes of a room's past."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Literal
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from msgspec import Raw, json

from collab.history import heat
from collab.history.asking import (
    After,
    At,
    Buckets,
    End,
    Form,
    Limit,
    OneFile,
    Start,
    find,
    find_then,
)
from collab.history.chapters import CHAPTER
from collab.history.differing import Difference, counts, differences, living_path
from collab.history.differing import patch as patch_of
from collab.history.historian import Historian
from collab.history.schemas import (
    BlameBody,
    DiffBody,
    DifferenceBody,
    EntriesBody,
    EntryBody,
    HistoryBody,
    NodeBody,
    StepBody,
    TreeBody,
)
from collab.history.stepping import step
from collab.live.lines import NDJSON
from collab.live.programs import Moment, Reader, no_revision
from collab.protocol import encoder
from collab.room.state import Entry
from ot import Operation

_A_MOMENT = 1000
"""An address pays for so many characters of a difference as for one entry of the log."""


class HistoryController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("history",)

    @get(
        "/history",
        summary="Read what happened in a room",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def history(
        self,
        historian: NamedDependency[Historian],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        start: Start = 0,
        end: End = None,
        buckets: Buckets = 200,
    ) -> HistoryBody:
        """Who did how much and when, in stretches of equally many revisions, and the marks: names
        of revisions, imports, restores, and so on; and how many messages people sent. Stretches in
        which nothing was done are left out, and so is what cannot be counted more finely than 20
        revisions."""
        room = await reader.moment(room_id)
        last = room.check(end)
        names = heat.Names()
        summaries = await historian.summaries(room.room_id, start, last)
        marks = heat.marks_of(summaries, names, start, last)
        fine = (last - start) / buckets < CHAPTER
        rows = await heat.rows(
            historian, room.room_id, summaries, names, (start, last), finely=fine
        )
        found = heat.in_buckets(rows, start, last, buckets)
        said = await heat.said(historian, room, start, last, found)
        return HistoryBody(start, last, room.head, names.people, found, marks, said)

    @get(
        "/tree",
        summary="List the files as they were",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def tree(
        self,
        historian: NamedDependency[Historian],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        revision: At = None,
    ) -> TreeBody:
        """The living texts and assets at a revision, by path, without what is in them."""
        room = await reader.moment(room_id)
        at = room.check(revision)
        state = await historian.tree(room.room_id, at)
        files = [
            NodeBody(node, path, state.language(node) if node in state.files else None)
            for node in state.tree
            if (path := living_path(state, node)) is not None
        ]
        return TreeBody(at, sorted(files, key=lambda file: file.path))

    @get(
        "/entries",
        summary="Read the log of a room",
        raises=[NotFoundException],
        responses={200: ResponseSpec(EntriesBody, description="A page, or lines of JSON.")},
        opt={"may": "read"},
    )
    async def entries(
        self,
        request: Request[object, object, object],  # type: ignore[type-var]
        historian: NamedDependency[Historian],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        after: After = 0,
        limit: Limit = 100,
    ) -> Response[EntriesBody] | Stream:
        """Entries in order, a page at a time. Who accepts `application/x-ndjson` gets a line of
        JSON for each entry after that revision up to the head, and no pages."""
        room = await reader.moment(room_id)
        if NDJSON in request.headers.get("accept", ""):
            return Stream(_lines(historian, reader, room, after), media_type=NDJSON)
        page = await historian.store.entries(room.room_id, after, room.head, limit)
        await reader.pay(len(page))
        last = page[-1].revision if page else room.head
        following = last if last < room.head else None
        return Response(EntriesBody([_entry(entry) for entry in page], following))

    @get(
        "/diff",
        summary="Compare two revisions",
        raises=[NotFoundException],
        responses={
            200: ResponseSpec(DiffBody, media_type="*/*", description="The files, or a patch.")
        },
        opt={"may": "read"},
    )
    async def diff(
        self,
        historian: NamedDependency[Historian],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        start: Start = 0,
        end: End = None,
        file: OneFile = None,
        form: Form = "operations",
    ) -> Response[DiffBody] | Response[str]:
        """What is different at `to`: files that were added, removed, moved, or changed. With `file`
        it is of that one, with the operation that leads from one text to the other: what was done
        between, composed. `format=patch` has a patch that `git apply` takes."""
        room = await reader.moment(room_id)
        last = room.check(end)
        start = room.check(start)
        if start > last:
            raise no_revision(start, last)
        node = None
        if file is not None:
            node = await find_then(historian, room.room_id, file, (last, start))
        found = await differences(historian, room.room_id, start, last, node)
        await reader.pay(sum(sum(counts(one.operation)) for one in found) // _A_MOMENT)
        if form == "operations":
            files = [difference(one, whole=node is not None) for one in found]
            return Response(DiffBody(start, last, files))
        patches = [await _patch(historian, room.room_id, start, one) for one in found]
        return Response("".join(patches), media_type="text/x-diff")

    @get(
        "/step/{file_path:path}",
        summary="Go from one revision of a file to another",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def step(
        self,
        historian: NamedDependency[Historian],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        file_path: FromPath[str],
        start: Start,
        end: End = None,
    ) -> StepBody:
        """The operation that leads from a text at `from` to the same text at `to`, which may be
        earlier, and who wrote what it inserts. It costs what is different, so the past can be
        played without texts being read whole. The file is named by its id, or its path at `to`."""
        room = await reader.moment(room_id)
        start, last = room.check(start), room.check(end)
        node = await find_then(historian, room.room_id, file_path, (last, start))
        same = await historian.is_tree_same(room.room_id, min(start, last), max(start, last))
        found = await step(historian, room.room_id, node, start, last)
        tree: Literal["same", "changed"] = "same" if same else "changed"
        if found is None:
            return StepBody(start, last, node, None, [], {}, tree)
        operation = found.operation
        await reader.pay(sum(counts(operation)) // _A_MOMENT)
        bursts = found.written.bodies(found.runs)
        return StepBody(start, last, node, list(operation.components), found.runs, bursts, tree)

    @get(
        "/blame/{file_path:path}",
        summary="Read who wrote a file",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def blame(
        self,
        historian: NamedDependency[Historian],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        file_path: FromPath[str],
        revision: At = None,
        text: FromQuery[bool] = False,
    ) -> BlameBody:
        """Who wrote each part of a text, at a revision. With `text` the text is there, too."""
        room = await reader.moment(room_id)
        at = room.check(revision)
        tree = await historian.tree(room.room_id, at)
        node = find(tree, file_path)
        if node is None or node not in tree.files:
            words = f"There is no text {file_path.strip('/')} at revision {at}."
            raise NotFoundException(words, extra={"code": "unknown_file"})
        return await historian.blame(room.room_id, tree, node, whole=text)


async def _lines(
    historian: Historian, reader: Reader, room: Moment, after: int
) -> AsyncIterator[bytes]:
    while page := await historian.store.entries(room.room_id, after, room.head):
        await reader.pay(len(page))
        after = page[-1].revision
        yield await asyncio.to_thread(_as_lines, page)


def _as_lines(page: Sequence[Entry]) -> bytes:
    return b"".join(json.encode(_entry(entry)) + b"\n" for entry in page)


def _entry(entry: Entry) -> EntryBody:
    # Neither the id of the client nor its numbers: who knows a key could be mistaken for it.
    return EntryBody(
        entry.revision,
        int(entry.created_at.timestamp() * 1000),
        entry.author,
        Raw(encoder.encode(entry.change)),
        entry.person,
        entry.origin,
    )


def difference(found: Difference, *, whole: bool) -> DifferenceBody:
    inserted, deleted = counts(found.operation)
    components = list(found.operation.components) if whole and found.operation else None
    where = (found.id, found.status, found.before, found.path)
    return DifferenceBody(*where, inserted, deleted, components)


async def _patch(historian: Historian, room_id: UUID, start: int, found: Difference) -> str:
    operation: Operation | None = found.operation
    before = ""
    if found.before is not None and operation is not None:
        before = await historian.text(room_id, found.id, start)
    return await asyncio.to_thread(patch_of, found, before, operation)
