"""OpenTelemetry, with the extra `collab[otel]`: spans of requests and of statements.

It is on where OTEL_EXPORTER_OTLP_ENDPOINT says where to, and set by the OTEL_… variables of its
specification. Sockets have no spans: they last for hours and say thousands of things.
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
    """Whether the environment says where spans go to."""
    return bool(
        environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")
        or environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    )


def middleware() -> list[Middleware]:
    """Begin to trace, until the process ends; what is to be installed, nothing when not wanted.

    Raises ImportError, with words, without the extra.
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
    """The path, in which a room has no id: the whole is the key to it."""
    return _ROOM_ID.sub("{room_id}", scope["path"])


def _hide_path(span: Any, scope: dict[str, Any]) -> None:
    for name in ("http.target", "http.url", "url.path", "url.full"):
        if name in span.attributes:
            span.set_attribute(name, _path(scope))
