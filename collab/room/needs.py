"""What somebody must be allowed to do to send a message, or to make a change."""

from __future__ import annotations

from collections.abc import Mapping

from collab.changes.run import Run
from collab.protocol import (
    Change,
    CodeUpdate,
    CursorUpdate,
    Join,
    Ping,
    Presence,
    Profile,
    Read,
    Submit,
)
from collab.room.doors import What

NEEDS: Mapping[type, What] = {
    Join: "read",
    Submit: "write",
    Presence: "read",
    Profile: "read",
    Read: "read",
    Ping: "read",
    CodeUpdate: "write",
    CursorUpdate: "read",
}
"""What somebody must be allowed to do to send a message of this type."""


def need_of(change: Change) -> What:
    """Return what somebody must be allowed to do to make a change."""
    return "run" if type(change) is Run else NEEDS[Submit]
