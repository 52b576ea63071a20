"""Messages between a server and the process that searches for it: see `work`.

Each message is msgpack, after its length in four bytes.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from collab.search.finder import Match, Query

Why = Literal["matches", "time", "memory", "inserted"]
"""Why a search ends early."""


class Job(Struct, frozen=True):
    """The first message to the process. It searches for `seconds` of the processor.

    `whole` asks for replacements in their full length, of which all together may have
    `most_inserted` code points.
    """

    query: Query
    paths: list[str]
    assets: list[str]
    most_matches: int
    most_inserted: int
    seconds: float
    whole: bool = False


class Refused(Struct, frozen=True, tag=True):
    """The query cannot be asked: the field that is wrong, and why."""

    key: str
    words: str


class Chosen(Struct, frozen=True, tag=True):
    """The places, in the list of paths, of the files that are to be searched, and the number of
    assets that the patterns take too."""

    files: list[int]
    assets: int


class Found(Struct, frozen=True, tag=True):
    """Some matches in one of the files, in order."""

    file: int
    matches: list[Match]


class Stopped(Struct, frozen=True, tag=True):
    """The search ends here, before the end of a file."""

    why: Why
    file: int | None = None


class Done(Struct, frozen=True, tag=True):
    """All files of a batch are searched. `empty`: the pattern has matched the empty text."""

    empty: bool


Answer = Refused | Chosen | Found | Stopped | Done
Batch = list[tuple[int, str]]
"""Texts to search next, each with its place in the list of paths."""
