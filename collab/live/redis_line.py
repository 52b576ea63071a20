"""Connects processes through the pub/sub of a Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager

from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from collab.live.line import CHANNEL, PATIENCE, LineLost, Send
from collab.live.redises import connected


class RedisLine:
    """A line with two connections: one listens, one publishes."""

    largest = 65_536

    def __init__(self, address: str) -> None:
        self._address = address

    @asynccontextmanager
    async def open(
        self, hear: Callable[[bytes], None], lose: Callable[[str], None]
    ) -> AsyncIterator[Send]:
        # The doorbell connects again, not the client: only the doorbell learns then that it has
        # missed something.
        with _translated():
            redis = await connected(self._address)
        # Pub/sub ignores the database in an address, and several deployments may share one Redis.
        database = redis.connection_pool.connection_kwargs.get("db") or 0
        channel = f"{CHANNEL}:{database}"

        async def send(message: bytes) -> None:
            with _translated():
                await redis.publish(channel, message)

        async with aclosing(redis), redis.pubsub() as subscription:
            with _translated():
                await subscription.subscribe(channel)
                if await subscription.get_message(timeout=PATIENCE) is None:
                    raise LineLost("it does not answer")
            reader = asyncio.create_task(_read(subscription, hear, lose))
            try:
                yield send
            finally:
                reader.cancel()
                await asyncio.gather(reader, return_exceptions=True)


async def _read(
    subscription: PubSub, hear: Callable[[bytes], None], lose: Callable[[str], None]
) -> None:
    try:
        with _translated():
            async for message in subscription.listen():
                if message["type"] == "message":
                    hear(message["data"])
    except LineLost as error:
        lose(str(error))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise LineLost(f"{type(error).__name__}: {error}") from error
