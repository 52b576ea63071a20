"""The bodies of requests and answers of doors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from collab.protocol import Name, check_name
from collab.room.doors import Open, Role

GivenRole = Literal["viewer", "commenter", "editor"]
Secret = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{43}\Z")]
_YEAR = 366 * 24 * 3600


class AccessBody(Struct, frozen=True):
    """What the id of a room gives by itself (`open`), whether it is locked, whether it has an
    owner, and the caller's own role and id."""

    open: Open
    locked: bool
    owned: bool
    role: Role
    who: UUID | None


class PatchAccess(Struct, frozen=True):
    """What is to change of the door; what is not given stays."""

    open: Open | None = None
    locked: bool | None = None


class MemberBody(Struct, frozen=True):
    """A person with a role in the room. "none" is one who was removed and stays out."""

    who: UUID
    role: Literal["owner", "editor", "commenter", "viewer", "none"]
    name: str | None
    since: datetime


class SetMember(Struct, frozen=True):
    """The role to give. "owner" hands the room over, "none" removes the person, who stays out."""

    role: Literal["owner", "editor", "commenter", "viewer", "none"]
    name: Name | None = None
    """What to call a guest in the list of members."""

    def __post_init__(self) -> None:
        if self.name is not None:
            check_name(self.name)


class AddMember(Struct, frozen=True):
    """The name of an account, and the role to give."""

    name: Name
    role: GivenRole


class MakeLink(Struct, frozen=True):
    """The role that a link gives, the seconds until it expires, and how often it may be used."""

    role: GivenRole
    expires_in: Annotated[int, Meta(ge=1, le=_YEAR)] | None = None
    uses: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class LinkBody(Struct, frozen=True):
    """A link. `uses` of `most` are used up. It is `pointless` where the id of the room gives as
    much."""

    id: UUID
    role: GivenRole
    expires_at: datetime | None
    most: int | None
    uses: int
    pointless: bool


class MadeLink(LinkBody, frozen=True):
    """A new link with its secret, which is told this once. The page takes it behind the `#` of the
    room's address: `#key=…`."""

    secret: str


class Enter(Struct, frozen=True):
    """The secret of a link, and what to call a guest in the list of members."""

    secret: Secret
    name: Name | None = None

    def __post_init__(self) -> None:
        if self.name is not None:
            check_name(self.name)


class EnteredBody(Struct, frozen=True):
    """The role that the caller has now."""

    role: Role


class AskBody(Struct, frozen=True):
    """The name under which the owner sees who asks."""

    name: Name

    def __post_init__(self) -> None:
        check_name(self.name)


class WaitingBody(Struct, frozen=True):
    """Somebody who waits to be let in, or for a higher role."""

    who: UUID
    name: str
    since: datetime


class StateBody(Struct, frozen=True):
    """How it stands with what the caller has asked for."""

    state: Literal["waiting", "let_in", "turned_away", "not_asked"]


class Answer(Struct, frozen=True):
    """The role to let somebody in with; "none" turns them away."""

    role: Literal["editor", "commenter", "viewer", "none"]
