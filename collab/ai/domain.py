"""The domain of AI, off until the operator names a model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from collab.ai.endpoint import BadSettings, Endpoints, endpoints
from collab.ai.options import AiLimits, AiOptions
from collab.domain import Domain, Parts
from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar

_MOST_BODY = 512 * 1024
_ROUTES = ("", "/ask", "/edit", "/complete")


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.ai.controllers import (  # noqa: PLC0415
        AiController,
        ChoiceController,
        answer_refused,
    )
    from collab.ai.errors import Refused  # noqa: PLC0415
    from collab.ai.service import Ai  # noqa: PLC0415
    from collab.ai.store import AiStore  # noqa: PLC0415
    from collab.live.extension import Extension  # noqa: PLC0415

    limits = settings.options("limit_ai", AiLimits)
    found, wrong = _endpoints(settings)
    ai = Ai(found, limits, wrong and "AI is off, because its settings are wrong on this server.")

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        models = None
        if found.chat:
            # Its library is of the extra collab[ai], and takes a moment to import.
            from collab.ai.upstream import Models  # noqa: PLC0415

            models = Models(limits, settings.options("ai", AiOptions).hosts)
        ai.begin(AiStore(app.state.log.connections), models, app.state.hub)
        yield
        await ai.close()

    return Parts(
        routes=[AiController, ChoiceController],
        dependencies={"ai": Provide(lambda: ai, sync_to_thread=False)},
        errors={Refused: answer_refused},
        bodies={f"/rooms/{{room_id}}/ai{route}": _MOST_BODY for route in _ROUTES}
        | {"/me/ai": 65_536},
        extension=Extension(noticed=ai.noticed, closing=ai.end_all),
        lifespan=lifespan,
    )


def _endpoints(settings: Settings) -> tuple[Endpoints, str]:
    """Return the endpoints that are set, or none and what is wrong with the settings."""
    try:
        found = endpoints(settings.options("ai", AiOptions))
    except BadSettings as error:
        return Endpoints(), str(error)
    if found.chat and find_spec("httpcore") is None:
        return Endpoints(), "--ai needs the extra collab[ai]"
    return found, ""


def _warn(settings: Settings) -> str:
    return _endpoints(settings)[1]


async def _examine(settings: Settings) -> Sequence[tuple[str, bool, str]]:
    found, wrong = _endpoints(settings)
    return [("AI", not wrong, wrong or (f"asks {found.both}" if found.chat else "off"))]


AI = Domain("ai", _parts, AiOptions, AiLimits, _warn, _examine)
"""`/rooms/{room_id}/ai` and `/me/ai`."""
