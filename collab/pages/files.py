"""Holds the built front end in memory, each file with its compressed forms."""

from __future__ import annotations

import mimetypes
import re
from hashlib import blake2b
from pathlib import Path
from typing import Any

from litestar import Request, Response
from msgspec import Struct

STATIC = Path(__file__).parent.parent / "static"
_PACKED = {"br": ".br", "gzip": ".gz"}
_FOREVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"


class File(Struct, frozen=True):
    """A file and its compressed forms, by content encoding; "" is the plain form."""

    media_type: str
    etag: str
    cache_control: str
    bodies: dict[str, bytes]


def read_files(folder: Path) -> dict[str, File]:
    """Read every file below a folder. Returns them by their paths from there."""
    files: dict[str, File] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.suffix in _PACKED.values():
            continue
        body = path.read_bytes()
        bodies = {"": body}
        for encoding, suffix in _PACKED.items():
            packed = path.with_name(path.name + suffix)
            if packed.exists():
                bodies[encoding] = packed.read_bytes()
        name = path.relative_to(folder).as_posix()
        files[name] = File(
            media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            etag=f'"{blake2b(body, digest_size=12).hexdigest()}"',
            # Vite puts the hash of each of these files into its name.
            cache_control=_FOREVER if name.startswith("assets/") else _ASK_FIRST,
            bodies=bodies,
        )
    return files


def respond(request: Request[Any, Any, Any], file: File, status_code: int = 200) -> Response[bytes]:
    """Send a file in the smallest form that the browser accepts, or 304 if it has the file."""
    headers = {
        "etag": file.etag,
        "cache-control": file.cache_control,
        "vary": "accept-encoding",
        # A worker gets its policy with its own file. The worker that formats runs WebAssembly.
        "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    }
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    accepted = _accepted(request.headers.get("accept-encoding", ""))
    encoding = next((e for e in _PACKED if e in accepted and e in file.bodies), "")
    if encoding:
        headers["content-encoding"] = encoding
    return Response(
        file.bodies[encoding], status_code=status_code, headers=headers, media_type=file.media_type
    )


def _accepted(header: str) -> set[str]:
    """Return the encodings that an Accept-Encoding allows, without those at `q=0`."""
    parts = [part.replace(" ", "").partition(";") for part in header.lower().split(",")]
    return {name for name, _, weight in parts if not re.fullmatch(r"q=0(\.0*)?", weight)}
