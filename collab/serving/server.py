"""Runs uvicorn. It says when it is ready and drains its rooms before it stops."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn

from collab.app import create_app
from collab.lean import without
from collab.listening import url
from collab.live.socket import RESTARTING
from collab.live.traffic import Traffic
from collab.live.wire import WebSocketProtocol
from collab.settings import Settings
from collab.telemetry import tracing
from collab.web.base_path import BasePath
from collab.web.forwarded import Forwarded
from collab.web.http import HttpProtocol
from collab.web.stopping import Stopping


class Server(uvicorn.Server):
    """Serves until SIGTERM or SIGINT, then drains its rooms and returns."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        traffic = Traffic(settings.limits)
        # Litestar imports these where they are installed, though only tracing needs one of them.
        with without(*([] if tracing.wanted() else ["opentelemetry"]), "attr", "pydantic"):
            self._app = create_app(settings, traffic)
        super().__init__(
            uvicorn.Config(
                Stopping(
                    Forwarded(BasePath(self._app, settings.base_path), settings.trusted_proxies)
                ),
                interface="asgi3",
                proxy_headers=False,
                host=settings.host,
                port=settings.port,
                loop="asyncio" if sys.platform == "win32" else "uvloop",
                http=partial(HttpProtocol, traffic),  # type: ignore[arg-type]
                timeout_keep_alive=settings.limits.request_within,
                ws=partial(WebSocketProtocol, traffic),  # type: ignore[arg-type]
                ws_max_size=settings.limits.largest_message,
                ws_ping_interval=settings.heartbeat,
                ws_ping_timeout=settings.heartbeat,
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=1,
                access_log=False,
                log_config=None,
                log_level="warning",
                lifespan="on",
            )
        )

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        # All objects that exist by now stay, so the garbage collector need not look at them again.
        gc.collect()
        gc.freeze()
        gc.enable()
        super().run(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            # uvicorn would raise the signal again after it has stopped, and die of it.
            self._captured_signals.clear()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            print(f"Collab is ready at {url(self._settings.host, port)}", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        hub = self._app.state.get("hub")
        if hub is not None:
            await hub.close(*RESTARTING, drain=self._settings.drain_timeout)
        await super().shutdown(sockets)
