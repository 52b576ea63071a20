"""Writes the text of a file for a program: as the difference from the text that it has changed."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from collab.files.errors import NoText, PreconditionFailed, TooLarge
from collab.files.etags import ETag, parse_etags
from collab.files.reading import Reader, find_file
from collab.live.host import Host
from collab.protocol import Edit, Submit
from collab.room.plain import normalise
from collab.room.state import State, TextFile
from ot import diff

AUTHOR = "REST API"
"""The author's name in entries of programs."""


class Version(Struct, frozen=True):
    """A file at a revision."""

    revision: int
    id: str
    path: str
    language: str
    text: str

    async def etag(self) -> ETag:
        return await asyncio.to_thread(lambda: ETag.of(self.revision, self.text.encode()))


class Condition(Struct, frozen=True):
    """What a request asks of the file that it writes.

    With `merge`, an older version in `if_match` is the text that the program has changed. Without,
    it fails.
    """

    if_match: str | None
    if_none_match: str | None
    merge: bool


def version(state: State, file: TextFile) -> Version:
    return Version(
        state.revision, file.id, state.path(file.id), state.language(file.id), str(file.text)
    )


def read_text(body: bytes, most: int) -> str:
    """The text that a body holds, with LF as its only line end. Raises NoText and TooLarge."""
    try:
        text = normalise(body.decode())
    except UnicodeDecodeError as error:
        words = f"The body is not UTF-8: {error.reason} at byte {error.start}."
        raise NoText(words, extra={"code": "not_a_text"}) from error
    except ValueError as error:
        raise NoText(str(error), extra={"code": "not_a_text"}) from error
    if len(text) > most:
        words = f"The file would have {len(text)} characters; the limit is {most}."
        raise TooLarge(words, extra={"code": "text_too_large"})
    return text


async def write_text(
    host: Host, reader: Reader, room_id: str, path: str, text: str, condition: Condition
) -> Version:
    """Make a file's text this one, and return it as it is then: with what others changed meanwhile.

    Raises what `Host.visit` does, and HTTPException.
    """
    await host.catch_up()
    state = host.room.state
    head = version(state, find_file(state, path))
    base = await _base(reader, room_id, head, condition)
    operation = await asyncio.to_thread(diff, base.text, text)
    if operation.is_noop():
        return head
    await reader.pay(max(0, host.room.past.oldest - base.revision))
    message = Submit(1, base.revision, Edit(head.id, operation), origin="tool")
    written, pause = await host.visit(
        reader.account, AUTHOR, message, lambda state: version(state, state.files[head.id])
    )
    if pause:
        await reader.rest(pause)
    return written


async def _base(reader: Reader, room_id: str, head: Version, condition: Condition) -> Version:
    """The version that a program has changed. Raises PreconditionFailed."""
    etag = await head.etag()
    if condition.if_none_match is not None:
        unwanted = parse_etags(condition.if_none_match)
        if _is_any(condition.if_none_match) or etag.hash in {tag.hash for tag in unwanted}:
            raise _failed(f"There is a file {head.path} already.", etag)
    if condition.if_match is None or _is_any(condition.if_match):
        return head
    wanted = parse_etags(condition.if_match)
    if etag.hash in {tag.hash for tag in wanted}:
        return head
    if not condition.merge:
        raise _failed("The file has changed since the version that If-Match names.", etag)
    for tag in wanted:
        if tag.revision < head.revision:
            state = await reader.room(room_id, tag.revision)
            if file := state.files.get(head.id):
                base = version(state, file)
                if (await base.etag()).hash == tag.hash:
                    return base
    raise _failed("If-Match names no version that this file has had.", etag)


def _is_any(header: str) -> bool:
    return header.strip() == "*"


def _failed(words: str, etag: ETag) -> PreconditionFailed:
    return PreconditionFailed(words, headers={"etag": str(etag)}, extra={"code": "other_version"})
