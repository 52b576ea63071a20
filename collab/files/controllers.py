"""`/rooms/{room_id}/files` and `/rooms/{room_id}/blobs`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, MediaType, Request, Response, delete, get, patch, put
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter, RawBody
from msgspec.structs import replace

from collab.files.answers import RawOperation, asset_response, disposition
from collab.files.errors import Conflict, PreconditionFailed, TooLarge, no_room
from collab.files.etags import parse_etags
from collab.files.reading import Reader, find_file
from collab.files.schemas import ChangedBody, FilesBody, MoveFile, files_body
from collab.files.submitting import LINGER, check_budget
from collab.files.texts import read_text
from collab.files.versions import Condition, version
from collab.files.writing import Writer
from collab.live.addresses import Addresses
from collab.live.hub import Hub, parse_room_id
from collab.room.log import Log
from collab.store.blobs import Blobs

Asked = Request[Any, Any, Any]
Revision = Annotated[
    int | None,
    QueryParameter(ge=1, le=2**53, description="the room as it was at this revision"),
]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match")]
IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match")]
_CONTENT = ResponseSpec(bytes, media_type="*/*", description="The content.")
_UNCHANGED = ResponseSpec(None, description="If-None-Match names this version.")
_WRITING = [NotFoundException, Conflict, TooManyRequestsException]
_SANDBOXED = "default-src 'none'; sandbox"


class FilesController(Controller):
    path = "/rooms/{room_id:str}/files"
    tags = ("files",)

    @get(summary="List the files of a room", raises=[NotFoundException])
    async def list_files(
        self,
        request: Asked,
        log: NamedDependency[Log],
        addresses: NamedDependency[Addresses],
        room_id: FromPath[str],
        revision: Revision = None,
    ) -> FilesBody:
        """The files and folders as last committed, or as they were at a revision."""
        return files_body(await reader_of(request, log, addresses).room(room_id, revision))

    @get(
        "/{file_path:path}",
        summary="Read a file",
        # Not the handler's media type: its errors would have that one too.
        responses={200: _CONTENT, 304: _UNCHANGED},
        raises=[NotFoundException],
    )
    async def read(
        self,
        request: Asked,
        log: NamedDependency[Log],
        blobs: NamedDependency[Blobs],
        addresses: NamedDependency[Addresses],
        room_id: FromPath[str],
        file_path: FromPath[str],
        revision: Revision = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[Any]:
        """A text or an asset as last committed, or as it was at a revision.

        The ETag names this version: give it to If-Match when you write the file.
        """
        state = await reader_of(request, log, addresses).room(room_id, revision)
        node = find_file(state, file_path)
        found = version(state, node)
        etag = await found.etag()
        headers = {"etag": str(etag), "content-security-policy": _SANDBOXED}
        if etag.hash in {tag.hash for tag in parse_etags(if_none_match or "")}:
            return Response(b"", status_code=304, headers=headers)
        name = state.tree[node].name
        if found.text is None:
            asset = state.assets[node]
            return await asset_response(blobs, UUID(room_id), asset.blob, asset.size, name, headers)
        content = await asyncio.to_thread(found.text.encode)
        headers["content-disposition"] = disposition("inline", name)
        return Response(content, headers=headers, media_type=MediaType.TEXT)

    @put(
        "/{file_path:path}",
        summary="Write a file",
        raises=[
            NotFoundException,
            PreconditionFailed,
            TooLarge,
            Conflict,
            TooManyRequestsException,
        ],
        operation_class=RawOperation,
    )
    async def write(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        log: NamedDependency[Log],
        blobs: NamedDependency[Blobs],
        addresses: NamedDependency[Addresses],
        room_id: FromPath[str],
        file_path: FromPath[str],
        body: RawBody,
        if_match: IfMatch = None,
        if_none_match: IfNoneMatch = None,
        merge: FromQuery[bool] = True,
    ) -> Response[ChangedBody]:
        """Make the body the content of a file, which is added with its folders where it is missing.

        It is saved when the answer comes. UTF-8 is a text, other bytes are an asset. Of a text only
        the difference is written, so the carets and changes of others stay. It is the difference
        from the version that If-Match names, or from the newest one: an older version in If-Match
        has the change merged with those since. With `merge=false` the answer is 412 then.
        """
        condition = Condition(if_match, if_none_match, merge)
        async with _writer(hub, blobs, reader_of(request, log, addresses), room_id) as writer:
            written = await writer.put(file_path, body, condition)
        text = written.version.text
        merged = text is not None and await asyncio.to_thread(lambda: read_text(body) != text)
        etag = await written.version.etag()
        return Response(replace(written.body, merged=merged), headers={"etag": str(etag)})

    @patch(
        "/{file_path:path}", summary="Move a file or folder", raises=[NotFoundException, Conflict]
    )
    async def move(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        log: NamedDependency[Log],
        blobs: NamedDependency[Blobs],
        addresses: NamedDependency[Addresses],
        room_id: FromPath[str],
        file_path: FromPath[str],
        data: JSONBody[MoveFile],
    ) -> ChangedBody:
        """Give a file or folder another path. Missing folders on the way are added."""
        async with _writer(hub, blobs, reader_of(request, log, addresses), room_id) as writer:
            return await writer.move(file_path, data.path)

    @delete(
        "/{file_path:path}",
        summary="Remove a file or folder",
        status_code=200,
        raises=[*_WRITING, PreconditionFailed],
    )
    async def remove(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        log: NamedDependency[Log],
        blobs: NamedDependency[Blobs],
        addresses: NamedDependency[Addresses],
        room_id: FromPath[str],
        file_path: FromPath[str],
        if_match: IfMatch = None,
    ) -> ChangedBody:
        """Remove a file, or a folder with all that is in it. People can restore it."""
        async with _writer(hub, blobs, reader_of(request, log, addresses), room_id) as writer:
            return await writer.remove(file_path, Condition(if_match))


class BlobsController(Controller):
    path = "/rooms/{room_id:str}/blobs"
    tags = ("files",)

    @get(
        "/{blob:str}",
        summary="Read the bytes of an asset",
        responses={200: _CONTENT},
        raises=[NotFoundException],
    )
    async def read(
        self,
        request: Asked,
        log: NamedDependency[Log],
        blobs: NamedDependency[Blobs],
        addresses: NamedDependency[Addresses],
        room_id: FromPath[str],
        blob: FromPath[str],
    ) -> Response[Any]:
        """The bytes that have this SHA-256 in hex, of an asset that the room has or has had."""
        known = parse_room_id(room_id)
        size = await blobs.size(known, blob) if known else None
        if known is None or size is None:
            raise NotFoundException("There are no such bytes.", extra={"code": "unknown_blob"})
        headers = {"etag": f'"{blob}"', "content-security-policy": _SANDBOXED}
        return await asset_response(blobs, known, blob, size, blob[:12], headers)


@asynccontextmanager
async def _writer(hub: Hub, blobs: Blobs, reader: Reader, room_id: str) -> AsyncIterator[Writer]:
    check_budget(reader)
    known = parse_room_id(room_id)
    if known is None:
        raise no_room()
    async with hub.room(known, linger=LINGER) as host:
        if host is None:
            raise no_room()
        yield Writer(host, blobs, reader)


def reader_of(request: Asked, log: Log, addresses: Addresses) -> Reader:
    host = request.client.host if request.client else ""
    account = addresses.account(host, asyncio.get_running_loop().time())
    return Reader(log, request.scope, account)
