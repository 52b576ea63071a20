"""`/rooms/{room_id}/export.zip` and `/rooms/{room_id}/import`: a room as a zip."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from collab.files.answers import RawOperation, disposition
from collab.files.controllers import Asked, Revision, reader_of
from collab.files.errors import (
    Conflict,
    TooLarge,
    Unprocessable,
    bad_path,
    no_file,
    no_room,
)
from collab.files.exporting import export
from collab.files.importing import Importer, OnConflict
from collab.files.reading import find_node
from collab.files.schemas import ImportedBody
from collab.files.submitting import LINGER, check_budget
from collab.files.transfers import Transfers
from collab.files.unzip import ZipLimits
from collab.files.unzipping import unzip
from collab.live.addresses import Addresses
from collab.live.hub import Hub, parse_room_id
from collab.room.log import Log
from collab.room.paths import parse_path
from collab.room.state import Limits
from collab.room.tree import ROOT
from collab.store.blobs import Blobs

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
    )
    async def export(
        self,
        request: Asked,
        log: NamedDependency[Log],
        addresses: NamedDependency[Addresses],
        blobs: NamedDependency[Blobs],
        transfers: NamedDependency[Transfers],
        room_id: FromPath[str],
        revision: Revision = None,
        folder: FromQuery[str] = "",
    ) -> Stream:
        """All files of a room, or of a folder in it, in a zip: as last committed, or as they were
        at a revision. The same revision is the same zip, byte by byte.
        """
        state = await reader_of(request, log, addresses).room(room_id, revision)
        node, name = ROOT, room_id[:8]
        if path := folder.strip("/"):
            node = find_node(state, path) or ""
            if not node:
                raise no_file(path)
            name = state.tree[node].name
        host = request.client.host if request.client else ""
        headers = {
            "etag": f'"{state.revision}"',
            "content-disposition": disposition("attachment", f"{name}.zip"),
        }
        pieces = await transfers.begin(host, export(state, blobs, UUID(room_id), node))
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
    )
    async def import_zip(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        log: NamedDependency[Log],
        blobs: NamedDependency[Blobs],
        addresses: NamedDependency[Addresses],
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
        known = parse_room_id(room_id)
        if known is None:
            raise no_room()
        into = _folder(folder, hub.limits)
        reader = reader_of(request, log, addresses)
        check_budget(reader)
        host_name = request.client.host if request.client else ""
        zip_limits = ZipLimits(hub.limits.files, hub.limits.room, hub.limits)
        with transfers.one(host_name), TemporaryFile() as file:
            async with hub.room(known, linger=LINGER) as host:
                if host is None:
                    raise no_room()
                await _store(request, file)
                importer = Importer(host, blobs, reader, conflict, into)
                async with aclosing(unzip(file, zip_limits)) as found:
                    return await importer.run(found)


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
