"""The only wiring: settings in, an application out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from typing import Any

from litestar import Litestar, Request, Response
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    NotFoundException,
    ValidationException,
    WebSocketException,
)
from litestar.exceptions.responses import create_exception_response
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.openapi.spec import Server as OpenAPIServer
from litestar.plugins.prometheus import PrometheusConfig
from litestar.types import Scope

from collab.completions.controllers import CompletionsController
from collab.completions.providers import Chain
from collab.completions.worker import Worker
from collab.errors import LogUnavailable
from collab.live.doorbell import Doorbell
from collab.live.hub import Hub
from collab.live.line import Line
from collab.live.origin import Welcome
from collab.live.postgres_line import PostgresLine
from collab.live.socket import room_socket
from collab.live.traffic import Traffic
from collab.operations.controllers import MetricsController, health, ready
from collab.pages.controllers import PagesController
from collab.pages.files import STATIC, read_files
from collab.pages.page import Page, Pages
from collab.rooms.controllers import RoomsController
from collab.rooms.services import RoomService
from collab.settings import Settings
from collab.store import log
from collab.telemetry import tracing
from collab.web.bodies import Bodies
from collab.web.headers import harden
from collab.web.json_requests import JsonRequest
from collab.web.origins import Origins
from collab.web.request_ids import RequestIds

_LOG = getLogger(__name__)
_WENT_AWAY = "client disconnected prematurely"
"""Litestar's words for a request that ends in its body: nobody's error, and nobody to answer."""
_OPERATIONS = (health, ready, MetricsController)
_MEASURED_REQUESTS = PrometheusConfig(
    app_name="collab", prefix="collab_http", group_path=True, scopes={ScopeType.HTTP}
).middleware


def create_app(settings: Settings, traffic: Traffic) -> Litestar:
    """The whole service on `settings.database_url`: given here, and with its tables up to date."""
    assert settings.database_url is not None
    database_url = settings.database_url
    files = read_files(STATIC)
    landing, room = (
        Page(files[name].bodies[""], settings.base_path) for name in ("index.html", "room.html")
    )
    completions = _completions(settings)
    welcome = Welcome(settings.allowed_origins, settings.allowed_hosts)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with log.connected(
            database_url, statement_timeout=settings.statement_timeout
        ) as postgres:
            doorbell = Doorbell(_line(settings, database_url), settings.presence_timeout)
            hub = Hub(postgres, doorbell, settings.limits)
            app.state.update(log=postgres, hub=hub)
            tick = asyncio.create_task(hub.tick(settings.tick))
            async with doorbell.listening(hub):
                yield
            tick.cancel()
            with suppress(asyncio.CancelledError):
                await tick
        await completions.close()

    def provide_rooms(state: State) -> RoomService:
        return RoomService(state.log)

    def given(value: Any) -> Provide:
        return Provide(lambda: value, sync_to_thread=False)

    def of_state(name: str) -> Provide:
        def provide(state: State) -> Any:
            return state[name]

        return Provide(provide, sync_to_thread=False)

    return Litestar(
        route_handlers=[
            RoomsController,
            CompletionsController,
            PagesController,
            room_socket,
            *_OPERATIONS,
        ],
        lifespan=[lifespan],
        dependencies={
            "completions": given(completions),
            "files": given(files),
            "pages": given(Pages(landing, room)),
            "host": given(settings.host),
            "welcome": given(welcome),
            "limits": given(settings.limits),
            "addresses": given(traffic.addresses),
            "traffic": given(traffic),
            "hub": of_state("hub"),
            "log": of_state("log"),
            "rooms": Provide(provide_rooms, sync_to_thread=False),
        },
        exception_handlers={
            ValidationException: name_the_field,
            NotFoundException: landing.answer_nowhere,
            InternalServerException: answer_for_us,
            LogUnavailable: ask_again,
        },
        after_exception=[log_what_is_ours],
        before_send=[harden],
        cors_config=_cors(settings.allowed_origins),
        logging_config=None,
        middleware=[
            *tracing.middleware(),
            RequestIds(),
            _MEASURED_REQUESTS,
            Origins(welcome),
            Bodies(traffic),
        ],
        openapi_config=_openapi(settings.base_path),
        request_class=JsonRequest,
        request_max_body_size=None,  # by route, in Bodies
    )


def _line(settings: Settings, database_url: str) -> Line:
    # Without a Redis the database itself, always: others may use it too, and a process that hears
    # of no other rings nobody.
    if settings.redis_url is None:
        return PostgresLine(database_url)
    # Its client takes a quarter of a start to import, and most do without.
    from collab.live.redis_line import RedisLine  # noqa: PLC0415

    return RedisLine(settings.redis_url)


def _completions(settings: Settings) -> Chain:
    """Patterns in every language, and what Jedi knows of Python, if it knows soon enough."""
    limit = settings.completion_timeout
    providers = [
        # Its first answer comes when its process has started.
        Worker("patterns", patience=10 * limit, limit=limit),
        Worker("names", patience=settings.completion_wait, limit=limit),
    ]
    return Chain(providers, longest=settings.limits.completion_text)


async def log_what_is_ours(error: Exception, scope: Scope) -> None:
    """What is not an answer to somebody's mistake is ours, and is logged."""
    answered = isinstance(error, HTTPException) and error.status_code < 500
    if isinstance(error, InternalServerException) and error.detail == _WENT_AWAY:
        return
    if isinstance(error, LogUnavailable):
        _LOG.warning("%s %s: %s", scope["type"], scope["path"][:14], error)
    elif not answered and not isinstance(error, WebSocketException):
        _LOG.error("%s %s", scope["type"], scope["path"][:14], exc_info=error)


def ask_again(_request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    """The database does not answer now."""
    return Response(
        {"status_code": 503, "detail": "The database does not answer; try again"},
        status_code=503,
    )


def answer_for_us(request: Request[Any, Any, Any], error: InternalServerException) -> Response[Any]:
    """A 500, unless it was the client that broke off."""
    if error.detail == _WENT_AWAY:
        return Response(
            {"status_code": 400, "detail": "The request was broken off"}, status_code=400
        )
    return create_exception_response(request, error)


def name_the_field(_request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    """A 400 whose words say which field is wrong, and how."""
    extra = error.extra if isinstance(error.extra, list) else []
    for item in extra:
        if item.get("key", "data") == "data":
            item["key"] = "body"
        if item["message"] == "'data'":  # Litestar's words for a body that is not there
            item["message"] = "It is missing"
    problems = [f"{item['key']}: {item['message']}" for item in extra]
    return Response(
        {"status_code": 400, "detail": "; ".join(problems) or error.detail, "extra": extra},
        status_code=400,
    )


def _cors(origins: Sequence[str]) -> CORSConfig | None:
    """Which other sites' pages may use the REST API: none, unless the operator names some."""
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins), allow_methods=["GET", "POST"], allow_headers=["content-type"]
    )


def _openapi(base: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Collab",
        version="1",
        description="Rooms in which people write code together. "
        "Live editing is on the WebSocket at `/ws/{room_id}`; collab/PROTOCOL.md tells how.",
        path="/docs",
        servers=[OpenAPIServer(url=base or "/")],
        render_plugins=[
            SwaggerRenderPlugin(
                js_url=f"{base}/docs-assets/swagger-ui-bundle.js",
                css_url=f"{base}/docs-assets/swagger-ui.css",
                standalone_preset_js_url=f"{base}/docs-assets/swagger-ui-standalone-preset.js",
                favicon=f'<link rel="icon" href="{base}/favicon.svg">',
            )
        ],
    )
