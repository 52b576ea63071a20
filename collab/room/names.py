"""Rules for the names of files and folders: which every desktop can store, and which are the same.

A tree that keeps these rules can be exported to any of Linux, macOS and Windows, and into Git.
`frontend/src/room/names.ts` has the same rules; both run `tests/vectors/changes.json`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import category, normalize

_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\Z")
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reverse the direction of the letters after them, so that a name looks like
another."""


def wrong_name(name: str, most_bytes: int) -> str | None:
    """Say in words why a node cannot have this name; None where it can."""
    if not name:
        return "A name has at least one character."
    if len(name) > most_bytes or len(name.encode(errors="replace")) > most_bytes:
        return f"The name is longer than {most_bytes} bytes."
    for character in name:
        if character in _FORBIDDEN:
            return f"A name cannot have the character {character}"
        if category(character) in _UNSEEN or character in _TURNING:
            return f"A name cannot have the character U+{ord(character):04X}."
    if name[-1] in ". ":
        return "A name cannot end with a dot or a space."
    stem = name.partition(".")[0].rstrip(" ").casefold()
    if _RESERVED.match(stem):
        return f"Windows keeps the name {name} for itself."
    if _is_git(name):
        return f"Git keeps the name {name} for itself."
    return None


def key_of(name: str) -> str:
    """Return the key of a name, without normal form and case. In a folder each name needs its own
    key."""
    return name if _is_plain(name) else normalize("NFC", normalize("NFC", name).casefold())


def spare_name(name: str, is_taken: Callable[[str], bool], most_bytes: int) -> str:
    """Return a name, or if it is taken the first free one of `utils_2.py`, `utils_3.py`, …"""
    if not is_taken(name):
        return name
    dot = name.rfind(".")
    stem, ending = (name[:dot], name[dot:]) if dot > 0 else (name, "")
    number = 2
    while True:
        tail = f"_{number}{ending}"
        spare = _shortened(stem, most_bytes - len(tail.encode())) + tail
        if not is_taken(spare):
            return spare
        number += 1


_LOWER = re.compile(r"[a-z0-9_.-]*\Z")


def _is_plain(name: str) -> bool:
    return _LOWER.match(name) is not None


def _is_git(name: str) -> bool:
    """Tell whether Git for Windows or macOS reads a name as `.git`, too."""
    seen = "".join(c for c in name.casefold() if category(c) != "Cf")
    return seen in {".git", "git~1"}


def _shortened(stem: str, most_bytes: int) -> str:
    while len(stem.encode()) > most_bytes:
        stem = stem[:-1]
    return stem
