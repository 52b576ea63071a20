"""Splits paths that strangers send into names that every desktop can store, or refuses them."""

from __future__ import annotations

import re
from unicodedata import normalize

from collab.room.names import wrong_name
from collab.room.state import Limits

_DRIVE = re.compile(r"[A-Za-z]:")
_OF_SYSTEMS = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
"""Files and folders that operating systems put beside those of people."""


def parse_path(path: str, limits: Limits) -> list[str]:
    """Return the names of a path in a zip, in NFC. A backslash separates names, too.

    Raises ValueError with the part of the path that is wrong, and words that say why.
    """
    if not path:
        raise ValueError(path, "It has no name.")
    parts = path.replace("\\", "/").split("/")
    if parts[0] == "" or _DRIVE.match(parts[0]):
        raise ValueError(path, "Its path is absolute: it would lie outside of the room.")
    names: list[str] = []
    for number, part in enumerate(parts, 1):
        if part in ("", "."):
            continue
        name = normalize("NFC", part) if len(part) <= limits.name else part
        if words := _wrong(name, limits):
            where = "/".join(parts[:number]) + ("/" if number < len(parts) else "")
            raise ValueError(where, words)
        names.append(name)
    if len(names) > limits.depth:
        raise ValueError(path, f"It is {len(names)} levels deep; the limit is {limits.depth}.")
    if (size := len("/".join(names).encode())) > limits.path:
        raise ValueError(path, f"Its path has {size} bytes; the limit is {limits.path}.")
    return names


def _wrong(name: str, limits: Limits) -> str | None:
    if name == "..":
        return "It would lie outside of the room."
    if name in _OF_SYSTEMS:
        return "An operating system has made it for itself."
    return wrong_name(name, limits.name)
