"""The domain of agents, programs that act for a person in a room: people may send them away.

Who is an agent is told in `join` and to everybody, by the room itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from collab.domain import Domain, Parts
from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar


def _parts(_settings: Settings) -> Parts:
    from collab.agents.messages import StopAgent  # noqa: PLC0415
    from collab.agents.stopping import Stopping  # noqa: PLC0415
    from collab.live.extension import Extension  # noqa: PLC0415

    stopping = Stopping()

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        stopping.begin(app.state.hub)
        yield

    extension = Extension(
        messages={StopAgent: stopping.take},
        needs={StopAgent: "write"},
        noticed=stopping.noticed,
    )
    return Parts([], extension=extension, lifespan=lifespan)


AGENTS = Domain("agents", _parts)
