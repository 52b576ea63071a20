"""`/rooms/{room_id}/files` and `/rooms/{room_id}/blobs`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, MediaType, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter, RawBody
from msgspec.structs import replace

from collab.files.answers import RawOperation, asset_response
from collab.files.errors import Conflict, PreconditionFailed, TooLarge
from collab.files.etags import parse_etags
from collab.files.ranges import range_of
from collab.files.reading import find_blamed, seek_file
from collab.files.schemas import ChangedBody, FilesBody, MoveFile, files_body
from collab.files.versions import Condition, version
from collab.files.writing import Writing
from collab.live.contents import SANDBOXED, disposition
from collab.live.permits import parse_room_id
from collab.live.programs import Reader
from collab.room.plain import read_text
from collab.store.blobs import Blobs

Revision = Annotated[
    int | None,
    QueryParameter(ge=1, le=2**53, description="the room as it was at this revision"),
]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match")]
Range = Annotated[
    str | None,
    HeaderParameter(name="Range", description="a part of the bytes of an asset: bytes=0-1023"),
]
IfRange = Annotated[str | None, HeaderParameter(name="If-Range")]
WithText = Annotated[
    bool, QueryParameter(description="for who wrote a text: whether the text is there, too")
]
IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match")]
_CONTENT = ResponseSpec(bytes, media_type="*/*", description="The content.")
_PART = ResponseSpec(bytes, media_type="*/*", description="The part that Range names.")
_BEYOND = ResponseSpec(None, description="Range begins beyond the end.")
_UNCHANGED = ResponseSpec(None, description="If-None-Match names this version.")
_WRITING = [NotFoundException, Conflict, TooManyRequestsException]


class FilesController(Controller):
    path = "/rooms/{room_id:str}/files"
    tags = ("files",)

    @get(summary="List the files of a room", raises=[NotFoundException], opt={"may": "read"})
    async def list_files(
        self,
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        revision: Revision = None,
    ) -> FilesBody:
        """The files and folders as last committed, or as they were at a revision."""
        return files_body(await reader.room(room_id, revision, whole=False))

    @get(
        "/{file_path:path}",
        summary="Read a file",
        # Not the handler's media type: its errors would have that one too.
        responses={200: _CONTENT, 206: _PART, 304: _UNCHANGED, 416: _BEYOND},
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def read(
        self,
        reader: NamedDependency[Reader],
        blobs: NamedDependency[Blobs],
        room_id: FromPath[str],
        file_path: FromPath[str],
        revision: Revision = None,
        if_none_match: IfNoneMatch = None,
        part: Range = None,
        if_range: IfRange = None,
        text: WithText = False,
    ) -> Response[Any]:
        """A text or an asset as last committed, or as it was at a revision.

        The ETag names this version: give it to If-Match when you write the file. `{path}/blame` is
        who wrote each part of a text, as `/rooms/{room_id}/blame/{path}` has it; unless there is a
        file with that path.
        """
        if revision is None:
            state = await reader.room(room_id, whole=False)
            node = seek_file(state, file_path)
            await reader.texts(room_id, state, [node] if node else [])
        else:
            state, node = await reader.file_then(
                room_id, revision, lambda then: seek_file(then, file_path)
            )
        if node is None:
            blamed = find_blamed(state, file_path)
            return Response(await reader.blame(room_id, state, blamed, whole=text))
        found = version(state, node)
        etag = await found.etag()
        headers = {"etag": str(etag), "content-security-policy": SANDBOXED}
        if etag.hash in {tag.hash for tag in parse_etags(if_none_match or "")}:
            return Response(b"", status_code=304, headers=headers)
        name = state.tree[node].name
        if found.text is None:
            asset = state.assets[node]
            wanted = _wanted(part, if_range, str(etag), asset.size)
            return await asset_response(
                blobs, UUID(room_id), asset.blob, asset.size, name, headers, wanted
            )
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
        opt={"may": "write"},
    )
    async def write(
        self,
        writing: NamedDependency[Writing],
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
        async with writing.room(room_id) as writer:
            written = await writer.put(file_path, body, condition)
        text = written.version.text
        merged = text is not None and await asyncio.to_thread(lambda: read_text(body) != text)
        etag = await written.version.etag()
        return Response(replace(written.body, merged=merged), headers={"etag": str(etag)})

    @patch(
        "/{file_path:path}",
        summary="Move a file or folder",
        raises=[NotFoundException, Conflict],
        opt={"may": "write"},
    )
    async def move(
        self,
        writing: NamedDependency[Writing],
        room_id: FromPath[str],
        file_path: FromPath[str],
        data: JSONBody[MoveFile],
    ) -> ChangedBody:
        """Give a file or folder another path. Missing folders on the way are added."""
        async with writing.room(room_id) as writer:
            return await writer.move(file_path, data.path)

    @post(
        "/{file_path:path}",
        summary="Copy a file or folder",
        status_code=200,
        raises=_WRITING,
        opt={"may": "write"},
    )
    async def copy(
        self,
        writing: NamedDependency[Writing],
        room_id: FromPath[str],
        file_path: FromPath[str],
        data: JSONBody[MoveFile],
    ) -> ChangedBody:
        """Have a copy at another path, of a folder with all that is in it. Where the name is taken,
        the copy gets the first free one of `utils_2.py`, `utils_3.py`, …"""
        async with writing.room(room_id) as writer:
            return await writer.copy(file_path, data.path)

    @delete(
        "/{file_path:path}",
        summary="Remove a file or folder",
        status_code=200,
        raises=[*_WRITING, PreconditionFailed],
        opt={"may": "write"},
    )
    async def remove(
        self,
        writing: NamedDependency[Writing],
        room_id: FromPath[str],
        file_path: FromPath[str],
        if_match: IfMatch = None,
    ) -> ChangedBody:
        """Remove a file, or a folder with all that is in it. People can restore it."""
        async with writing.room(room_id) as writer:
            return await writer.remove(file_path, Condition(if_match))


class BlobsController(Controller):
    path = "/rooms/{room_id:str}/blobs"
    tags = ("files",)

    @get(
        "/{blob:str}",
        summary="Read the bytes of an asset",
        responses={200: _CONTENT, 206: _PART, 416: _BEYOND},
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def read(
        self,
        reader: NamedDependency[Reader],
        blobs: NamedDependency[Blobs],
        room_id: FromPath[str],
        blob: FromPath[str],
        part: Range = None,
        if_range: IfRange = None,
    ) -> Response[Any]:
        """The bytes that have this SHA-256 in hex, of an asset that the room has or has had."""
        known = parse_room_id(room_id)
        size = await blobs.size(known, blob) if known else None
        if known is None or size is None:
            raise NotFoundException("There are no such bytes.", extra={"code": "unknown_blob"})
        etag = f'"{blob}"'
        headers = {"etag": etag, "content-security-policy": SANDBOXED}
        wanted = _wanted(part, if_range, etag, size)
        return await asset_response(blobs, known, blob, size, blob[:12], headers, wanted)


def _wanted(part: str | None, if_range: str | None, etag: str, size: int) -> range | None:
    """The part of an asset that is asked for; None for all, also where it is another one by now."""
    return range_of(part, size) if if_range in {None, etag} else None
