"""`/rooms/{room_id}/export.zip`: a room as a zip."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath
from litestar.response import Stream

from collab.files.controllers import Asked, Revision, disposition, reader_of
from collab.files.exporting import export
from collab.files.transfers import Transfers
from collab.live.addresses import Addresses
from collab.room.log import Log

_ZIP = "application/zip"


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
        transfers: NamedDependency[Transfers],
        room_id: FromPath[str],
        revision: Revision = None,
    ) -> Stream:
        """All files of a room in a zip, as last committed or as they were at a revision.

        The same revision is the same zip, byte by byte.
        """
        state = await reader_of(request, log, addresses).room(room_id, revision)
        host = request.client.host if request.client else ""
        headers = {
            "etag": f'"{state.revision}"',
            "content-disposition": disposition("attachment", f"{room_id[:8]}.zip"),
        }
        pieces = await transfers.begin(host, export(state))
        return Stream(pieces, media_type=_ZIP, headers=headers)
