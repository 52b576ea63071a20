"""Connects processes through the pub/sub of a Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from collab.live.line import CHANNEL, PATIENCE, LineLost, Send


class RedisLine:
    """Has two connections: one that listens, one that publishes."""

    largest = 65_536

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url

    @asynccontextmanager
    async def open(
        self, hear: Callable[[bytes], None], lose: Callable[[str], None]
    ) -> AsyncIterator[Send]:
        # Connecting again is the doorbell's affair: only then does it know what it has missed.
        redis = Redis.from_url(
            self._url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=PATIENCE,
            socket_timeout=PATIENCE,
        )
        # Pub/sub knows nothing of a URL's database: one Redis, several deployments.
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
