"""Reads a zip in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import BinaryIO

from collab.files.apart import read_apart
from collab.files.found import Found, FoundLimits

_TOO_MUCH = "The zip takes more time or memory to read than there is for it."


def unzip(file: BinaryIO, limits: FoundLimits) -> AsyncGenerator[Found]:
    """Yield what a zip in a real file holds. Ends after Refused."""
    return read_apart("collab.files.unzip_work", limits, _TOO_MUCH, stdin=file)
