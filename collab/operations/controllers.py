"""`/health`, `/ready` and `/metrics`."""

from __future__ import annotations

from litestar import HttpMethod, Response, route
from litestar.di import NamedDependency
from litestar.plugins.prometheus import PrometheusController

from collab.operations.checks import check_database
from collab.store.log import PostgresLog

_READ = (HttpMethod.GET, HttpMethod.HEAD)
"""Monitors often send HEAD."""


@route("/health", http_method=_READ, tags=["service"], summary="Whether the server is alive")
async def health() -> dict[str, str]:
    """Answers 200 while the process lives, without asking the database. Restart a server that
    does not answer."""
    return {"status": "ok"}


@route("/ready", http_method=_READ, tags=["service"], summary="Whether the server can serve")
async def ready(log: NamedDependency[PostgresLog]) -> Response[dict[str, str]]:
    """Answers 200 when the database answers and has the needed tables, or newer ones; else 503.

    The body says in words how the database is.
    """
    checks = await check_database(log.migrated(), serving=True)
    answer = {check.name: check.words for check in checks}
    if all(check.ok for check in checks):
        return Response({"status": "ready"} | answer)
    return Response({"status": "not ready"} | answer, status_code=503)


class MetricsController(PrometheusController):
    """Serves the metrics to Prometheus."""

    include_in_schema = False
