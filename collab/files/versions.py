"""The version of a file that a request is about: ETags, and the conditions that name them."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from collab.files.errors import PreconditionFailed
from collab.files.etags import ETag, parse_etags
from collab.live.programs import Reader
from collab.room.state import State

_MOST_TRIED = 4
"""Older versions of an If-Match that are looked up, since each has a text read as it was."""


class Version(Struct, frozen=True):
    """A file at a revision. An asset has no text but the hash of its bytes."""

    revision: int
    id: str
    path: str
    text: str | None
    blob: str = ""

    async def etag(self) -> ETag:
        if (text := self.text) is None:
            return ETag(self.revision, self.blob[:16])
        return await asyncio.to_thread(lambda: ETag.of(self.revision, text.encode()))


class Condition(Struct, frozen=True):
    """A condition that a request sets for the file that it changes.

    With `merge`, an older version in `if_match` is the text that the program has changed. Without,
    it fails.
    """

    if_match: str | None = None
    if_none_match: str | None = None
    merge: bool = False


def version(state: State, node: str) -> Version:
    """The version of a text, or of an asset."""
    if file := state.files.get(node):
        return Version(state.revision, node, state.path(node), str(file.text))
    return Version(state.revision, node, state.path(node), None, state.assets[node].blob)


def check_absent(path: str, condition: Condition) -> None:
    """Raises PreconditionFailed where a file has to be there."""
    if condition.if_match is not None:
        raise _failed(f"There is no file {path} in this room.")


async def find_base(reader: Reader, room_id: str, head: Version, condition: Condition) -> Version:
    """The version that a program has changed. Raises PreconditionFailed."""
    etag = await head.etag()
    unwanted = condition.if_none_match or ""
    if _is_any(unwanted) or etag.hash in {tag.hash for tag in parse_etags(unwanted)}:
        raise _failed(f"There is a file {head.path} already.", etag)
    if condition.if_match is None or _is_any(condition.if_match):
        return head
    wanted = parse_etags(condition.if_match)
    if etag.hash in {tag.hash for tag in wanted}:
        return head
    if not condition.merge or head.text is None:
        raise _failed("The file has changed since the version that If-Match names.", etag)
    for tag in wanted[:_MOST_TRIED]:
        if tag.revision < head.revision:
            state, node = await reader.file_then(room_id, tag.revision, lambda _: head.id)
            if node in state.files:
                base = version(state, head.id)
                if (await base.etag()).hash == tag.hash:
                    return base
    raise _failed("If-Match names no version that this file has had.", etag)


def _is_any(header: str) -> bool:
    return header.strip() == "*"


def _failed(words: str, etag: ETag | None = None) -> PreconditionFailed:
    headers = {"etag": str(etag)} if etag else None
    return PreconditionFailed(words, headers=headers, extra={"code": "other_version"})
