"""Every Change, as a tagged Struct."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from collab.changes.name import SetName
from collab.changes.program import SetProgram
from collab.changes.run import Run
from collab.changes.tree import (
    AddAsset,
    AddFolder,
    Move,
    ParentId,
    PutAsset,
    Remove,
    Restore,
)
from collab.changes.version import NameVersion, Revert, TakeBack
from collab.protocol.values import FileId, Language
from ot import Operation


class Edit(Struct, frozen=True, array_like=True, tag="edit", gc=False, forbid_unknown_fields=True):
    """Edit the text of a file. `gc` as for Entry."""

    file: FileId
    operation: Operation


class SetLanguage(Struct, frozen=True, array_like=True, tag="language", forbid_unknown_fields=True):
    """Choose the language of a file. None lets it follow from the file's name again."""

    file: FileId
    language: Language | None


class AddFile(Struct, frozen=True, array_like=True, tag="add", forbid_unknown_fields=True):
    """Add a file with its first text. Without a language, the file has that of its name."""

    file: FileId
    name: str
    language: Language | None
    text: str
    parent: ParentId = ""


ClientSingle = (
    Edit | SetLanguage | AddFile | AddFolder | Move | Remove | Restore | SetName | SetProgram
)
Single = ClientSingle | AddAsset | PutAsset
"""The changes that are not made of others."""
Cause = Literal["import", "revert", "undo", "git", "replace"] | Revert | TakeBack
"""`revert` and `undo` alone stand in entries that do not say what they took back."""


class Many(Struct, frozen=True, array_like=True, tag="many", forbid_unknown_fields=True):
    """Make several changes under one revision, for one cause: all of them, or none."""

    changes: Annotated[list[Single], Meta(min_length=1)]
    cause: Cause


ClientChange = ClientSingle | Many | Run | NameVersion
"""The changes that a client may submit."""

Change = Single | Many | Run | NameVersion
"""The changes that a room's log holds."""
