"""The program that runs in the process of a `Worker`.

    python -m collab.completions.work MODULE LIMIT

`MODULE` has `suggest(question)`, which may take LIMIT seconds. Questions and answers are msgpack,
each after its length in four bytes. The process writes one byte when it is ready.
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
"""Seconds beyond LIMIT after which the process stops itself, if its parent is gone."""


def main(module: str, limit: float) -> None:
    """Answer questions until the input ends."""
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
    """Limit the memory, and forbid to write files or start processes from here on."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        # Some systems lack some of these limits.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
