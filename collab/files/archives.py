"""`/rooms/{room_id}/export.zip` and `/rooms/{room_id}/import`: a room as a zip."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing
from tempfile import TemporaryFile
from typing import Any, BinaryIO, TypeVar
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.exceptions import ClientException, NotFoundException, TooManyRequestsException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from collab.files.answers import RawOperation
from collab.files.controllers import Revision
from collab.files.errors import (
    Conflict,
    TooLarge,
    Unprocessable,
    bad_path,
    bad_url,
    no_file,
)
from collab.files.exporting import export
from collab.files.found import FoundLimits
from collab.files.git import GitSettings, check_url, fetch
from collab.files.importing import Importer, OnConflict
from collab.files.reading import find_node
from collab.files.schemas import GitImport, ImportedBody
from collab.files.unzipping import unzip
from collab.live.contents import disposition
from collab.live.hub import Hub
from collab.live.programs import Reader, room_to_change
from collab.live.transfers import Transfers
from collab.room.paths import parse_path
from collab.room.state import Limits
from collab.room.tree import ROOT
from collab.store.blobs import Blobs

T = TypeVar("T")
Asked = Request[Any, Any, Any]
_ZIP = "application/zip"
_PIECE = 1024 * 1024
"""Bytes of a body that are written to disk at once."""


class ArchivesController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("files",)

    @get(
        "/export.zip",
        summary="Export a room",
        responses={200: ResponseSpec(bytes, media_type=_ZIP, description="The zip.")},
        raises=[NotFoundException, TooManyRequestsException],
        opt={"may": "read"},
    )
    async def export(
        self,
        reader: NamedDependency[Reader],
        blobs: NamedDependency[Blobs],
        transfers: NamedDependency[Transfers],
        room_id: FromPath[str],
        revision: Revision = None,
        folder: FromQuery[str] = "",
    ) -> Stream:
        """All files of a room, or of a folder in it, in a zip: as last committed, or as they were
        at a revision. The same revision is the same zip, byte by byte.
        """
        state = await reader.room(room_id, revision)
        node, name = ROOT, room_id[:8]
        if path := folder.strip("/"):
            node = find_node(state, path) or ""
            if not node:
                raise no_file(path)
            name = state.tree[node].name
        headers = {
            "etag": f'"{state.revision}"',
            "content-disposition": disposition("attachment", f"{name}.zip"),
        }
        pieces = await transfers.begin(reader.address, export(state, blobs, UUID(room_id), node))
        return Stream(pieces, media_type=_ZIP, headers=headers)

    @post(
        "/import",
        summary="Import a zip",
        status_code=200,
        raises=[
            NotFoundException,
            Conflict,
            TooLarge,
            Unprocessable,
            TooManyRequestsException,
        ],
        operation_class=RawOperation,
        opt={"may": "write"},
    )
    async def import_zip(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        blobs: NamedDependency[Blobs],
        reader: NamedDependency[Reader],
        transfers: NamedDependency[Transfers],
        room_id: FromPath[str],
        conflict: FromQuery[OnConflict] = "keep",
        folder: FromQuery[str] = "",
    ) -> ImportedBody:
        """Add the files of a zip, which is the body, to a room, or to a folder in it.

        Where a file of a name is there already, `conflict` says whether to keep both, to replace
        it, or to skip the new one. What cannot be kept as it is, is named with words in `remarks`.
        A zip that is refused for what comes late in it may have had files imported before.
        """
        into = _folder(folder, hub.limits)
        limits = FoundLimits(hub.limits.files, hub.limits.room, hub.limits)
        with transfers.one(reader.address), TemporaryFile() as file:
            async with room_to_change(hub, reader, room_id) as host:
                await _store(request, file)
                importer = Importer(host, blobs, reader, conflict, into)
                async with aclosing(unzip(file, limits)) as found:
                    return await importer.run(found)

    @post(
        "/import/git",
        summary="Import from Git",
        status_code=200,
        raises=[NotFoundException, Conflict, TooLarge, Unprocessable, TooManyRequestsException],
        opt={"may": "write"},
    )
    async def import_git(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        blobs: NamedDependency[Blobs],
        reader: NamedDependency[Reader],
        transfers: NamedDependency[Transfers],
        git: NamedDependency[GitSettings],
        room_id: FromPath[str],
        data: JSONBody[GitImport],
        conflict: FromQuery[OnConflict] = "keep",
        folder: FromQuery[str] = "",
    ) -> ImportedBody:
        """Add the files of the newest commit of a public repository, as of a zip.

        Submodules, links and what is in Git LFS are left out. A program that goes away meanwhile
        stops the import; what had been imported stays.
        """
        into = _folder(folder, hub.limits)
        if not git.bytes:
            raise Unprocessable("This server imports nothing from Git.", extra={"code": "no_git"})
        if words := check_url(data.url):
            raise bad_url(words)
        wanted = git.wanted(
            data.url, data.ref, FoundLimits(hub.limits.files, hub.limits.room, hub.limits)
        )
        with transfers.one(reader.address):
            async with room_to_change(hub, reader, room_id) as host:
                importer = Importer(host, blobs, reader, conflict, into, "bad_repository")
                async with aclosing(fetch(wanted)) as found:
                    return await _while_there(request, importer.run(found))


async def _while_there(request: Asked, work: Coroutine[Any, Any, T]) -> T:
    """Do some work for a program, and stop it where the program goes away meanwhile."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, leaving = asyncio.create_task(work), asyncio.create_task(gone())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientException("The request was broken off.")
        return await working
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


def _folder(path: str, limits: Limits) -> list[str]:
    if not path.strip("/"):
        return []
    try:
        return parse_path(path.strip("/"), limits)
    except ValueError as error:
        raise bad_path(error.args[1]) from error


async def _store(request: Asked, file: BinaryIO) -> None:
    """Write the body of a request to a file, and not more of it into memory than a piece."""
    waiting = bytearray()
    async for piece in request.stream():
        waiting += piece
        if len(waiting) >= _PIECE:
            await asyncio.to_thread(file.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(file.write, bytes(waiting))
    await asyncio.to_thread(file.flush)
