"""Tells texts from other bytes."""

from __future__ import annotations

from collab.room.plain import normalise


def read_text(data: bytes) -> str | None:
    """The text that bytes are, with LF as its only line end; None if they are none."""
    try:
        return normalise(data.decode())
    except ValueError:
        return None
