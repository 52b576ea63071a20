"""Content made by people and their programs, served so that a browser never runs it as a page of
ours."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

_UNKNOWN = "application/octet-stream"
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "application/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
SANDBOXED = "default-src 'none'; sandbox"
"""The policy of such an answer, should somebody open it as a page."""


def headers_of(kind: str, size: int, name: str) -> Mapping[str, str]:
    """The headers with which a browser shows an image, and stores anything else."""
    way = "inline" if kind.startswith("image/") else "attachment"
    return {"content-length": str(size), "content-disposition": disposition(way, name)}


def media_type(beginning: bytes) -> str:
    """The type of bytes as we see it, whatever their name says: of a few kinds of images, sounds
    and films, or of nothing that a browser would run."""
    for start, kind in _BEGINNINGS:
        if beginning.startswith(start):
            return kind
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WAVE":
        return "audio/wav"
    if beginning[4:12] == b"ftypavif":
        return "image/avif"
    if beginning[4:8] == b"ftyp":
        return "video/mp4"
    return _UNKNOWN


def disposition(kind: str, name: str) -> str:
    """The header that says under which name an answer is to be stored."""
    return f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
