"""`/rooms/{room_id}/files`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, MediaType, Request, Response, get, put
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, HeaderParameter, QueryParameter, RawBody

from collab.files.errors import Conflict, NoText, PreconditionFailed, TooLarge, no_room
from collab.files.etags import ETag, parse_etags
from collab.files.reading import Reader, find_file
from collab.files.schemas import FilesBody, WrittenBody, files_body
from collab.files.writing import Condition, read_text, write_text
from collab.live.addresses import Addresses
from collab.live.hub import Hub, parse_room_id
from collab.room.log import Log

Asked = Request[Any, Any, Any]
Revision = Annotated[
    int | None,
    QueryParameter(ge=1, le=2**53, description="the room as it was at this revision"),
]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match")]
IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match")]
_TEXT = ResponseSpec(str, media_type=MediaType.TEXT, description="The text.")
_UNCHANGED = ResponseSpec(None, description="If-None-Match names this version.")
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
        """The files as last committed, or as they were at a revision."""
        return files_body(await reader_of(request, log, addresses).room(room_id, revision))

    @get(
        "/{file_path:path}",
        summary="Read a file",
        # Not the handler's media type: its errors would have that one too.
        responses={200: _TEXT, 304: _UNCHANGED},
        raises=[NotFoundException],
    )
    async def read(
        self,
        request: Asked,
        log: NamedDependency[Log],
        addresses: NamedDependency[Addresses],
        room_id: FromPath[str],
        file_path: FromPath[str],
        revision: Revision = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[bytes]:
        """The text of a file as last committed, or as it was at a revision.

        The ETag names this version of the text: give it to If-Match when you write the file.
        """
        state = await reader_of(request, log, addresses).room(room_id, revision)
        file = find_file(state, file_path)
        content = await asyncio.to_thread(lambda: str(file.text).encode())
        etag = await asyncio.to_thread(ETag.of, state.revision, content)
        headers = {
            "etag": str(etag),
            "content-disposition": disposition("inline", state.tree[file.id].name),
            "content-security-policy": _SANDBOXED,
        }
        if etag.hash in {tag.hash for tag in parse_etags(if_none_match or "")}:
            return Response(b"", status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=MediaType.TEXT)

    @put(
        "/{file_path:path}",
        summary="Write a file",
        raises=[NotFoundException, PreconditionFailed, TooLarge, NoText, Conflict],
    )
    async def write(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        log: NamedDependency[Log],
        addresses: NamedDependency[Addresses],
        room_id: FromPath[str],
        file_path: FromPath[str],
        body: RawBody,
        if_match: IfMatch = None,
        if_none_match: IfNoneMatch = None,
        merge: FromQuery[bool] = True,
    ) -> Response[WrittenBody]:
        """Make the text of a file the body, which is UTF-8. It is saved when the answer comes.

        Only the difference is written, so the carets and changes of others stay. It is the
        difference from the version that If-Match names, or from the newest one: an older version in
        If-Match has the change merged with those since. With `merge=false` the answer is 412 then.
        """
        text = await asyncio.to_thread(read_text, body, hub.limits.text)
        known = parse_room_id(room_id)
        if known is None:
            raise no_room()
        condition = Condition(if_match, if_none_match, merge)
        reader = reader_of(request, log, addresses)
        async with hub.room(known) as host:
            if host is None:
                raise no_room()
            file = await write_text(host, reader, room_id, file_path, text, condition)
        answer = WrittenBody(
            file.id, file.path, file.language, len(file.text), file.revision, file.text != text
        )
        return Response(answer, headers={"etag": str(await file.etag())})


def reader_of(request: Asked, log: Log, addresses: Addresses) -> Reader:
    host = request.client.host if request.client else ""
    account = addresses.account(host, asyncio.get_running_loop().time())
    return Reader(log, request.scope, account)


def disposition(kind: str, name: str) -> str:
    """The header that says under which name an answer is to be stored."""
    return f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
