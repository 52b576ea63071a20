"""Replaces what a search finds, in all files of a room, as one change.

The matches are those at one revision, and the change is submitted on it: so it is merged exactly
with what people type meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import aclosing
from hashlib import sha256

from litestar.exceptions import HTTPException
from msgspec import json
from msgspec.structs import replace

from collab.errors import ChangeRefused
from collab.live.host import Host
from collab.live.programs import Reader, no_revision, submit
from collab.protocol import Cause, Edit, Many
from collab.room.log import PAGE, Log
from collab.room.session import client_id
from collab.room.state import Entry, State
from collab.search.asking import TooMuch, job_for, normal_replacement, stop_of
from collab.search.finder import Match
from collab.search.limits import SearchLimits
from collab.search.messages import Found, Job, Stopped
from collab.search.schemas import ReplaceBody, ReplacedBody, ReplacedFile, UndoBody, UndoneBody
from collab.search.searching import search
from collab.search.texts import RoomTexts, texts_at
from collab.search.turns import Turns
from ot import Operation

_CAUSES: tuple[Cause, ...] = ("replace", "undo")


class NoReplacement(HTTPException):
    """The revision to take back is of another change."""

    status_code = 409


class Replacer:
    """Replaces in one room for one request."""

    def __init__(self, host: Host, log: Log, reader: Reader) -> None:
        self._host = host
        self._log = log
        self._reader = reader

    async def replace(
        self, wanted: ReplaceBody, limits: SearchLimits, turns: Turns, address: str
    ) -> ReplacedBody:
        """Replace all matches, or those that are wanted.

        A request that names a revision is done once, however often it comes. Raises BadQuery,
        HTTPException, and what `Host.visit` does.
        """
        texts = await texts_at(self._host, self._reader, wanted.revision)
        query = wanted.asked(normal_replacement(wanted.replacement))
        job = job_for(query, texts, limits, self._host.room.limits.text)
        with turns.counted(address):
            async with turns.running:
                found = await self._find(job, texts, limits)
        edits, counts = await asyncio.to_thread(_edits, found, texts, wanted.matches)
        files = [ReplacedFile(texts.ids[at], texts.paths[at], n) for at, n in counts.items()]
        body = ReplacedBody(texts.revision, sum(counts.values()), files)
        if not edits:
            return body
        asked = json.encode(replace(wanted, revision=texts.revision))
        key = f"replace {sha256(asked).hexdigest()}"
        revision = await self._once(texts.revision, edits, "replace", key)
        return replace(body, revision=revision)

    async def undo(self, wanted: UndoBody) -> UndoneBody:
        """Take back a replacement, and nothing that others have done since."""
        revision = wanted.revision
        await self._host.catch_up()
        if revision > self._host.room.revision:
            raise no_revision(revision, self._host.room.revision)
        [entry, *_] = await self._log.since(self._host.room_id, revision - 1)
        await self._reader.pay(1)
        change = entry.change
        if not isinstance(change, Many) or change.cause not in _CAUSES:
            words = f"Revision {revision} is no replacement."
            raise NoReplacement(words, extra={"code": "not_a_replacement"})
        before = await self._reader.room(str(self._host.room_id), revision - 1)
        edits = await asyncio.to_thread(_inverse, change, before)
        key = f"undo {revision}"
        return UndoneBody(await self._once(revision, edits, "undo", key), len(edits))

    async def _find(
        self, job: Job, texts: RoomTexts, limits: SearchLimits
    ) -> dict[int, list[Match]]:
        """The matches by the place of their file. Raises TooMuch where there are more."""
        found: dict[int, list[Match]] = {}
        async with aclosing(search(job, texts.text)) as answers:
            async for answer in answers:
                match answer:
                    case Found(file, matches):
                        found.setdefault(file, []).extend(matches)
                    case Stopped(why="inserted"):
                        words = (
                            f"It would write more than {job.most_inserted} characters, the limit."
                        )
                        raise TooMuch(words, extra={"code": "text_too_large"})
                    case Stopped():
                        code, words = stop_of(answer, texts, limits)
                        raise TooMuch(f"{words} Nothing is replaced.", extra={"code": code})
        return found

    async def _once(self, revision: int, edits: list[Edit], cause: Cause, key: str) -> int:
        """Commit edits that were made on a revision, once for this key. Returns their revision."""
        client = client_id(self._host.secret, key)
        if await self._log.last_seq(self._host.room_id, client):
            return await self._revision_of(client, revision)
        try:
            return await submit(
                self._host,
                self._reader,
                revision,
                edits,
                lambda state: state.revision,
                cause=cause,
                key=key,
            )
        except ChangeRefused as error:
            if error.refusal.code != "in_log":
                raise
            return await self._revision_of(client, revision)

    async def _revision_of(self, client: str, after: int) -> int:
        """The revision of the only entry of a client, which came after another one."""
        while True:
            entries: list[Entry] = await self._log.since(self._host.room_id, after)
            await self._reader.pay(len(entries))
            for entry in entries:
                if entry.client == client:
                    return entry.revision
            assert len(entries) == PAGE, "the client has an entry"
            after = entries[-1].revision


def _edits(
    found: dict[int, list[Match]], texts: RoomTexts, wanted: dict[str, list[int]] | None
) -> tuple[list[Edit], Counter[int]]:
    """The edits that replace matches, and how many of each file; a match that is replaced by
    itself is none."""
    edits: list[Edit] = []
    counts: Counter[int] = Counter()
    for file, matches in found.items():
        text, node = texts.texts[file], texts.ids[file]
        starts = None if wanted is None else set(wanted.get(node, ()))
        components: list[int | str] = []
        end = 0
        for match in matches:
            new = match.replacement or ""
            unwanted = starts is not None and match.start not in starts
            if unwanted or text[match.start : match.end] == new:
                continue
            # Text that others have inserted at an end of the match stays on its side: an edit that
            # is submitted later goes left of an insertion at the same place.
            components += [match.start - end, match.start - match.end, new]
            end = match.end
            counts[file] += 1
        if components:
            edits.append(Edit(node, Operation([*components, len(text) - end])))
    return edits, counts


def _inverse(change: Many, before: State) -> list[Edit]:
    """The edits that take back those of a change, given the room right before it."""
    return [
        Edit(part.file, part.operation.invert(str(before.files[part.file].text)))
        for part in change.changes
        if isinstance(part, Edit)
    ]
