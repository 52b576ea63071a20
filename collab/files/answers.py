"""Answers with what people have stored, which must not run as a page of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from litestar import Response
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.response import Stream

from collab.live.contents import headers_of, media_type
from collab.store.blobs import Blobs

_TOLD_BY = 16
"""The first bytes, which tell the type."""


async def asset_response(
    blobs: Blobs,
    room_id: UUID,
    blob: str,
    size: int,
    name: str,
    headers: Mapping[str, str],
    part: range | None = None,
) -> Response[bytes] | Stream:
    """Answer with the bytes of an asset, or with a part of them, a slice at a time.

    Raises LogUnavailable.
    """
    sent = range(size) if part is None else part
    kind = media_type(await anext(blobs.read(room_id, blob, min(size, _TOLD_BY)), b""))
    more = {**headers, **headers_of(kind, len(sent), name), "accept-ranges": "bytes"}
    if part is not None and not part:
        more["content-range"] = f"bytes */{size}"
        return Response(b"", status_code=416, headers=more, media_type=kind)
    if part is not None:
        more["content-range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    pieces = blobs.read(room_id, blob, sent.stop, sent.start)
    status = 200 if part is None else 206
    return Stream(pieces, status_code=status, media_type=kind, headers=more)


@dataclass
class RawOperation(Operation):
    """Describes a route whose body is bytes, of any type."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(content={"*/*": OpenAPIMediaType(schema=schema)})
