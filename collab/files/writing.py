"""Changes the files of a room for a program.

A text is written as the difference from the text that the program has changed, so that carets stay
and what others write meanwhile is merged.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar.di import NamedDependency
from msgspec import Struct

from collab.changes.tree import Move, PutAsset, Remove
from collab.files.errors import Conflict, TooLarge, bad_path, no_file
from collab.files.reading import find_node
from collab.files.schemas import ChangedBody, changed_body
from collab.files.submitting import keep, new_id
from collab.files.versions import Condition, Version, check_absent, find_base, version
from collab.live.host import Host
from collab.live.hub import Hub
from collab.live.programs import Reader, room_to_change, submit
from collab.protocol import Edit, Single
from collab.room.building import Builder, Copied, copies
from collab.room.paths import parse_path
from collab.room.plain import read_text
from collab.store.blobs import Blobs
from ot import diff


class Written(Struct, frozen=True):
    """A file after a change, and its version."""

    body: ChangedBody
    version: Version


class Writing:
    """Lets one request change a room."""

    def __init__(
        self,
        hub: NamedDependency[Hub],
        blobs: NamedDependency[Blobs],
        reader: NamedDependency[Reader],
    ) -> None:
        self._hub = hub
        self._blobs = blobs
        self._reader = reader

    @asynccontextmanager
    async def room(self, room_id: str) -> AsyncIterator[Writer]:
        """Hold a room in memory meanwhile. Raises what `room_to_change` does."""
        async with room_to_change(self._hub, self._reader, room_id) as host:
            yield Writer(host, self._blobs, self._reader)


class Writer:
    """Changes one room for one request."""

    def __init__(self, host: Host, blobs: Blobs, reader: Reader) -> None:
        self._host = host
        self._blobs = blobs
        self._reader = reader
        self._limits = host.room.limits

    async def put(self, path: str, data: bytes, condition: Condition) -> Written:
        """Have a file with this content at a path. Raises HTTPException, and what `visit` does."""
        text = await asyncio.to_thread(read_text, data)
        if text is not None and len(text) > self._limits.text:
            text = None  # it can be kept, but not be edited
        names = self._names(path)
        await self._host.catch_up()
        state = self._host.room.state
        node = find_node(state, "/".join(names))
        if node is None:
            check_absent("/".join(names), condition)
            return await self._add(names, text, data)
        if state.tree[node].is_folder:
            words = f"{state.path(node)} is a folder."
            raise Conflict(words, extra={"code": "is_folder"})
        async with self._host.holding([node]):
            return await self._put(node, text, data, condition)

    async def _put(self, node: str, text: str | None, data: bytes, condition: Condition) -> Written:
        head = version(self._host.room.state, node)
        base = await find_base(self._reader, str(self._host.room_id), head, condition)
        if head.text is None:
            return await self._put_asset(head, data)
        if text is None:
            return await self._replace(head, data)
        return await self._write_text(base, text)

    async def move(self, path: str, to: str) -> ChangedBody:
        """Have a file or folder at another path."""
        names = self._names(to)
        await self._host.catch_up()
        state = self._host.room.state
        node = find_node(state, path)
        if node is None:
            raise no_file(path.strip("/"))
        taken = find_node(state, "/".join(names))
        if taken not in {None, node}:
            words = f"There is a file or folder {'/'.join(names)} already."
            raise Conflict(words, extra={"code": "name_taken"})
        builder = Builder(state.tree, new_id)
        builder.add(Move(node, builder.folder(names[:-1]), names[-1]))
        return await self._visit(state.revision, builder.take(), node)

    async def copy(self, path: str, to: str) -> ChangedBody:
        """Have a copy of a file or folder at another path. A name that is taken gets a number."""
        names = self._names(to)
        await self._host.catch_up()
        state = self._host.room.state
        node = find_node(state, path)
        if node is None:
            raise no_file(path.strip("/"))
        builder = Builder(state.tree, new_id)
        first = Copied(node, new_id(), builder.folder(names[:-1]), names[-1])
        for batch in list(copies(state, first, new_id)):
            texts = [one.node for one in batch if one.node in state.files]
            async with self._host.holding(texts) as now:
                parts = [*builder.take(), *(one.change(now) for one in batch)]
                await self._visit(now.revision, parts, first.id)
        return changed_body(self._host.room.state, first.id)

    async def remove(self, path: str, condition: Condition) -> ChangedBody:
        """Remove a file, or a folder with all that is in it."""
        await self._host.catch_up()
        state = self._host.room.state
        node = find_node(state, path)
        if node is None:
            raise no_file(path.strip("/"))
        if not state.tree[node].is_folder:
            room_id = str(self._host.room_id)
            async with self._host.holding([node]):
                await find_base(self._reader, room_id, version(state, node), condition)
        return await self._visit(state.revision, [Remove(node)], node)

    def _names(self, path: str) -> list[str]:
        try:
            return parse_path(path.strip("/"), self._limits)
        except ValueError as error:
            raise bad_path(error.args[1]) from error

    async def _add(self, names: list[str], text: str | None, data: bytes) -> Written:
        state = self._host.room.state
        revision, builder = state.revision, Builder(state.tree, new_id)
        node = new_id()
        if text is None:
            blob = await self._keep(data)
            builder.asset(names, blob, len(data), node)
        else:
            builder.text(names, text, node)
        return await self._written(revision, builder.take(), node)

    async def _put_asset(self, head: Version, data: bytes) -> Written:
        blob = await self._keep(data)
        if blob == head.blob:
            return self._as_it_is(head.id)
        return await self._written(head.revision, [PutAsset(head.id, blob, len(data))], head.id)

    async def _replace(self, head: Version, data: bytes) -> Written:
        """Have an asset in place of a text, which is removed and can be restored."""
        blob = await self._keep(data)
        node, builder = new_id(), Builder(self._host.room.state.tree, new_id)
        builder.add(Remove(head.id))
        builder.asset(head.path.split("/"), blob, len(data), node)
        return await self._written(head.revision, builder.take(), node)

    async def _write_text(self, base: Version, text: str) -> Written:
        assert base.text is not None
        operation = await asyncio.to_thread(diff, base.text, text)
        if operation.is_noop():
            return self._as_it_is(base.id)
        return await self._written(base.revision, [Edit(base.id, operation)], base.id)

    async def _keep(self, data: bytes) -> str:
        """Write the bytes of an asset. Its address pays for them as for bytes of the log."""
        if len(data) > (most := self._limits.asset):
            words = f"The file has {len(data)} bytes; the limit is {most}."
            raise TooLarge(words, extra={"code": "asset_too_large"})
        return await keep(self._blobs, self._reader, self._host.room_id, data)

    def _as_it_is(self, node: str) -> Written:
        state = self._host.room.state
        return Written(changed_body(state, node), version(state, node))

    async def _written(self, revision: int, parts: list[Single], node: str) -> Written:
        return await submit(
            self._host,
            self._reader,
            revision,
            parts,
            lambda state: Written(changed_body(state, node), version(state, node)),
        )

    async def _visit(self, revision: int, parts: list[Single], node: str) -> ChangedBody:
        return await submit(
            self._host, self._reader, revision, parts, lambda state: changed_body(state, node)
        )
