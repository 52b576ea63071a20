"""`/rooms/{room_id}/messages` and `/rooms/{room_id}/threads`."""

from __future__ import annotations

import secrets
from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from collab.live.addresses import household
from collab.live.hub import Hub
from collab.live.permits import no_room, parse_room_id
from collab.live.programs import Reader
from collab.room.doors import may
from collab.talk.accepting import accept as accept_suggestion
from collab.talk.answers import RAISES
from collab.talk.messages import Say
from collab.talk.said import Author, derive_who
from collab.talk.schemas import (
    AcceptedBody,
    EditBody,
    MessagesBody,
    ResolveBody,
    SaidBody,
    SayBody,
    ThreadsBody,
)
from collab.talk.service import PAGE, Talks

_MOST_PAGE = 200


_KEY = r"\A[A-Za-z0-9_-]{16,64}\Z"
TalkKey = Annotated[
    str | None,
    HeaderParameter(
        name="Talk-Key",
        pattern=_KEY,
        required=False,
        description="A secret of yours, 16 to 64 letters. What is said with it can be edited and"
        " deleted with it alone.",
    ),
]
Page = Annotated[int, QueryParameter(ge=1, le=_MOST_PAGE)]
Number = Annotated[int | None, QueryParameter(ge=0, le=2**53)]
Search = Annotated[str | None, QueryParameter(max_length=200)]


class TalkController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("talk",)

    @get("/messages", summary="Read what is said in a room", raises=RAISES, opt={"may": "read"})
    async def read(
        self,
        talks: NamedDependency[Talks],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        before: Number = None,
        after: Number = None,
        thread: Number = None,
        search: Search = None,
        limit: Page = PAGE,
    ) -> MessagesBody:
        """The newest messages of the chat, those `before` or `after` a number, or those of a
        `thread`. A `search` has those of chat and threads with all its words, of which the last may
        be the beginning of one."""
        known, _ = await known_room(talks, reader, room_id)
        messages = await talks.rows.page(
            known,
            limit + 1,
            before=before,
            after=after,
            thread=thread or (None if search is not None else 0),
            search=search,
        )
        more = len(messages) > limit
        upward = after is not None and before is None
        return MessagesBody(messages[:limit] if upward else messages[-limit:], more)

    @post("/messages", summary="Say something", raises=RAISES, opt={"may": "comment"})
    async def say(
        self,
        talks: NamedDependency[Talks],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        data: JSONBody[SayBody],
        key: TalkKey = None,
    ) -> SaidBody:
        """In the chat, in a thread, or with an anchor to begin one. Everybody in the room is told
        at once. It is kept when it is answered."""
        known, author = await known_room(talks, reader, room_id, key)
        message = Say(
            data.nonce or secrets.token_urlsafe(16),
            data.text,
            data.thread,
            data.anchor,
            data.suggestion,
            data.mentions,
            data.names,
            data.reply,
        )
        number = await talks.speech.keep(known, author, await talks.speech.draft(known, message))
        return SaidBody(number)

    @patch(
        "/messages/{number:int}",
        summary="Say something else",
        raises=RAISES,
        opt={"may": "comment"},
    )
    async def edit(
        self,
        talks: NamedDependency[Talks],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        number: FromPath[int],
        data: JSONBody[EditBody],
        key: TalkKey = None,
    ) -> SaidBody:
        """Change the text of a message that was said with the same key."""
        known, author = await known_room(talks, reader, room_id, key)
        await talks.speech.edit(known, author, number, data.text)
        talks.changed(known)
        return SaidBody(number)

    @delete(
        "/messages/{number:int}",
        summary="Delete a message",
        status_code=204,
        raises=RAISES,
        opt={"may": "comment"},
    )
    async def unsay(
        self,
        talks: NamedDependency[Talks],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        number: FromPath[int],
        key: TalkKey = None,
    ) -> None:
        """Delete a message that was said with the same key. Its text is kept nowhere."""
        known, author = await known_room(talks, reader, room_id, key)
        await talks.speech.delete(known, author, number)
        talks.changed(known)

    @delete(
        "/messages", summary="Clear the chat", status_code=204, raises=RAISES, opt={"may": "manage"}
    )
    async def clear(self, talks: NamedDependency[Talks], room_id: FromPath[str]) -> None:
        """Delete all messages of the chat, for everybody. Their text is kept nowhere. Comments on
        code stay."""
        await talks.retention.clear(UUID(room_id))

    @get("/threads", summary="List the threads of comments", raises=RAISES, opt={"may": "read"})
    async def threads(
        self,
        talks: NamedDependency[Talks],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        resolved: Page = PAGE,
    ) -> ThreadsBody:
        """All open threads, and the newest `resolved` ones, with where their text is at
        `revision`. One whose text is deleted has an empty place and its `quote`."""
        known, _ = await known_room(talks, reader, room_id)
        found: list[ThreadsBody] = []
        threads = await talks.rows.threads(known, resolved=resolved)
        await talks.anchoring.carried(
            known, threads, lambda revision, all_: found.append(ThreadsBody(revision, all_))
        )
        return found[0] if found else ThreadsBody(0, [])

    @patch(
        "/threads/{thread:int}", summary="Resolve a thread", raises=RAISES, opt={"may": "comment"}
    )
    async def resolve(
        self,
        talks: NamedDependency[Talks],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        thread: FromPath[int],
        data: JSONBody[ResolveBody],
    ) -> ResolveBody:
        """Resolve it, or open it again."""
        known, author = await known_room(talks, reader, room_id)
        await talks.speech.resolve(known, author, thread, data.resolved)
        talks.changed(known)
        return data

    @post(
        "/messages/{number:int}/accept",
        summary="Accept a suggestion",
        status_code=200,
        raises=RAISES,
        opt={"may": "write"},
    )
    async def accept(
        self,
        talks: NamedDependency[Talks],
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        number: FromPath[int],
    ) -> AcceptedBody:
        """Put it into the text, once, as one change with the name of its author."""
        known, _ = await known_room(talks, reader, room_id)
        await talks.speech.there(known, number)
        revision, pause = await accept_suggestion(talks.rows, hub, reader, known, number)
        await talks.store.accept(known, number, reader.asker.name)
        talks.changed(known)
        if pause:
            await reader.rest(min(pause, 5.0))
        return AcceptedBody(revision)


async def known_room(
    talks: Talks, reader: Reader, room_id: str, key: str | None = None
) -> tuple[UUID, Author]:
    """Return the room and the caller. Raises NotFoundException."""
    known = parse_room_id(room_id)
    secret = await talks.rows.secret(known) if known else None
    if known is None or secret is None:
        raise no_room()
    who = derive_who(secret, key or secrets.token_urlsafe())
    asker = reader.asker
    manages = may(reader.permit.role, "manage")
    access = reader.permit.access.door.access
    address = household(reader.address)
    return known, Author(who, asker.person or who, asker.name, 0, access, manages, address)
