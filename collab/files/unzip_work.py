"""Runs in the process that reads one zip: see `unzipping`.

    python -m collab.files.unzip_work LIMITS < ZIP

LIMITS is JSON. What is found goes out as msgpack, each after its length in four bytes; a length of
zero comes last.
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

from msgspec import json, msgpack

from collab.files.unzip import ZipLimits, read_zip

_MEMORY = 1024**3
_SECONDS = 60
"""Of the processor."""


def main(limits: ZipLimits) -> None:
    """Read the zip on the standard input, which is a file."""
    _confine()
    output = sys.stdout.buffer
    encoder = msgpack.Encoder()
    for found in read_zip(sys.stdin.buffer, limits):
        encoded = encoder.encode(found)
        output.write(len(encoded).to_bytes(4))
        output.write(encoded)
    output.write(bytes(4))
    output.flush()


def _confine() -> None:
    """Bounded memory and time; no file written and no process started from here on."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        # Not every system has each of them.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(json.decode(sys.argv[1], type=ZipLimits))
