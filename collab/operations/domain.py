"""The domain of operations: routes that tell an operator's programs how the server is."""

from __future__ import annotations

from collab.domain import Domain, Parts
from collab.settings import Settings


def _parts(_settings: Settings) -> Parts:
    from collab.operations.controllers import MetricsController, health, ready  # noqa: PLC0415

    return Parts(routes=[health, ready, MetricsController])


OPERATIONS = Domain("operations", _parts)
