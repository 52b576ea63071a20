"""Chooses the texts of a room that are sent with a question. They are committed texts of files that
the asker may read.

Left out are files that hold secrets, and files in which somebody has written who wants nothing
sent. In what is sent, lines that look like secrets are masked.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import PurePosixPath

from msgspec import Struct

from collab.ai.masking import hide, is_secret, masked
from collab.room.state import State

MOST_FILES = 40
"""Files whose texts are looked at for one question."""
_MOST_NAMES = 2000
"""Files whose names are looked at."""
_LARGEST = 200_000
"""Code points of a file above which only the file that is asked about is looked at."""
_LOOKED_AT = 20_000
"""Code points of a file in which words are looked for."""
_WORD = re.compile(r"[^\W\d]\w{2,60}")
_PER_FILE = 0.5
"""The share of the context that one file beside the first may take."""


class Source(Struct, frozen=True):
    """A part of a file that was sent: its lines, counted from 1."""

    file: str
    path: str
    first: int
    last: int


class Passage(Struct, frozen=True):
    """A source and its text as it is sent."""

    source: Source
    text: str


class Span(Struct, frozen=True):
    """A part of a text that somebody asks about, in code points."""

    file: str
    start: int
    end: int


def candidates(state: State, about: str | None, words: Collection[str]) -> list[str]:
    """Return the files whose texts are worth a look, by their names: the one that is asked about,
    then those that the words name, then those in the same folder."""
    folder = PurePosixPath(state.path(about)).parent if about else None
    rated = []
    for file in islice(state.files, _MOST_NAMES):
        if not state.tree.is_living(file) or (len(state.files[file].text) > _LARGEST):
            continue
        path = state.path(file)
        pure = PurePosixPath(path)
        if file != about and not is_secret(path):
            rated.append(((pure.stem not in words, pure.parent != folder, path), file))
    others = [file for _, file in sorted(rated)]
    return ([about] if about else []) + others[: MOST_FILES - 1]


async def passages(
    texts: Mapping[str, tuple[str, str]], span: Span | None, question: str, most: int
) -> list[Passage]:
    """Choose parts of these files (path and text, by id) with `most` code points in all.

    What is around the span comes first, then the files that share most words with it and with the
    question. Others have their turn between two files.
    """
    found: list[Passage] = []
    wanted = set(_WORD.findall(question))
    if span:
        path, text = texts[span.file]
        wanted |= set(_WORD.findall(text[span.start : span.end][:_LOOKED_AT]))
        start, end = _around(text, span.start, span.end, most)
        found.append(_passage(span.file, path, text, start, end))
        most -= end - start
    rated = []
    for file, (path, text) in texts.items():
        rated.append((_shared(text[:_LOOKED_AT], path, wanted), file))
        await asyncio.sleep(0)
    rated.sort(reverse=True)
    per_file = int(most * _PER_FILE)
    for shared, file in rated:
        path, text = texts[file]
        if (span and file == span.file) or not text or (span and not shared) or most < 200:
            continue
        start, end = _around(text, 0, 0, min(most, per_file if len(rated) > 1 else most))
        found.append(_passage(file, path, text, start, end))
        most -= end - start
    return found


def _shared(text: str, path: str, wanted: Collection[str]) -> int:
    named = 3 * (PurePosixPath(path).stem in wanted or path in wanted)
    return named + len(_words(text).intersection(wanted))


@lru_cache(maxsize=128)
def _words(text: str) -> frozenset[str]:
    """Return the words of a text. The next question is mostly about the same texts."""
    return frozenset(_WORD.findall(text))


def _around(text: str, start: int, end: int, most: int) -> tuple[int, int]:
    """Return a part of a text with this one in it, of whole lines around it."""
    spare = max(0, most - (end - start))
    first = max(0, start - spare * 2 // 3)
    last = min(len(text), max(end, first + most))
    if first > 0:
        first = text.find("\n", first, start) + 1 or start
    if last < len(text):
        last = text.rfind("\n", end, last) + 1 or end
    return first, last


def _passage(file: str, path: str, text: str, start: int, end: int) -> Passage:
    first = text.count("\n", 0, start) + 1
    part = text[start:end]
    last = first + part.removesuffix("\n").count("\n")
    return Passage(Source(file, path, first, last), masked(hide(text, start, end)))


def fenced(text: str) -> str:
    """Return a text as the model is shown it. Nothing in it ends the quotation."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def quoted(passages_: Sequence[Passage]) -> Iterator[str]:
    """Yield each passage with its place."""
    for one in passages_:
        yield f"File {one.source.path}:{one.source.first}-{one.source.last}\n{fenced(one.text)}"
