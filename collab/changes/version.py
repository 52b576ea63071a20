"""The changes of a room's history: names of revisions, and why a change took others back."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from collab.changes.tree import NodeId

VersionName = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=r"\A(?=.*\S)[^\x00-\x1f\x7f-\x9f]*\Z")
]
_Revision = Annotated[int, Meta(ge=0, le=2**53)]
_Person = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]


class NameVersion(Struct, frozen=True, array_like=True, tag="version", forbid_unknown_fields=True):
    """Name a revision, or give it another name. Without a revision, that before this entry."""

    name: VersionName
    revision: _Revision | None = None


class Revert(Struct, frozen=True, array_like=True, tag="revert", forbid_unknown_fields=True):
    """The cause of a change that brings back what was at `revision`: of one node, or of all."""

    revision: _Revision
    node: NodeId | None = None


class TakeBack(Struct, frozen=True, array_like=True, tag="undo", forbid_unknown_fields=True):
    """The cause of a change that takes back what a person has done after a revision."""

    person: _Person
    since: _Revision
