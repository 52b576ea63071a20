"""Holds the built front end in memory, each file with its compressed forms. Large ones stay on the
disk, since few people need them."""

from __future__ import annotations

import mimetypes
import os
import re
from hashlib import blake2b
from io import FileIO
from pathlib import Path
from typing import Any

from litestar import Request, Response
from msgspec import Struct

STATIC = Path(__file__).parent.parent / "static"
_PACKED = ("br", "gzip")
_ENDS = {"": "", "br": ".br", "gzip": ".gz"}
_LARGE = 1024 * 1024
"""Bytes of the largest file that is held in memory."""
_FOREVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"


class File(Struct, frozen=True):
    """A file and its compressed forms, by content encoding; "" is the plain form. `held` has them
    unless they stay on the disk."""

    media_type: str
    etag: str
    cache_control: str
    forms: dict[str, str]
    held: dict[str, bytes]

    def body(self, encoding: str = "") -> bytes:
        return self.held.get(encoding) or Path(self.forms[encoding]).read_bytes()


def read_files(folder: Path) -> dict[str, File]:
    """Read every file below a folder. Returns them by their paths from there."""
    files: dict[str, File] = {}
    for parent, _, names in os.walk(folder):
        there = set(names)
        under = Path(parent).relative_to(folder).as_posix()
        for name in names:
            if name.endswith((".br", ".gz")):
                continue
            # Strings, because a `Path` for each of them would take longer than reading the files.
            plain = f"{parent}/{name}"
            forms = {each: plain + end for each, end in _ENDS.items() if name + end in there}
            bodies = {each: _read(form) for each, form in forms.items()}
            is_held = len(bodies[""]) <= _LARGE
            files[f"{under}/{name}".removeprefix("./")] = File(
                media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
                etag=f'"{blake2b(bodies[""], digest_size=12).hexdigest()}"',
                # Vite puts the hash of each of these files into its name.
                cache_control=_FOREVER if under == "assets" else _ASK_FIRST,
                forms=forms,
                held=bodies if is_held else {},
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
    encoding = next((e for e in _PACKED if e in accepted and e in file.forms), "")
    if encoding:
        headers["content-encoding"] = encoding
    return Response(
        file.body(encoding), status_code=status_code, headers=headers, media_type=file.media_type
    )


def _read(path: str) -> bytes:
    with FileIO(path) as file:
        return file.readall()


def _accepted(header: str) -> set[str]:
    """Return the encodings that an Accept-Encoding allows, without those at `q=0`."""
    parts = [part.replace(" ", "").partition(";") for part in header.lower().split(",")]
    return {name for name, _, weight in parts if not re.fullmatch(r"q=0(\.0*)?", weight)}
