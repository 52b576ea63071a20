"""Answers with what people have stored, which must not run as a page of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.response import Stream

from collab.store.blobs import Blobs

_UNKNOWN = "application/octet-stream"
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
)
_SHOWN = "image/"
"""The types that a browser may show at their own address; others it stores."""


async def asset_response(
    blobs: Blobs, room_id: UUID, blob: str, size: int, name: str, headers: Mapping[str, str]
) -> Stream:
    """Answer with the bytes of an asset, a slice at a time. Raises LogUnavailable."""
    pieces = blobs.read(room_id, blob, size)
    first = await anext(pieces, b"")

    async def all_of_them() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    kind = media_type(first)
    way = "inline" if kind.startswith(_SHOWN) else "attachment"
    length = {"content-length": str(size), "content-disposition": disposition(way, name)}
    return Stream(all_of_them(), media_type=kind, headers={**headers, **length})


def media_type(beginning: bytes) -> str:
    """The type of bytes as we see it, whatever their name says: of a few kinds of images, or of
    nothing that a browser would run."""
    for start, kind in _BEGINNINGS:
        if beginning.startswith(start):
            return kind
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    if beginning[4:12] == b"ftypavif":
        return "image/avif"
    return _UNKNOWN


def disposition(kind: str, name: str) -> str:
    """The header that says under which name an answer is to be stored."""
    return f"{kind}; filename*=UTF-8''{quote(name, safe='')}"


@dataclass
class RawOperation(Operation):
    """Describes a route whose body is bytes, of any type."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(content={"*/*": OpenAPIMediaType(schema=schema)})
