"""Imports the server when a process is about to serve, and not before."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from collab.lean import without

if TYPE_CHECKING:
    from collab.serving.server import Server


def import_server() -> type[Server]:
    """Import the server class now, with Litestar, uvicorn and all that they need.

    Almost nothing of what an import makes is garbage, so the collector rests until the server runs.
    """
    gc.disable()
    with without("advanced_alchemy", "annotated_types", "better_exceptions", "rich", "watchfiles"):
        from collab.serving.server import Server  # noqa: PLC0415
    return Server


def import_ahead(then: Callable[[], None]) -> Callable[[], None]:
    """Import the server in a thread, and do `then`, while the caller waits for a database.

    Returns a function that waits for the thread. Call it before importing anything else: the thread
    hides packages. `import_server` raises what went wrong here.
    """

    def ahead() -> None:
        with suppress(Exception):
            import_server()
            then()

    # A daemon, so that somebody who gives up waiting need not wait for it.
    thread = Thread(target=ahead, name="import", daemon=True)
    thread.start()
    return thread.join
