"""A server in the test's own loop: for settings that the command line does not offer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from collab.serving.server import Server
from collab.settings import Settings
from tests.support.server import DEADLINE


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[str]:
    """Serve on a free port until the block ends; gives its address."""
    server = Server(settings)
    serve = asyncio.create_task(server.serve())
    async with asyncio.timeout(DEADLINE):
        while not server.started:
            assert not serve.done(), "it does not start"
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"{settings.host}:{port}"
    finally:
        server.should_exit = True
        await serve
