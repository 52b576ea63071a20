"""Connects to the Redis of an address."""

from __future__ import annotations

from contextlib import AsyncExitStack
from random import sample
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from collab.live.line import PATIENCE
from collab.live.redis_address import Servers, parse


async def connected(address: str) -> Redis:
    """Return a client of a Redis that answers. It does not connect again by itself.

    With Sentinels it is the client of the master that they name now. In a cluster every node
    passes on what is published, so it is the client of any node, of one that sees the cluster
    whole if there is one. Raises ValueError for an address that makes no sense, RedisError, OSError
    and TimeoutError.
    """
    match parse(address):
        case str(url):
            return await _answering(Redis.from_url(url, **_patient()))
        case Servers(kind="cluster") as servers:
            return await _node(servers)
        case servers:
            return await _master(servers)


async def _answering(redis: Redis) -> Redis:
    """Return a client once it has had an answer; else close it."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(redis.aclose)
        await redis.ping()
        stack.pop_all()
    return redis


async def _master(servers: Servers) -> Redis:
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        list(servers.nodes),
        sentinel_kwargs=_patient(len(servers.nodes))
        | {"password": servers.sentinel_password, "ssl": servers.tls},
    )
    try:
        host, port = await sentinel.discover_master(servers.service)
    finally:
        for one in sentinel.sentinels:
            await one.aclose()
    return await _answering(Redis(host=host, port=port, db=servers.database, **_user(servers)))


async def _node(servers: Servers) -> Redis:
    """Return a client of a node that the cluster is whole for, else of any that answers."""
    chosen: Redis | None = None
    lost: BaseException = ConnectionError("no node")
    asked: list[Redis] = []
    patient = _user(servers) | _patient(len(servers.nodes))
    try:
        for host, port in sample(servers.nodes, len(servers.nodes)):
            redis = Redis(host=host, port=port, **patient)
            asked.append(redis)
            try:
                is_whole = (await redis.cluster("INFO"))["cluster_state"] == "ok"
            except (RedisError, OSError, TimeoutError) as error:
                lost = error
                continue
            if is_whole or chosen is None:
                chosen = redis
            if is_whole:
                break
    finally:
        for redis in asked:
            if redis is not chosen:
                await redis.aclose()
    if chosen is None:
        raise lost
    return chosen


def _user(servers: Servers) -> dict[str, Any]:
    user = {"username": servers.username, "password": servers.password, "ssl": servers.tls}
    return _patient() | user


def _patient(of: int = 1) -> dict[str, Any]:
    """Return the times that a client waits when `of` of them may be asked one after the other."""
    return {
        "retry": Retry(NoBackoff(), 0),
        "socket_connect_timeout": PATIENCE / of,
        "socket_timeout": PATIENCE,
    }
