"""Checks messages and changes of messages against the rules and limits, and keeps them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from unicodedata import category
from uuid import UUID

from collab.live.bucket import Bucket
from collab.talk.anchoring import Anchoring
from collab.talk.keeping import Keeping
from collab.talk.messages import MessageBody, Say
from collab.talk.options import TalkLimits, TalkOptions
from collab.talk.refusals import Refused, unknown_message, unknown_thread
from collab.talk.rows import TalkRows
from collab.talk.said import Author, Draft, Opening
from collab.talk.store import TalkStore

_MOST_BUCKETS = 10_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""The control characters (Cc) but the tab and the end of a line."""
_BEYOND = 2**53
"""A number above those of all messages."""


class Speech:
    """Keeps messages and their changes, of sockets and of programs. Every call may raise
    LogUnavailable."""

    def __init__(
        self,
        options: TalkOptions,
        limits: TalkLimits,
        rows: TalkRows,
        store: TalkStore,
        anchoring: Anchoring,
        keeping: Keeping,
    ) -> None:
        self._options = options
        self._limits = limits
        self._rows = rows
        self._store = store
        self._anchoring = anchoring
        self._keeping = keeping
        self._changes: dict[tuple[UUID, str] | str, Bucket] = {}
        """By room and person, and by address."""
        self._addresses: dict[str, Bucket] = {}
        self._limited: dict[tuple[UUID, str], float] = {}
        """Until when messages of a person are refused. So a flood costs no queries."""

    def check_pace(self, room_id: UUID, author: Author) -> None:
        """Raise Refused if the author is known to have said too much in the last minute."""
        key, now = (room_id, author.who), asyncio.get_running_loop().time()
        if (wait := self._limited.pop(key, now) - now) > 0:
            self._limited[key] = now + wait
            raise self._too_many(wait)
        if wait := self._address(author.address).wait(1, now):
            raise self._too_many_from(wait)

    async def draft(self, room_id: UUID, message: Say) -> Draft:
        """Check a message. Raises Refused, and LogUnavailable."""
        text = self._clean(message.text)
        if message.suggestion is not None and len(message.suggestion) > self._limits.message:
            raise self._too_long(len(message.suggestion))
        if len({*message.mentions, *message.names}) > self._limits.mentions:
            words = f"A message mentions at most {self._limits.mentions} people."
            raise Refused("too_many_mentions", words)
        unseen = [message.suggestion or "", *message.names]
        if "\0" in "".join([*unseen, message.anchor.quote if message.anchor else ""]):
            raise Refused("malformed", "PostgreSQL keeps no text with the character U+0000.")
        opening = await self._opening(room_id, message)
        if opening and message.thread:
            raise Refused("no_anchor", "An answer in a thread has the anchor of the thread.")
        if message.reply and (opening or message.thread):
            raise unknown_message(message.reply)  # only messages of the chat are replied to
        return Draft(
            message.nonce,
            text,
            message.thread,
            message.suggestion,
            list(dict.fromkeys(message.mentions)),
            opening,
            list(dict.fromkeys(message.names)),
            message.reply,
        )

    async def _opening(self, room_id: UUID, message: Say) -> Opening | None:
        """Find the text that a message begins a thread on. Raises Refused and LogUnavailable."""
        if message.suggestion is None:
            if message.anchor is None:
                return None
            return await self._anchoring.opening(room_id, message.anchor)
        # The whole text is quoted, so accepting the suggestion can compare it.
        most = self._limits.message
        if message.anchor is None or message.anchor.start == message.anchor.end:
            raise Refused("no_anchor", "A suggestion needs the text that it would replace.")
        opening = await self._anchoring.opening(room_id, message.anchor, most)
        if opening.start == opening.end:
            raise Refused("no_anchor", "A suggestion needs the text that it would replace.")
        if opening.end - opening.start > most:
            raise self._too_long(opening.end - opening.start)
        return opening

    async def keep(self, room_id: UUID, author: Author, draft: Draft) -> int:
        """Keep a message, once. Returns its number. Raises Refused, and LogUnavailable."""
        self.check_pace(room_id, author)
        address = self._address(author.address)
        address.take(1, asyncio.get_running_loop().time())
        number = None
        try:
            number = await self._keeping.keep(room_id, author, draft)
        finally:
            if number is None:
                address.take(-1, asyncio.get_running_loop().time())
        return await self._kept_before(room_id, author, draft) if number is None else number

    async def _kept_before(self, room_id: UUID, author: Author, draft: Draft) -> int:
        """Return the number of a message that was not kept now because it is kept already. Raises
        Refused for any other reason, and LogUnavailable."""
        limits = self._limits
        before = await self._store.before(
            room_id, author.who, draft.nonce, draft.thread, draft.reply
        )
        if before.number is not None:
            return before.number
        if before.lately >= limits.per_minute:
            wait = max(1.0, before.wait)
            if len(self._limited) > _MOST_BUCKETS:
                self._limited.clear()
            self._limited[room_id, author.who] = asyncio.get_running_loop().time() + wait
            raise self._too_many(wait)
        if draft.thread and not before.there:
            raise unknown_thread(draft.thread)
        if draft.reply and not before.answered:
            raise unknown_message(draft.reply)
        if draft.opening and before.open >= limits.threads:
            words = f"The room has {before.open} open threads, the limit. Resolve some first."
            raise Refused("too_many_threads", words)
        words = "Who may do what here has just changed; it is sent again."
        raise Refused("unavailable", words, wait=1)

    async def edit(self, room_id: UUID, author: Author, number: int, text: str) -> None:
        """Change the text of an own message. Raises Refused and LogUnavailable."""
        self._count(room_id, author)
        await self._own(room_id, author, number)
        await self._store.edit(room_id, number, self._clean(text))

    async def delete(self, room_id: UUID, author: Author, number: int) -> None:
        """Delete an own message, or as the owner of the room any. Raises Refused and
        LogUnavailable."""
        self._count(room_id, author)
        if author.manages:
            await self.there(room_id, number)
        else:
            await self._own(room_id, author, number)
        await self._store.delete(room_id, [number])

    async def react(
        self,
        room_id: UUID,
        author: Author,
        number: int,
        name: str,
        on: bool,
    ) -> None:
        self._count(room_id, author)
        await self.there(room_id, number)
        await self._store.react(room_id, number, author, name, on)

    async def resolve(
        self,
        room_id: UUID,
        author: Author,
        thread: int,
        resolved: bool,
    ) -> None:
        self._count(room_id, author)
        found = await self._rows.thread(room_id, thread) if 0 < thread < _BEYOND else None
        if found is None:
            raise unknown_thread(thread)
        await self._store.resolve(room_id, thread, author.name if resolved else None)

    def _clean(self, text: str) -> str:
        """Return a text without control characters. Raises Refused."""
        if len(text) > self._limits.message:
            raise self._too_long(len(text))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _CONTROLS.sub("", text).rstrip()
        if not any(category(one)[0] not in "CZ" for one in text):
            raise Refused("empty_message", "The message has nothing that is seen.")
        return text

    def count_reading(self, room_id: UUID, who: str) -> None:
        """Count a note of a person of what they have read. Raises Refused after too many."""
        self._take({(room_id, who): self._limits.changes})

    def _count(self, room_id: UUID, author: Author) -> None:
        """Count a change of a person, and of an address, which may make those of as many people as
        may talk from there. Raises Refused after too many."""
        limits = self._limits
        people = max(1, limits.per_address / limits.per_minute)
        self._take({(room_id, author.who): limits.changes, author.address: limits.changes * people})

    def _take(self, most: Mapping[tuple[UUID, str] | str, float]) -> None:
        """Count a change for a person or address that may make so many in a minute."""
        now = asyncio.get_running_loop().time()
        _forget_full(self._changes, now)
        buckets = [
            self._changes.setdefault(key, Bucket(each / 60, each, now))
            for key, each in most.items()
        ]
        if wait := max(bucket.wait(1, now) for bucket in buckets):
            words = f"Too many edits and reactions; wait {max(1, wait):.0f} s."
            raise Refused("too_many_changes", words, wait=wait)
        for bucket in buckets:
            bucket.take(1, now)

    async def there(self, room_id: UUID, number: int) -> MessageBody:
        kept = await self._rows.one(room_id, number) if 0 < number < _BEYOND else None
        if kept is None or kept.body.text is None:
            raise unknown_message(number)
        return kept.body

    async def _own(self, room_id: UUID, author: Author, number: int) -> None:
        body = await self.there(room_id, number)
        if body.who != author.who:
            raise Refused("not_yours", "Only who has said something may change it.")
        hours = self._options.edit_hours
        if await self._rows.age(room_id, number) > hours * 3600:
            raise Refused("too_late", f"A message may be changed for {hours:g} hours.")

    def _address(self, address: str) -> Bucket:
        """Return the budget of an address: a person may have any number of keys."""
        now, most = asyncio.get_running_loop().time(), self._limits.per_address
        _forget_full(self._addresses, now)
        return self._addresses.setdefault(address, Bucket(most / 60, most, now))

    def _too_many_from(self, wait: float) -> Refused:
        most = self._limits.per_address
        words = f"At most {most} messages a minute from your address; wait {max(1, wait):.0f} s."
        return Refused("too_many_messages", words, wait=wait)

    def _too_many(self, wait: float) -> Refused:
        words = f"At most {self._limits.per_minute} messages a minute; wait {max(1, wait):.0f} s."
        return Refused("too_many_messages", words, wait=wait)

    def _too_long(self, length: int) -> Refused:
        most = self._limits.message
        return Refused("message_too_long", f"It has {length} characters; the limit is {most}.")


def _forget_full(buckets: dict[Any, Bucket], now: float) -> None:
    """Forget the buckets that limit nothing, once there are many."""
    if len(buckets) > _MOST_BUCKETS:
        for key in [key for key, bucket in buckets.items() if bucket.is_full(now)]:
            del buckets[key]
