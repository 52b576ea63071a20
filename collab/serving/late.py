"""Imports the server when a process is about to serve, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.lean import without

if TYPE_CHECKING:
    from collab.serving.server import Server


def import_server() -> type[Server]:
    """Import the server class now, with Litestar, uvicorn and all that they need."""
    with without("advanced_alchemy", "better_exceptions", "rich"):
        from collab.serving.server import Server  # noqa: PLC0415
    return Server
