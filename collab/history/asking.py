"""The parameters of the routes of the past, and the search for a file by path or id."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from litestar.exceptions import NotFoundException
from litestar.params import QueryParameter

from collab.history.chapters import CHAPTER
from collab.history.historian import Historian
from collab.room.state import State

At = Annotated[
    int | None, QueryParameter(ge=0, le=2**53, description="the revision; by default the head")
]
Start = Annotated[
    int, QueryParameter(name="from", ge=0, le=2**53, description="the revision before the first")
]
End = Annotated[
    int | None,
    QueryParameter(name="to", ge=0, le=2**53, description="the last revision; by default the head"),
]
Buckets = Annotated[int, QueryParameter(ge=1, le=2000, description="how many there are at most")]
After = Annotated[int, QueryParameter(ge=0, le=2**53, description="the revision before the first")]
Limit = Annotated[int, QueryParameter(ge=1, le=CHAPTER, description="entries of a page")]
OneFile = Annotated[
    str | None, QueryParameter(name="file", description="the path or id of one file")
]
Form = Annotated[
    Literal["operations", "patch"], QueryParameter(name="format", description="the form")
]


async def find_then(
    historian: Historian, room_id: UUID, name: str, revisions: tuple[int, int]
) -> str:
    """Find the node of a path or id at one of these revisions. Raises NotFoundException."""
    for revision in revisions:
        if (node := find(await historian.tree(room_id, revision), name)) is not None:
            return node
    words = f"There is no file or folder {name.strip('/')} in this room."
    raise NotFoundException(words, extra={"code": "unknown_file"})


def find(tree: State, name: str) -> str | None:
    """Find the node of a path or id; None if there is none."""
    name = name.strip("/")
    return tree.tree.find(name) or (name if tree.tree.get(name) else None)
