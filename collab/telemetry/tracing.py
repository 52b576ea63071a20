"""Traces requests and statements with OpenTelemetry, which the extra `collab[otel]` installs.

Tracing is on if OTEL_EXPORTER_OTLP_ENDPOINT names an endpoint. The other OTEL_… variables of the
specification configure it. Sockets have no spans, since they last for hours and carry thousands of
messages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from litestar.enums import ScopeType
from litestar.types import Middleware

_ROOM_ID = re.compile("[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")


def wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the environment names an endpoint for spans."""
    return bool(
        environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")
        or environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    )


def middleware() -> list[Middleware]:
    """Start tracing for the life of the process. Returns the middleware to install; empty if off.

    Raises ImportError, with words, if the extra is not installed.
    """
    if not wanted():
        return []
    try:
        from litestar.plugins.opentelemetry import OpenTelemetryConfig  # noqa: PLC0415
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise ImportError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and the extra is not installed: collab[otel]."
        ) from error
    name = os.environ.get("OTEL_SERVICE_NAME", "collab")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    instrumentor: Any = AsyncPGInstrumentor()  # type: ignore[no-untyped-call]
    instrumentor.instrument(tracer_provider=provider)
    config = OpenTelemetryConfig(
        tracer_provider=provider,
        scopes={ScopeType.HTTP},
        scope_span_details_extractor=_name,
        server_request_hook_handler=_hide_path,
        exclude_spans=["receive", "send"],
    )
    return [config.middleware]


def _name(scope: Any) -> tuple[str, dict[str, Any]]:
    return f"{scope['method']} {_path(scope)}", {}


def _path(scope: Any) -> str:
    """Return a path without the ids of rooms, because an id is the key to its room."""
    return _ROOM_ID.sub("{room_id}", scope["path"])


def _hide_path(span: Any, scope: dict[str, Any]) -> None:
    for name in ("http.target", "http.url", "url.path", "url.full"):
        if name in span.attributes:
            span.set_attribute(name, _path(scope))
