"""The bodies of requests and answers about files."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from collab.protocol import Language
from collab.room.state import State

Kind = Literal["text", "asset", "folder"]


class FileBody(Struct, frozen=True):
    """A file or folder. A text has a language and a length in code points; an asset has a size in
    bytes, and the SHA-256 of them as `blob`."""

    id: str
    path: str
    kind: Kind
    language: Language | None = None
    length: int | None = None
    size: int | None = None
    blob: str | None = None


class FilesBody(Struct, frozen=True):
    """The files and folders of a room at a revision."""

    revision: int
    files: list[FileBody]


class ChangedBody(Struct, frozen=True):
    """A file or folder as it is after a request changed it, at the revision of the change.

    `merged` is true when the text is not the one that was sent, because it holds others' changes.
    """

    revision: int
    id: str
    path: str
    kind: Kind
    language: Language | None = None
    length: int | None = None
    size: int | None = None
    blob: str | None = None
    merged: bool = False


class MoveFile(Struct, frozen=True):
    """The new place of a file or folder."""

    path: str


class GitImport(Struct, frozen=True):
    """The https address of a public repository, and a branch or tag of it; "" for what it shows
    first."""

    url: str
    ref: str = ""


class RemarkBody(Struct, frozen=True):
    """Tells of a file that is not kept as it was. `kept` is false for one that is left
    out."""

    path: str
    words: str
    kept: bool


class ImportedBody(Struct, frozen=True):
    """The result of an import: the first remarks, and the number `more` of others."""

    revision: int
    added: int
    replaced: int
    unchanged: int
    remarks: list[RemarkBody]
    more: int


def file_body(state: State, node: str) -> FileBody:
    path = state.path(node)
    if file := state.files.get(node):
        return FileBody(node, path, "text", state.language(node), len(file.text))
    if asset := state.assets.get(node):
        return FileBody(node, path, "asset", size=asset.size, blob=asset.blob)
    return FileBody(node, path, "folder")


def files_body(state: State) -> FilesBody:
    """The living files and folders, by path."""
    living = [file_body(state, node) for node in state.tree if state.tree.is_living(node)]
    return FilesBody(state.revision, sorted(living, key=lambda file: file.path))


def changed_body(state: State, node: str) -> ChangedBody:
    body = file_body(state, node)
    return ChangedBody(
        state.revision,
        body.id,
        body.path,
        body.kind,
        body.language,
        body.length,
        body.size,
        body.blob,
    )
