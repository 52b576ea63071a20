"""Puts a suggestion into the text of its thread, as one change by the name of its author."""

from __future__ import annotations

from uuid import UUID

from litestar.exceptions import HTTPException

from collab.errors import ChangeRefused, PeerError, Restarting
from collab.live.asker import Asker
from collab.live.host import Host, Visitor
from collab.live.hub import Hub
from collab.live.programs import Reader, room_to_change
from collab.protocol import Edit
from collab.room.session import client_id
from collab.room.state import State
from collab.talk.anchors import carry_threads
from collab.talk.messages import ThreadBody
from collab.talk.refusals import Refused
from collab.talk.rows import TalkRows
from collab.talk.said import Kept
from ot import Operation


async def accept(
    rows: TalkRows, hub: Hub, reader: Reader, room_id: UUID, number: int
) -> tuple[int, float]:
    """Accept the suggestion of a message. Returns the revision that has it in the text, and the
    seconds to hold back the answer. Raises Refused, HTTPException and LogUnavailable."""
    kept, thread = await _suggested(rows, room_id, number)
    async with room_to_change(hub, reader, str(room_id)) as host:
        # The nonce is known to its author alone, so nobody else can take this key.
        key = f"talk-{room_id}-{kept.nonce}"
        if done := await rows.revision_of(room_id, client_id(host.secret, key)):
            return done, 0.0  # a server died before it noted that this was accepted
        revision, edit = await _edit(host, thread, kept.body.suggestion or "")
        visitor = Visitor(
            Asker(kept.body.author, kept.body.person),
            "suggestion",
            reader.account,
            key,
            permit=reader.permit,
        )
        try:
            return await host.visit(visitor, revision, edit, _revision)
        except ChangeRefused as error:
            if error.refusal.code == "in_log":
                raise Refused("accepted", "It is accepted already.") from error
            raise Refused(error.refusal.code, error.refusal.message) from error
        except (PeerError, Restarting) as error:
            raise HTTPException(str(error) or "Try again", status_code=503) from error


async def _suggested(rows: TalkRows, room_id: UUID, number: int) -> tuple[Kept, ThreadBody]:
    """Return a message with a suggestion, and its thread. Raises Refused."""
    kept = await rows.one(room_id, number)
    thread = await rows.thread(room_id, kept.body.thread) if kept else None
    if kept is None or thread is None or kept.body.suggestion is None:
        raise Refused("unknown_message", f"Message {number} suggests nothing.")
    if kept.body.accepted:
        raise Refused("accepted", f"{kept.body.accepted} has accepted it already.")
    return kept, thread


async def _edit(host: Host, thread: ThreadBody, suggestion: str) -> tuple[int, Edit]:
    """Return the edit that replaces the text of a thread, and the revision that it is made on.

    Raises Refused where the text is another than the one that the thread quotes.
    """
    found: list[tuple[int, Edit]] = []

    def take(revision: int, carried: list[ThreadBody]) -> None:
        for one in carried:
            text = str(host.room.state.files[one.file].text)
            if text[one.start : one.end] == thread.quote:
                operation = Operation.patch(len(text), one.start, one.end - one.start, suggestion)
                found.append((revision, Edit(one.file, operation)))

    files = {thread.file} & host.room.state.files.keys()
    async with host.holding(files):
        await carry_threads(host, [thread], take)
    if not found:
        raise Refused("text_changed", "The text that it would replace has changed.")
    return found[0]


def _revision(state: State) -> int:
    return state.revision
