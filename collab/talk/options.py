"""The options of the domain."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class TalkOptions(Struct, frozen=True):
    """The options that begin with --talk."""

    keep_days: Annotated[
        float, Meta(ge=0, description="days that rooms keep messages; 0 keeps them")
    ] = 0.0
    edit_hours: Annotated[
        float, Meta(ge=0, description="hours in which people may edit and delete what they said")
    ] = 24.0


class TalkLimits(Struct, frozen=True):
    """The options that begin with --limit-talk."""

    message: Annotated[int, Meta(ge=1, description="code points of a message")] = 4000
    per_minute: Annotated[int, Meta(ge=1, description="messages of one person in a minute")] = 20
    per_address: Annotated[
        int, Meta(ge=1, description="messages from one address in a minute, whoever sends them")
    ] = 300
    changes: Annotated[
        int, Meta(ge=1, description="edits, deletions and reactions of one person in a minute")
    ] = 60
    threads: Annotated[int, Meta(ge=1, description="open threads of comments in a room")] = 500
    mentions: Annotated[int, Meta(ge=0, description="people whom a message mentions")] = 20
