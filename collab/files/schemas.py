"""The bodies of answers about files."""

from __future__ import annotations

from msgspec import Struct

from collab.protocol import Language
from collab.room.state import State, TextFile


class FileBody(Struct, frozen=True):
    """A file, without its text. `length` is in code points."""

    id: str
    path: str
    language: Language
    length: int


class FilesBody(Struct, frozen=True):
    """The files of a room at a revision."""

    revision: int
    files: list[FileBody]


class WrittenBody(Struct, frozen=True):
    """A file as it is after a request wrote it, at the revision of what was written.

    `merged` is true when the text is not the one that was sent, because it holds others' changes.
    """

    id: str
    path: str
    language: Language
    length: int
    revision: int
    merged: bool


def file_body(state: State, file: TextFile) -> FileBody:
    return FileBody(file.id, state.path(file.id), state.language(file.id), len(file.text))


def files_body(state: State) -> FilesBody:
    return FilesBody(state.revision, [file_body(state, file) for file in state.living_files()])
