"""Deletes the bytes of assets that no entry of the log names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar

from collab.errors import LogUnavailable
from collab.store.blobs import Blobs

_SWEPT_EVERY = 3600.0
_UNCLAIMED_FOR = 24 * 3600.0
"""Seconds after which bytes of an asset are deleted, if no entry of the log names them by then."""


async def _sweep(blobs: Blobs) -> None:
    """Delete unclaimed bytes, every hour."""
    while True:
        await asyncio.sleep(_SWEPT_EVERY)
        with suppress(LogUnavailable):  # in an hour, then
            await blobs.sweep(_UNCLAIMED_FOR)


@asynccontextmanager
async def sweeping(app: Litestar) -> AsyncIterator[None]:
    task = asyncio.create_task(_sweep(app.state["blobs"]))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
