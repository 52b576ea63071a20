"""Checks each thing that a server needs on its own, with words for the person who runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from collab.errors import LogUnavailable, NothingStored
from collab.store import migrations

T = TypeVar("T")

PATIENCE = 3.0
"""Seconds that each checked service may take to answer."""


class Check(Struct, frozen=True):
    """One result: the name of the checked thing, whether it is well, and words about it."""

    name: str
    ok: bool
    words: str


async def check_database(applied: Awaitable[str | None], *, serving: bool) -> list[Check]:
    """Check that the database answers and has the tables that this program is written for.

    `applied` asks for the version of the tables, and raises ConnectionError or LogUnavailable. A
    server that is `serving` accepts newer tables, so that servers can be upgraded one at a time.
    """
    newest = migrations.newest()
    try:
        # A probe of a serving server has to be quick; the doctor has time to look for a pooler.
        version = await _within(PATIENCE if serving else 4 * PATIENCE, applied)
    except (LogUnavailable, OSError, TimeoutError) as error:
        return [Check("database", ok=False, words=f"It does not answer: {_said(error)}")]
    answers = Check("database", ok=True, words="It answers.")
    if version == newest:
        return [answers, Check("migrations", ok=True, words=f"The tables are at {newest}.")]
    found = "There are no tables yet" if version is None else f"The tables are at {version}"
    if version is not None and migrations.is_newer(version):
        words = (
            f"{found}, which this program does not know: it is older than they are."
            " A server of it that runs goes on, but none starts."
        )
        return [answers, Check("migrations", ok=serving, words=words)]
    words = f"{found}, this program needs {newest}: start it once to bring them there."
    return [answers, Check("migrations", ok=False, words=words)]


async def check_contents(holds: Awaitable[str]) -> Check:
    """Say what the database holds, which `holds` asks for. There is nothing wrong with any of it.

    `holds` raises NothingStored, ConnectionError and LogUnavailable.
    """
    try:
        return Check("contents", ok=True, words=f"It holds {await _within(4 * PATIENCE, holds)}.")
    except NothingStored as error:
        return Check("contents", ok=True, words=str(error))
    except (LogUnavailable, OSError, TimeoutError) as error:
        return Check("contents", ok=False, words=f"It cannot be counted: {_said(error)}")


async def check_redis(address: str) -> Check:
    """Check that Redis answers. Without Redis, rooms go on with the slow tick."""
    # Imported only here, since importing the client takes a quarter of the time of a start.
    from redis.exceptions import RedisError  # noqa: PLC0415

    from collab.live.redises import connected  # noqa: PLC0415

    try:
        async with asyncio.timeout(PATIENCE):
            redis = await connected(address)
    except (RedisError, OSError, TimeoutError) as error:
        words = f"It does not answer, so other servers are heard a second late: {_said(error)}"
        return Check("redis", ok=False, words=words)
    await redis.aclose()
    return Check("redis", ok=True, words="It answers.")


def check_page(static: Path) -> Check:
    """Check that the front end is built."""
    if (static / "index.html").is_file():
        return Check("page", ok=True, words="It is built.")
    words = f"{static} has no index.html: build it with `npm ci && npm run build` in frontend/."
    return Check("page", ok=False, words=words)


async def _within(seconds: float, question: Awaitable[T]) -> T:
    """Return the answer to a question. Raises TimeoutError after so many seconds.

    This does not wait for the end of a question that timed out: asyncpg first sends a cancellation
    to the database, which takes long if the database hangs.
    """
    asked = asyncio.ensure_future(question)
    done, _ = await asyncio.wait({asked}, timeout=seconds)
    if done:
        return asked.result()
    asked.cancel()
    asked.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    raise TimeoutError


def _said(error: BaseException | None) -> str:
    return str(error) or type(error).__name__
