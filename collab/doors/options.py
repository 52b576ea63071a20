"""The limits of the domain."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class DoorLimits(Struct, frozen=True):
    """The options --limit-doors-…."""

    members: Annotated[int, Meta(ge=1, description="members of a room, removed people too")] = 1000
    links: Annotated[int, Meta(ge=1, description="links of a room that are not revoked")] = 100
    waiting: Annotated[int, Meta(ge=1, description="people who ask to be let into a room")] = 100
    asking: Annotated[
        int,
        Meta(ge=1, description="asks of one network to be let into a room in 15 minutes"),
    ] = 50
    unknown: Annotated[
        int,
        Meta(ge=1, description="names of no account that one network may add in 15 minutes"),
    ] = 50
