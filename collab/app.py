"""Makes the application out of the settings: the service itself and its domains."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from typing import Any, TypeVar

from litestar import Litestar, Request, Response
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.exceptions import (
    InternalServerException,
    ValidationException,
    WebSocketException,
)
from litestar.exceptions.responses import create_exception_response
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.openapi.spec import Server as OpenAPIServer
from litestar.plugins.prometheus import PrometheusConfig
from litestar.types import Scope

from collab.domains import DOMAINS
from collab.errors import LogUnavailable, NewerRelease, PeerError
from collab.live.asker import NAME_HEADER, PERSON_HEADER
from collab.live.doorbell import Doorbell
from collab.live.extension import Extensions
from collab.live.hub import Hub
from collab.live.line import Line
from collab.live.origin import Welcome
from collab.live.permits import permit_route
from collab.live.postgres_line import PostgresLine
from collab.live.programs import Reader
from collab.live.socket import room_socket
from collab.live.traffic import Traffic
from collab.settings import Settings
from collab.store import log
from collab.telemetry import tracing
from collab.web.bodies import Bodies
from collab.web.headers import harden
from collab.web.json_requests import JsonRequest
from collab.web.origins import Origins
from collab.web.request_ids import RequestIds
from collab.web.requests_only import requests_only

K = TypeVar("K")
V = TypeVar("V")

_LOG = getLogger(__name__)
_WENT_AWAY = "client disconnected prematurely"
"""Litestar's words for a request that the client broke off in its body."""
_MEASURED_REQUESTS = PrometheusConfig(
    app_name="collab", prefix="collab_http", group_path=True, scopes={ScopeType.HTTP}
).middleware


def create_app(settings: Settings, traffic: Traffic) -> Litestar:
    """Make the whole application.

    `settings` name a database, and its tables are up to date.
    """
    assert settings.database_url is not None
    database_url = settings.database_url
    welcome = Welcome(settings.allowed_origins, settings.allowed_hosts)
    parts = [domain.parts(settings) for domain in DOMAINS]
    extensions = Extensions([part.extension for part in parts if part.extension])

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with log.connected(
            database_url, statement_timeout=settings.statement_timeout
        ) as postgres:
            doorbell = Doorbell(_line(settings, database_url), settings.presence_timeout)
            hub = Hub(postgres, doorbell, settings.limits, extensions)
            app.state.update(log=postgres, hub=hub, blobs=postgres.blobs)
            tick = asyncio.create_task(hub.tick(settings.tick))
            async with doorbell.listening(hub):
                yield
            tick.cancel()
            with suppress(asyncio.CancelledError):
                await tick

    return Litestar(
        route_handlers=[room_socket, *(route for part in parts for route in part.routes)],
        lifespan=[lifespan, *(part.lifespan for part in parts if part.lifespan)],
        dependencies=_sum(
            {
                "welcome": _given(welcome),
                "limits": _given(settings.limits),
                "addresses": _given(traffic.addresses),
                "traffic": _given(traffic),
                "hub": _of_state("hub"),
                "log": _of_state("log"),
                "blobs": _of_state("blobs"),
                "reader": Provide(Reader, sync_to_thread=False),
            },
            *(part.dependencies for part in parts),
        ),
        exception_handlers=_sum(_ERRORS, *(part.errors for part in parts)),
        after_exception=[_logging([kind for part in parts for kind in part.errors])],
        guards=[permit_route],
        before_send=[harden],
        cors_config=_cors(settings.allowed_origins),
        logging_config=None,
        middleware=[
            *tracing.middleware(),
            RequestIds(),
            requests_only(_MEASURED_REQUESTS),
            requests_only(Origins(welcome)),
            requests_only(
                Bodies(
                    traffic,
                    _sum(*(part.bodies for part in parts)),
                    {route for part in parts for route in part.streamed},
                )
            ),
            *(each for part in parts for each in part.middleware),
        ],
        openapi_config=_openapi(settings.base_path),
        request_class=JsonRequest,
        request_max_body_size=None,  # by route, in Bodies
    )


def _sum(*parts: Mapping[K, V]) -> dict[K, V]:
    """Join mappings. Each key may be in one of them only."""
    total: dict[K, V] = {}
    for part in parts:
        twice = total.keys() & part.keys()
        assert not twice, f"{twice} is there twice"
        total |= part
    return total


def _given(value: Any) -> Provide:
    """Give a value to handlers."""
    return Provide(lambda: value, sync_to_thread=False)


def _of_state(name: str) -> Provide:
    """Give handlers what the lifespan has put into the application's state."""

    def provide(state: State) -> Any:
        return state[name]

    return Provide(provide, sync_to_thread=False)


def _line(settings: Settings, database_url: str) -> Line:
    # Without a Redis the database itself, always: others may use it too, and a process that hears
    # of no other rings nobody.
    if settings.redis_url is None:
        return PostgresLine(database_url)
    # Its client takes a quarter of a start to import, and most do without.
    from collab.live.redis_line import RedisLine  # noqa: PLC0415

    return RedisLine(settings.redis_url)


def _logging(
    answered: Iterable[int | type[Exception]],
) -> Callable[[Exception, Scope], Awaitable[None]]:
    """Return what logs an exception, unless it only answers a client's mistake.

    `answered` are those that domains answer in words of their own.
    """
    expected = (
        PeerError,
        WebSocketException,
        *(kind for kind in answered if isinstance(kind, type)),
    )

    async def log_what_is_ours(error: Exception, scope: Scope) -> None:
        if isinstance(error, InternalServerException) and error.detail == _WENT_AWAY:
            return
        if isinstance(error, LogUnavailable):
            _LOG.warning("%s %s: %s", scope["type"], scope["path"][:14], error)
        elif not isinstance(error, expected) and getattr(error, "status_code", 500) >= 500:
            _LOG.error("%s %s", scope["type"], scope["path"][:14], exc_info=error)

    return log_what_is_ours


def ask_again(_request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer 503, because the database does not answer, or holds what only a newer server reads."""
    words = "The database does not answer; try again"
    if isinstance(error, NewerRelease):
        words = "Only a newer server can read this room; try again"
    return Response({"status_code": 503, "detail": words}, status_code=503)


def answer_for_us(request: Request[Any, Any, Any], error: InternalServerException) -> Response[Any]:
    """Answer 500, or 400 where the client broke off its request."""
    if error.detail == _WENT_AWAY:
        return Response(
            {"status_code": 400, "detail": "The request was broken off"}, status_code=400
        )
    return create_exception_response(request, error)


def name_the_field(_request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    """Answer 400 with words that name each wrong field and say what is wrong with it."""
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


_ERRORS: Mapping[int | type[Exception], Callable[..., Any]] = {
    ValidationException: name_the_field,
    InternalServerException: answer_for_us,
    LogUnavailable: ask_again,
}


def _cors(origins: Sequence[str]) -> CORSConfig | None:
    """Let pages of the sites that the operator names use the REST API, if there are any."""
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=[
            "authorization",
            "content-type",
            "if-match",
            "if-none-match",
            NAME_HEADER.lower(),
            PERSON_HEADER.lower(),
            "talk-key",
        ],
        expose_headers=["etag"],
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
