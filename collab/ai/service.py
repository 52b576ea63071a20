"""Decides whether a model is asked, counts what it uses, and streams its answer.

Before anything is sent: the operator has named a model, the room allows it, the person has agreed
to that host and model, and the budgets of the person, the room and the server have enough left for
the most that the answer may take. What it has not taken is given back afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from logging import getLogger
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from collab.ai.answers import Answer, Answers
from collab.ai.dialects import Chat, Fill
from collab.ai.endpoint import Endpoint, Endpoints
from collab.ai.errors import ModelFailed, Refused
from collab.ai.messages import AiSwitched
from collab.ai.options import AiLimits
from collab.ai.store import AiStore, Budget, Kind, Spent
from collab.errors import LogError
from collab.live.hub import Hub
from collab.live.tasks import Tasks

if TYPE_CHECKING:
    from collab.ai.upstream import Models

_LOG = getLogger(__name__)
_NO_LIMIT = 2**62
_CHARACTERS = 3
"""The fewest characters of a token in code and in most languages. Used to estimate a count until
the model has told its own."""
_TOPIC = "ai"
_PERSON_TOPIC = "ai_person"
_OFF_HERE = "ai_off_here", "The owner of this room has turned AI off in it."
_OFF_FOR_YOU = "ai_off_for_you", "You have turned AI off for yourself."
_OFF = "AI is off on this server. Its operator turns it on with --ai and --ai-model."
_WHOSE: Mapping[Kind, str] = {
    "person": "You have used your",
    "room": "This room has used its",
    "server": "This server has used its",
}


class Asker(Struct, frozen=True):
    """Somebody who asks in a room: their id, where they have one, and what counts their tokens."""

    room_id: UUID
    who: UUID | None
    counted: str


class Ai:
    """AI of one server process. `reason` says why it is off, where the settings are wrong."""

    def __init__(self, endpoints: Endpoints, limits: AiLimits, reason: str = "") -> None:
        self.endpoints = endpoints
        self.limits = limits
        self.reason = reason
        self._asking: Counter[str] = Counter()
        self._answers = Answers()
        self._tasks = Tasks(_LOG, "the use of a model could not be noted by a mistake of ours")

    def begin(self, store: AiStore, models: Models | None, hub: Hub) -> None:
        """Take the database, what connects to models (None where AI is off), and the rooms."""
        self.store = store
        self._hub = hub
        self._models = models
        self._tasks.spawn(self._sweep())

    async def close(self) -> None:
        await self._tasks.close()
        if self._models:
            await self._models.close()

    @property
    def words(self) -> str:
        """Return why AI is off, in words; empty where it is on."""
        return "" if self.endpoints.chat else self.reason or _OFF

    async def switch(self, room_id: UUID, on: bool) -> None:
        """Turn AI on or off in a room, and tell everybody there, on every server. When it is turned
        off, answers that are under way there end."""
        await self.store.allow(room_id, on)
        self._switched(room_id, on)
        self._hub.notice(room_id, _TOPIC, "on" if on else "off")

    async def choose(self, who: UUID, agreed: bool) -> None:
        """Note what somebody wants. Where that is none, their answers end, on every server."""
        await self.store.agree(who, self.endpoints.both if agreed else None)
        if not agreed:
            self._answers.end(who, *_OFF_FOR_YOU)
            self._hub.notice(who, _PERSON_TOPIC)

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        """Take a notice of another process. One of a person has their id in place of a room's."""
        if topic == _TOPIC:
            self._switched(room_id, about == "on")
        elif topic == _PERSON_TOPIC:
            self._answers.end(room_id, *_OFF_FOR_YOU)

    def end_all(self) -> None:
        """End the answers that are under way, since this process stops."""
        self._answers.end(None, "restarting", "The server restarts. Ask again in a moment.")

    def _switched(self, room_id: UUID, on: bool) -> None:
        self._hub.tell_everybody(room_id, AiSwitched(on))
        if not on:
            self._answers.end(room_id, *_OFF_HERE)

    @asynccontextmanager
    async def allowed(
        self, asker: Asker, endpoint: Endpoint | None
    ) -> AsyncIterator[tuple[Endpoint, Answer]]:
        """Check that there is a model, and count who asks, before anything is read for it. What
        the room and the person want is checked when the texts are read: see `check`. If they want
        none after that, the answer ends.

        Raises Refused.
        """
        if endpoint is None:
            raise Refused("ai_off", self.words or "Completions by a model are off on this server.")
        mine, most = self._asking[asker.counted], self.limits.at_once_person
        if mine >= most or self._asking.total() >= self.limits.at_once:
            whose = f"{mine} answers for you" if mine >= most else "too many answers"
            words = f"There are {whose} under way. Wait for one, or stop it."
            raise Refused("ai_busy", words, wait=1)
        self._asking[asker.counted] += 1
        try:
            with self._answers.one(asker.room_id, asker.who) as answer:
                yield endpoint, answer
        finally:
            self._asking[asker.counted] -= 1
            if not self._asking[asker.counted]:
                del self._asking[asker.counted]

    async def check(self, asker: Asker, files: Collection[str]) -> frozenset[str]:
        """Check that the room and the person let their text be sent. Returns those of the files
        that are withheld.

        Raises Refused, and LogUnavailable.
        """
        grounds = await self.store.grounds(asker.room_id, asker.who, files)
        if not grounds.allowed:
            raise Refused(*_OFF_HERE)
        if grounds.asked and grounds.agreed_to is None:
            raise Refused(*_OFF_FOR_YOU)
        if grounds.agreed_to != self.endpoints.both:
            words = f"{what_goes_where(self.endpoints)} Agree to it first."
            raise Refused("ai_not_agreed", words)
        return grounds.withheld

    async def stream(
        self, asker: Asker, endpoint: Endpoint, answer: Answer, what: Chat | Fill
    ) -> AsyncGenerator[str]:
        """Yield the texts of an answer. Begins with an empty one, when the budget has enough.

        Raises Refused before that, ModelFailed after it, and LogUnavailable.
        """
        assert self._models
        length = _length(what)
        estimate = -(-length // _CHARACTERS)
        taken = estimate + what.most
        budgets = self._budgets(asker)
        day = await self.store.take(budgets, taken)
        if isinstance(day, Spent):
            raise _spent(day)
        tokens_in, tokens_out, heard = estimate, None, 0
        failed = False
        try:
            yield ""
            async with aclosing(self._models.stream(endpoint, what)) as pieces:
                async for piece in answer.until_off(pieces):
                    heard += len(piece.text)
                    tokens_in = piece.tokens_in or tokens_in
                    tokens_out = piece.tokens_out or tokens_out
                    if piece.text:
                        yield piece.text
        except ModelFailed:
            failed = True
            raise
        finally:
            used = tokens_in + (tokens_out or -(-heard // _CHARACTERS))
            if failed and not heard:
                used = 0
            # In a task of its own: this one may be cancelled.
            self._tasks.spawn(self._settle(day, budgets, used - taken))

    def _budgets(self, asker: Asker) -> list[Budget]:
        limits = self.limits
        return [
            Budget("person", asker.counted, limits.tokens_person or _NO_LIMIT),
            Budget("room", str(asker.room_id), limits.tokens_room or _NO_LIMIT),
            Budget("server", "", limits.tokens_server or _NO_LIMIT),
        ]

    async def _settle(self, day: dt.date, budgets: list[Budget], tokens: int) -> None:
        try:
            await self.store.settle(day, budgets, tokens)
        except LogError as error:
            _LOG.warning("the use of a model could not be noted: %s", error)

    async def _sweep(self) -> None:
        with suppress(LogError):  # the next start does it
            await self.store.sweep()


def what_goes_where(endpoints: Endpoints) -> str:
    """Tell a person what is sent to whom."""
    chat, complete = endpoints.chat, endpoints.complete
    if chat is None:
        return ""
    words = "What you ask, and the code it is about, is sent to {}, model {}."
    told = words.format(chat.host, chat.model)
    if complete:
        near = f"Your code near the caret is sent to {complete.host}, model {complete.model}."
        told = f"{near} {told}"
    return told


def _length(what: Chat | Fill) -> int:
    if isinstance(what, Fill):
        return len(what.prefix) + len(what.suffix)
    return len(what.system) + sum(len(turn.content) for turn in what.turns)


def _spent(spent: Spent) -> Refused:
    minutes = max(1, round(spent.wait / 60))
    when = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    words = (
        f"{_WHOSE[spent.kind]} {spent.most:,} tokens of this day, or this would be more than are"
        f" left. There are new ones at 00:00 UTC, in {when}."
    )
    return Refused("ai_budget", words, wait=spent.wait)
