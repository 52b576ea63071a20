"""Runs in the process of a `Worker`.

    python -m collab.completions.work MODULE LIMIT

`MODULE` has `suggest(question)`; LIMIT is the seconds it may take. Questions and answers are
msgpack, each after its length in four bytes; a byte comes first when it is ready.
"""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO

from msgspec import msgpack

from collab.completions.providers import Question

_MEMORY = 1024**3
_WARMING = Question("import os\nos.pa", 15, "python")
_GRACE = 1.0
"""Seconds after which it stops itself, should its parent be gone."""


def main(module: str, limit: float) -> None:
    """Answer until the input ends."""
    suggest = import_module(f"collab.completions.{module}").suggest
    _confine()
    suggest(_WARMING)
    output = sys.stdout.buffer
    output.write(b"\n")
    output.flush()
    for question in _questions(sys.stdin.buffer):
        signal.setitimer(signal.ITIMER_REAL, limit + _GRACE)
        answer = msgpack.encode(suggest(question))
        signal.setitimer(signal.ITIMER_REAL, 0)
        output.write(len(answer).to_bytes(4) + answer)
        output.flush()


def _questions(source: BinaryIO) -> Iterator[Question]:
    decoder = msgpack.Decoder(Question)
    while header := source.read(4):
        yield decoder.decode(source.read(int.from_bytes(header)))


def _confine() -> None:
    """Bounded memory; no file written and no process started from here on."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        # Not every system has each of them.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
