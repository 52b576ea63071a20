"""The answers that are under way in this process, and how they end when AI is turned off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from collab.ai.errors import ModelFailed

T = TypeVar("T")


class Answer:
    """One answer, in a room, for a person where somebody knows who asks."""

    def __init__(self, room_id: UUID, who: UUID | None) -> None:
        self.about = frozenset({room_id, who})
        self._off: ModelFailed | None = None
        self._waiting: asyncio.Timeout | None = None

    def end(self, why: ModelFailed) -> None:
        """Have it end with these words, also while its model is silent."""
        self._off = why
        if self._waiting:
            self._waiting.reschedule(asyncio.get_running_loop().time())

    async def until_off(self, pieces: AsyncIterator[T]) -> AsyncIterator[T]:
        """Yield the pieces as they come. Raises ModelFailed once it is to end."""
        try:
            while not self._off:
                async with asyncio.timeout(None) as self._waiting:
                    piece = await anext(pieces, None)
                self._waiting = None
                if piece is None:
                    return
                yield piece
        except TimeoutError:
            if not self._off:
                raise
        finally:
            self._waiting = None
        raise self._off


class Answers:
    """All of them."""

    def __init__(self) -> None:
        self._all: set[Answer] = set()

    @contextmanager
    def one(self, room_id: UUID, who: UUID | None) -> Iterator[Answer]:
        """Keep an answer until the block ends."""
        answer = Answer(room_id, who)
        self._all.add(answer)
        try:
            yield answer
        finally:
            self._all.discard(answer)

    def end(self, about: UUID | None, code: str, words: str) -> None:
        """End the answers in a room, or for a person; None ends all."""
        for answer in self._all:
            if about is None or about in answer.about:
                answer.end(ModelFailed(code, words))
