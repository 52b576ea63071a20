"""Keeps the messages of the rooms of this process, and sends changes to the sessions that listen.

All sessions are told in one way: the process reads the changes from the database by their stamps,
whichever server made them. Notices of other processes say when to read. The slow tick finds changes
whose notice was lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from logging import getLogger
from typing import Any
from uuid import UUID

from collab.errors import LogUnavailable, PeerError
from collab.live.extension import OpenRoom
from collab.live.hub import Hub
from collab.live.tasks import Tasks
from collab.room.doors import may
from collab.room.session import Session
from collab.room.state import Entry
from collab.store.connections import Connections
from collab.talk.anchoring import Anchoring
from collab.talk.keeping import Keeping
from collab.talk.mentions import Mentions
from collab.talk.messages import (
    EditSay,
    MessageBody,
    Place,
    Places,
    PlacesNow,
    React,
    ReadTo,
    Resolve,
    Said,
    Say,
    SomebodyTypes,
    Talk,
    Talked,
    ThreadBody,
    Typing,
    Unsaid,
    Unsay,
)
from collab.talk.options import TalkLimits, TalkOptions
from collab.talk.refusals import Refused, unavailable
from collab.talk.retention import Retention
from collab.talk.rows import Marks, TalkRows
from collab.talk.said import Author, Draft, derive_who
from collab.talk.speech import Speech
from collab.talk.store import TalkStore

_LOG = getLogger(__name__)
TOPIC = "talk"
_TYPES = "talk-typing"
_TYPES_EVERY = 1.0
"""Seconds. Who tells more often that they type is not heard."""
PAGE = 50
"""Messages of a page."""
_WORK = 8
"""To read and carry a byte of an answer is as much work as to take so many of a message."""
_CATCH_UP = 200
"""A client that missed more changes than this is sent the newest page in their place."""
_MOST_RESOLVED = 100
_MOST_STEPS = 1000
"""Edits of a room after which its anchors are kept at the newest revision."""


class _Talker:
    """A session that listens."""

    def __init__(self, who: str) -> None:
        self.who = who
        """The public id of its person."""
        self.saying: asyncio.Task[None] | None = None
        """Keeps the message that the session has said last."""
        self.types = -_TYPES_EVERY
        """When the others were last told that it types."""


class _Room:
    """The sessions of this process that listen to the talk of a room."""

    def __init__(self) -> None:
        self.talkers: dict[Session, _Talker] = {}
        self.known: int | None = None
        """The stamp up to which the sessions have been told."""
        self.lock = asyncio.Lock()
        """Held while changes are read and told."""
        self.stale = False
        """A task that reads the changes has been started."""
        self.steps = 0


class Talks:
    """The talk of all rooms of this process."""

    def __init__(self, options: TalkOptions, limits: TalkLimits) -> None:
        self._options = options
        self._limits = limits
        self._rooms: dict[UUID, _Room] = {}
        self._tasks = Tasks(_LOG, "talk failed by a mistake of ours")

    def begin(self, hub: Hub, connections: Connections) -> None:
        """Start with the rooms and the database of the server."""
        self._hub = hub
        self.rows = TalkRows(connections)
        self.store = TalkStore(connections)
        self.mentions = Mentions(connections)
        self.anchoring = Anchoring(hub, self.rows, self.store)
        self._keeping = Keeping(self.store, self._limits, self.changed)
        self.speech = Speech(
            self._options, self._limits, self.rows, self.store, self.anchoring, self._keeping
        )
        self.retention = Retention(self._options, self.rows, self.store, self.changed)
        self._tasks.spawn(self.retention.sweep_for_ever())

    async def close(self) -> None:
        await self._tasks.close()
        await self._keeping.close()

    # From the sockets

    async def take_talk(self, room_id: UUID, session: Session, message: Talk) -> int:
        """Tell a session what is said, and have it listen. Returns what that costs. Raises
        LogUnavailable."""
        secret = await self.rows.secret(room_id)
        assert secret is not None, "the room is open"
        who = derive_who(secret, message.key)
        room = self._rooms.setdefault(room_id, _Room())
        room.talkers[session] = _Talker(who)
        async with room.lock:
            marks = await self.rows.marks(room_id, who)
            assert marks is not None, "the room is open"
            found = await self._missed(room_id, message.stamp, marks)
            if room.known is None:
                room.known = found.stamp
            # A change that is committed meanwhile may be told twice, and is never missed.
            await self._tell(room_id, found, [session], who=who, marks=marks)
        self._wake(room_id)
        return _cost(found.messages, found.threads)

    async def take_say(self, room_id: UUID, session: Session, message: Say) -> None:
        talker, author = self._talker(room_id, session)
        try:
            self.speech.check_pace(room_id, author)  # so most of a flood costs no more than this
            draft = await self.speech.draft(room_id, message)
        except Refused as refused:
            self._refuse(room_id, session, refused, nonce=message.nonce)
            return
        except LogUnavailable as error:
            self._refuse(room_id, session, unavailable(error), nonce=message.nonce)
            return
        # What the session sends next does not wait for the message, but a second message does.
        if talker.saying:
            await asyncio.wait([talker.saying])
        talker.saying = self._tasks.spawn(self._keep(room_id, session, author, draft))

    async def take_edit(self, room_id: UUID, session: Session, message: EditSay) -> None:
        await self._change(room_id, session, message.number, self.speech.edit, message.text)

    async def take_unsay(self, room_id: UUID, session: Session, message: Unsay) -> None:
        await self._change(room_id, session, message.number, self.speech.delete)

    async def take_react(self, room_id: UUID, session: Session, message: React) -> None:
        await self._change(
            room_id, session, message.number, self.speech.react, message.name, message.on
        )

    async def take_resolve(self, room_id: UUID, session: Session, message: Resolve) -> None:
        await self._change(room_id, session, message.thread, self.speech.resolve, message.resolved)

    async def take_read(self, room_id: UUID, session: Session, message: ReadTo) -> None:
        _, author = self._talker(room_id, session)
        with suppress(Refused, LogUnavailable):
            self.speech.count_reading(room_id, author.who)
            marks = await self.rows.marks(room_id, author.who)
            assert marks is not None, "the room is open"
            await self.store.read(room_id, author.who, min(message.number, marks.said))

    async def take_typing(self, room_id: UUID, session: Session, _message: Typing) -> None:
        talker, _ = self._talker(room_id, session)
        now = asyncio.get_running_loop().time()
        if now - talker.types < _TYPES_EVERY:
            return
        talker.types = now
        self._types(room_id, session.client)
        self._hub.notice(room_id, _TYPES, session.client)

    async def take_places(self, room_id: UUID, session: Session, message: Places) -> int:
        """Tell a session where the threads of a file are. Returns what that costs. Raises
        LogUnavailable."""
        self._talker(room_id, session)
        threads = await self.rows.threads_of(room_id, message.file)

        def tell(revision: int, carried: list[ThreadBody]) -> None:
            places = [Place(one.id, one.start, one.end) for one in carried]
            self._hub.tell(room_id, [session], PlacesNow(message.file, revision, places))

        await self.anchoring.carried(room_id, threads, tell)
        return _cost([], threads)

    def left(self, room_id: UUID, session: Session) -> None:
        if room := self._rooms.get(room_id):
            room.talkers.pop(session, None)
            if not room.talkers:
                del self._rooms[room_id]

    # From the other processes, and the log

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        if topic == TOPIC:
            self._wake(room_id)
        elif topic == _TYPES:
            self._types(room_id, about)

    async def tick(self, _rooms: Collection[UUID]) -> None:
        """Read changes whose notices were lost. Raises LogUnavailable."""
        if self._rooms:
            for room_id, stamp in (await self.rows.stamps(list(self._rooms))).items():
                room = self._rooms.get(room_id)
                if room and room.known is not None and room.known < stamp:
                    self._wake(room_id)

    def read(self, room: OpenRoom, entries: Sequence[Entry]) -> None:
        """Count edits, and after many keep the anchors at the newest revision."""
        if found := self._rooms.get(room.room_id):
            found.steps += len(entries)
            if found.steps >= _MOST_STEPS:
                found.steps = 0
                self._tasks.spawn(self.anchoring.keep(room.room_id))

    # For programs

    def changed(self, room_id: UUID) -> None:
        """Have all sessions told of a change that was just committed."""
        # The notice goes first, so that reading for the sessions of this process does not hold up
        # those of the others.
        self._hub.notice(room_id, TOPIC)
        self._wake(room_id)

    # Reading

    async def _missed(self, room_id: UUID, stamp: int | None, marks: Marks) -> Talked:
        """Return what a client missed that knows everything up to a stamp."""
        if stamp is not None and stamp <= marks.stamp:
            messages = await self.rows.since(room_id, stamp, _CATCH_UP + 1)
            if len(messages) <= _CATCH_UP:
                return await self._with_threads(room_id, marks.stamp, messages)
        messages = await self.rows.page(room_id, PAGE)
        threads = await self.rows.threads(room_id, resolved=_MOST_RESOLVED)
        # A change that was committed after `marks` was read is told again.
        return Talked(marks.stamp, messages, threads, reset=True)

    async def _with_threads(self, room_id: UUID, stamp: int, messages: list[MessageBody]) -> Talked:
        threads = await self.rows.threads_with(room_id, messages)
        return Talked(max(stamp, *(one.stamp for one in messages), 0), messages, threads)

    def _wake(self, room_id: UUID) -> None:
        room = self._rooms.get(room_id)
        if room and not room.stale:
            room.stale = True
            self._tasks.spawn(self._refresh(room_id, room))

    async def _refresh(self, room_id: UUID, room: _Room) -> None:
        """Read changes, and tell all sessions of this process."""
        async with room.lock:
            room.stale = False
            while room.known is not None and self._rooms.get(room_id) is room:
                try:
                    stamp, cleared, messages = await self.rows.news(room_id, room.known, _CATCH_UP)
                    if stamp <= room.known:
                        return
                    more = len(messages) == _CATCH_UP
                    found = await self._with_threads(
                        room_id, room.known if more else stamp, messages
                    )
                    # An author is told the number of a message before the message itself.
                    await self._keeping.landed(room_id)
                    await self._tell(room_id, found, list(room.talkers), cleared=cleared)
                    room.known = found.stamp
                    if not more:
                        return  # later changes have woken another task
                except LogUnavailable as error:
                    _LOG.warning("talk waits for the database: %s", error)
                    return

    async def _tell(
        self,
        room_id: UUID,
        found: Talked,
        sessions: Sequence[Session],
        *,
        who: str = "",
        marks: Marks | None = None,
        cleared: int = 0,
    ) -> None:
        gone = [thread for thread in found.threads if thread.deleted]

        def tell(_revision: int, threads: list[ThreadBody]) -> None:
            message = Talked(
                found.stamp,
                found.messages,
                gone + threads,
                found.reset,
                who,
                marks.read if marks else 0,
                marks.said if marks else 0,
                marks.unread if marks else 0,
                marks.cleared if marks else cleared,
            )
            self._hub.tell(room_id, sessions, message)

        alive = [thread for thread in found.threads if not thread.deleted]
        if alive:
            await self.anchoring.carried(room_id, alive, tell)
        else:
            tell(0, [])

    def _types(self, room_id: UUID, client: str) -> None:
        if room := self._rooms.get(room_id):
            others = [session for session in room.talkers if session.client != client]
            self._hub.tell(room_id, others, SomebodyTypes(client))

    # Checks

    def _talker(self, room_id: UUID, session: Session) -> tuple[_Talker, Author]:
        """Raises PeerError."""
        room = self._rooms.get(room_id)
        talker = room.talkers.get(session) if room else None
        if talker is None:
            raise PeerError("not_talking", "The first message of talk is talk.")
        door = self._hub.door(room_id)
        assert door, "the room is open"
        manages = may(session.role, "manage")
        author = Author(
            talker.who,
            session.person,
            session.name,
            session.colour,
            door.access,
            manages,
            session.address,
        )
        return talker, author

    async def _change(
        self, room_id: UUID, session: Session, number: int, change: Any, *arguments: object
    ) -> None:
        """Make a change of a message for a session. Raises PeerError."""
        _, author = self._talker(room_id, session)
        try:
            await change(room_id, author, number, *arguments)
        except Refused as refused:
            self._refuse(room_id, session, refused, number=number)
        except LogUnavailable as error:
            self._refuse(room_id, session, unavailable(error), number=number)
        else:
            self.changed(room_id)

    async def _keep(self, room_id: UUID, session: Session, author: Author, draft: Draft) -> None:
        """Keep a message of a session, and tell it so. Others are told by `changed`."""
        try:
            number = await self.speech.keep(room_id, author, draft)
            self._hub.tell(room_id, [session], Said(draft.nonce, number))
        except Refused as refused:
            self._refuse(room_id, session, refused, nonce=draft.nonce)
        except LogUnavailable as error:
            self._refuse(room_id, session, unavailable(error), nonce=draft.nonce)

    def _refuse(
        self,
        room_id: UUID,
        session: Session,
        refused: Refused,
        *,
        nonce: str = "",
        number: int = 0,
    ) -> None:
        told = Unsaid(refused.code, refused.message, nonce, number, refused.wait)
        self._hub.tell(room_id, [session], told)


def _cost(messages: Sequence[MessageBody], threads: Sequence[ThreadBody]) -> int:
    """Return the bytes that an answer with these counts as."""
    size = sum(500 + len(one.text or "") + len(one.suggestion or "") for one in messages)
    return _WORK * (size + sum(1000 + len(one.quote) + len(one.text or "") for one in threads))
