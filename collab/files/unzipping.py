"""Reads a zip in a process of its own, which shares no interpreter with the rooms.

A zip that makes it spin or swell costs its sender the answer, and nobody else anything.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import BinaryIO

from msgspec import json, msgpack

from collab.files.unzip import Found, Refused, ZipLimits

_PATIENCE = 120.0
"""Seconds that one entry may take. The process ends itself sooner, by the limits it sets itself."""
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
"""The only environment variables that it gets. It needs no address of a database."""
_TOO_MUCH = "The zip takes more time or memory to read than there is for it."
_decoder = msgpack.Decoder(Found)


async def unzip(file: BinaryIO, limits: ZipLimits) -> AsyncGenerator[Found]:
    """Yield what a zip in a real file holds. Ends after Refused."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "collab.files.unzip_work", json.encode(limits).decode()),
        stdin=file,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd="/",
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
    )
    assert process.stdout
    try:
        while True:
            async with asyncio.timeout(_PATIENCE):
                length = int.from_bytes(await process.stdout.readexactly(4))
                if not length:
                    return
                found = _decoder.decode(await process.stdout.readexactly(length))
            yield found
    except (TimeoutError, EOFError):
        yield Refused(_TOO_MUCH)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
