"""The domain of a room's past."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from collab.domain import Domain, Parts
from collab.history.limits import HistoryLimits
from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar

_QUESTION = 64 * 1024
_ROOM = "/rooms/{room_id}"


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.history.changing import ChangingController  # noqa: PLC0415
    from collab.history.controllers import HistoryController  # noqa: PLC0415
    from collab.history.historian import Historian  # noqa: PLC0415
    from collab.history.store import ChapterStore  # noqa: PLC0415
    from collab.live.extension import Extension  # noqa: PLC0415
    from collab.room.kinds import KINDS  # noqa: PLC0415

    limits = settings.options("limit_history", HistoryLimits)
    historian = Historian()

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        historian.begin(ChapterStore(app.state.log.connections))
        yield
        await historian.close()

    return Parts(
        routes=[HistoryController, ChangingController],
        dependencies={
            "historian": Provide(lambda: historian, sync_to_thread=False),
            "past": Provide(lambda: historian, sync_to_thread=False),
            "history_limits": Provide(lambda: limits, sync_to_thread=False),
        },
        bodies={
            f"{_ROOM}/versions": _QUESTION,
            f"{_ROOM}/versions/{{revision}}": _QUESTION,
            f"{_ROOM}/restore": _QUESTION,
            f"{_ROOM}/undo": _QUESTION,
        },
        extension=Extension(kinds=frozenset(KINDS), committed=historian.committed),
        lifespan=lifespan,
    )


HISTORY = Domain("history", _parts, limits=HistoryLimits)
