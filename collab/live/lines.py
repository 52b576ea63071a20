"""Answers that are streamed as lines of JSON."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from litestar.response import Stream

NDJSON = "application/x-ndjson"
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""Proxies are not to collect the lines."""


async def streamed(lines: AsyncGenerator[bytes]) -> Stream:
    """Return an answer of these lines. The first is made now: what is raised before has an answer
    of its own."""
    first = await anext(lines)

    async def all_of_them() -> AsyncGenerator[bytes]:
        async with aclosing(lines):
            yield first
            async for line in lines:
                yield line

    return Stream(all_of_them(), media_type=NDJSON, headers=_HEADERS)
