"""The command `collab`."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import ExitStack, suppress

from msgspec.structs import replace

from collab.postgres import embedded
from collab.server import Server
from collab.settings import Settings
from collab.store.engine import ask


def main() -> None:
    """Serve until told to stop. Exits 0 then, 1 when it cannot start."""
    settings = Settings.read(sys.argv[1:])
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        with ExitStack() as stack:
            if settings.database_url is None:
                data_dir = settings.data_dir or embedded.default_data_dir()
                database = stack.enter_context(embedded.running(data_dir))
                settings = replace(settings, database_url=database.url)
            else:
                asyncio.run(ask(settings.database_url))
            server = Server(settings)
            with suppress(SystemExit):  # uvicorn has said why
                server.run()
    except (embedded.EmbeddedPostgresError, ConnectionError) as error:
        sys.exit(f"collab: {error}")
    sys.exit(0 if server.started else 1)
