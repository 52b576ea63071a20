"""Patterns of paths, as in `*.py` or `src/**/test_*`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MOST = 100
"""Patterns that braces may stand for."""


class BadGlob(ValueError):
    """A pattern with words about what is wrong with it."""


class Globs:
    """A list of patterns. Upper and lower case are one.

    A pattern without a slash is of a name: it takes every file of that name, and all files below
    every folder of it. One with a slash is of a path from the root of the room. `*` and `?` take
    anything but a slash, `**` takes any number of folders, `[a-z]` one of these characters, and
    `{a,b}` one of these texts.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        """Raises BadGlob."""
        alternatives = [
            _translated(one)
            for pattern in patterns
            if pattern.strip()
            for one in _braces(pattern.strip())
        ]
        if len(alternatives) > _MOST:
            raise BadGlob(f"There are more than {_MOST} patterns.")
        self._matcher = (
            re.compile("|".join(alternatives), re.IGNORECASE | re.DOTALL) if alternatives else None
        )

    def __bool__(self) -> bool:
        return self._matcher is not None

    def __contains__(self, path: object) -> bool:
        return self._matcher is not None and self._matcher.fullmatch(str(path)) is not None


def _braces(pattern: str) -> Iterator[str]:
    """The patterns that one with braces stands for."""
    waiting, made = [pattern], 0
    while waiting:
        one = waiting.pop()
        inner = re.search(r"\{([^{}]*,[^{}]*)\}", one)
        if inner is None:
            made += 1
            yield one
        else:
            before, after = one[: inner.start()], one[inner.end() :]
            waiting += [before + choice + after for choice in inner[1].split(",")]
        if made > _MOST:
            raise BadGlob(f"The braces of {pattern!r} stand for more than {_MOST} patterns.")


def _translated(pattern: str) -> str:
    """A regular expression for the paths that a pattern takes."""
    rooted = "/" in pattern.rstrip("/")
    parts = [part for part in pattern.strip("/").split("/") if part]
    if not parts:
        raise BadGlob(f"{pattern!r} names no file.")
    out = "" if rooted else "(?:.*/)?"
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            out += ".+" if last else "(?:[^/]+/)*"
        else:
            out += _name(part) + ("" if last else "/")
    return f"(?:{out}(?:/.*)?)"


def _name(part: str) -> str:
    out, at = "", 0
    while at < len(part):
        character = part[at]
        at += 1
        if character == "*":
            out += "[^/]*"
            while part[at : at + 1] == "*":
                at += 1
        elif character == "?":
            out += "[^/]"
        elif character == "[" and (end := part.find("]", at + 1)) > 0:
            chosen = part[at:end].replace("\\", r"\\").replace("[", r"\[")
            if chosen.startswith("!"):
                chosen = "^" + chosen[1:]
            out += f"[{chosen}]"
            at = end + 1
        else:
            out += re.escape(character)
    try:
        re.compile(out)
    except re.error as error:
        raise BadGlob(f"{part!r} is no pattern: {error}.") from error
    return out
