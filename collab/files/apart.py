"""Reads what a stranger has sent in a process of its own, which shares no interpreter with rooms.

What makes it spin or swell costs its sender the answer, and nobody else anything. The process
writes what it finds as msgpack, each after its length in four bytes; a length of zero comes last.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from msgspec import Struct, json, msgpack

from collab.confining.environment import environment
from collab.files.found import Found, Refused

_PATIENCE = 120.0
"""Seconds that one entry may take. The process ends itself sooner, by the limits it sets itself."""
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_MEMORY = 1024**3
_SECONDS = 60
"""Of the processor."""
_decoder = msgpack.Decoder(Found)


async def read_apart(
    module: str,
    argument: Struct,
    too_much: str,
    *,
    stdin: BinaryIO | int = DEVNULL,
    cwd: str = "/",
    patience: float = _PATIENCE,
) -> AsyncGenerator[Found]:
    """Yield what a module finds. Ends after Refused, which says `too_much` where the process has
    ended without a word or has taken too long."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, json.encode(argument).decode()),
        stdin=stdin,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=cwd,
        env=environment(*_CERTIFICATES),
    )
    assert process.stdout
    try:
        while True:
            async with asyncio.timeout(patience):
                length = int.from_bytes(await process.stdout.readexactly(4))
                if not length:
                    return
                found = _decoder.decode(await process.stdout.readexactly(length))
            yield found
    except (TimeoutError, EOFError):
        yield Refused(too_much)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def confine(most_written: int = 0) -> None:
    """Bound the memory and time of this process. It starts no other, and writes no file that is
    larger than this."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_NPROC, 0),
    ):
        # Not every system has each of them.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def write_all(found: Iterator[Found]) -> None:
    """Tell the process that reads this one what is found."""
    output: Any = sys.stdout.buffer
    encoder = msgpack.Encoder()
    for one in found:
        encoded = encoder.encode(one)
        output.write(len(encoded).to_bytes(4))
        output.write(encoded)
    output.write(bytes(4))
    output.flush()
