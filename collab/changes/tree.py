"""The changes of a room's tree of files, folders and assets. `collab.room.kinds` applies them.

A node is a file, a folder or an asset. Its id never changes; its name and its parent do. A parent
is the id of a folder, or "" for the root.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

NodeId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,16}\Z")]
ParentId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,16}\Z")]
BlobHash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""The SHA-256 of the bytes of an asset."""
Size = Annotated[int, Meta(ge=0, le=2**53)]


class AddFolder(Struct, frozen=True, array_like=True, tag="folder", forbid_unknown_fields=True):
    """Add a folder."""

    id: NodeId
    parent: ParentId
    name: str


class AddAsset(Struct, frozen=True, array_like=True, tag="asset", forbid_unknown_fields=True):
    """Add a file of bytes, which are kept apart from the log under their hash."""

    id: NodeId
    parent: ParentId
    name: str
    blob: BlobHash
    size: Size


class PutAsset(Struct, frozen=True, array_like=True, tag="put", forbid_unknown_fields=True):
    """Give an asset other bytes."""

    id: NodeId
    blob: BlobHash
    size: Size


class Move(Struct, frozen=True, array_like=True, tag="move", forbid_unknown_fields=True):
    """Give a node a name in a folder: the same folder or another one."""

    id: NodeId
    parent: ParentId
    name: str


class Remove(Struct, frozen=True, array_like=True, tag="remove", forbid_unknown_fields=True):
    """Remove a node, and with it all that is in it. It can be restored."""

    id: NodeId


class Restore(Struct, frozen=True, array_like=True, tag="restore", forbid_unknown_fields=True):
    """Bring back a removed node, under a name in a folder."""

    id: NodeId
    parent: ParentId
    name: str
