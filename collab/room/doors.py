"""The door of a room, the roles of its people, and `may`, the one place that tells who may do what.

None of this is in the log. Every change of it counts the room's `access` up by one, and every
append of entries compares that number, as it compares the head: see `collab.room.log`. So a change
of a person who has lost the role is never committed after that loss, whatever server has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args
from uuid import UUID

from msgspec import Struct

Role = Literal["viewer", "commenter", "editor", "owner"]
"""From the least to the most."""
Open = Literal["editor", "viewer", "ask", "none"]
"""What the id of a room gives by itself: a role, the right to ask for one, or nothing."""
What = Literal["read", "comment", "write", "run", "manage"]
"""What somebody wants to do: see the room, say something about it, change it, run its program, or
change who may do what."""

ROLES: tuple[Role, ...] = get_args(Role)
_NEEDS: Mapping[What, Role] = {
    "read": "viewer",
    "comment": "commenter",
    "write": "editor",
    "run": "editor",
    "manage": "owner",
}
OUT = "none"
"""In place of a member's role: this person was removed and stays out."""


class Door(Struct, frozen=True):
    """The rules of a room. `access` counts their changes, those of members' roles included.

    A room without an owner is open to edit and stays so. While `locked`, everybody but the owner
    only watches.
    """

    access: int = 0
    open: Open = "editor"
    owner: UUID | None = None
    locked: bool = False


class Access(Struct, frozen=True):
    """One reading of who may do what in a room, all of one moment: its door, and the roles of those
    who were asked for and are members (or `OUT`)."""

    door: Door
    members: Mapping[UUID, str] = {}

    def role(
        self, who: UUID | None, *, watches: bool = False, link: Role | None = None
    ) -> Role | None:
        """Return the role of a person, None for no access. One who `watches` has shown credentials
        that are not good for writing, one with a `link` a link that gives this role."""
        door, found = self.door, -1
        if who is not None and who == door.owner:
            found = ROLES.index("owner")
        elif (member := self.members.get(who) if who else None) == OUT:
            return None
        else:
            for given in (member, link, door.open):
                if given in ROLES:
                    found = max(found, ROLES.index(given))
            if door.locked:
                found = min(found, 0)
        return ROLES[min(found, 0) if watches else found] if found >= 0 else None

    def is_out(self, who: UUID | None) -> bool:
        """Tell whether a person was removed."""
        return who is not None and self.members.get(who) == OUT


def may(role: Role | None, what: What) -> bool:
    """Tell whether somebody with this role may do that. Every part of the service asks here."""
    return role is not None and ROLES.index(role) >= ROLES.index(_NEEDS[what])


def why_not(role: Role | None, door: Door) -> str:
    """Say in words why somebody with this role may not change the room."""
    if door.locked:
        return "The room is locked: everybody only watches."
    if role is None:
        return "You have no access to this room any more."
    return f"You are a {role} of this room, and may not do this."
