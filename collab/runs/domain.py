"""The domain of runs: everybody's program, in a sandbox."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from collab.domain import Domain, Parts
from collab.runs.options import RunLimits, RunOptions
from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar

_MOST_BODY = 1024 * 1024
_ROOM_RUNS = "/rooms/{room_id}/runs"


def _read(settings: Settings) -> tuple[RunOptions, RunLimits]:
    return settings.options("run", RunOptions), settings.options("limit_run", RunLimits)


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.changes.run import Run  # noqa: PLC0415
    from collab.live.extension import Extension  # noqa: PLC0415
    from collab.runs.controllers import (  # noqa: PLC0415
        FrameController,
        GroundController,
        PytestController,
        RunsController,
    )
    from collab.runs.messages import Played, RunInput, StopRun  # noqa: PLC0415
    from collab.runs.service import Runs  # noqa: PLC0415
    from collab.runs.store import RunStore  # noqa: PLC0415

    runs = Runs(*_read(settings), _cache(settings))

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        state = app.state
        runs.begin(state.hub, state.log, state.blobs, RunStore(state.log.connections.few(2)))
        yield
        await runs.close()

    return Parts(
        routes=[GroundController, FrameController, PytestController, RunsController],
        dependencies={"runs": Provide(lambda: runs, sync_to_thread=False)},
        bodies={_ROOM_RUNS: _MOST_BODY},
        extension=Extension(
            messages={
                RunInput: runs.take_input,
                StopRun: runs.take_stop,
                Played: runs.in_pages.take,
            },
            needs={RunInput: "run", StopRun: "run", Played: "run"},
            kinds=frozenset({Run}),
            opened=runs.opened,
            read=runs.read,
            committed=runs.committed,
            noticed=runs.noticed,
            left=runs.in_pages.left,
            joined=runs.in_pages.joined,
        ),
        lifespan=lifespan,
    )


def _warn(settings: Settings) -> str:
    options, _ = _read(settings)
    if options.run == "off" or _is_loopback(settings.host):
        return ""
    if options.run == "browser":
        return ""
    return (
        "whoever has the address of a room can run programs on this machine, in a sandbox;"
        " --run off turns that off, `collab doctor` says which sandbox holds"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _examine(settings: Settings) -> Sequence[tuple[str, bool, str]]:
    from collab.runs.ladder import find_ground  # noqa: PLC0415

    options, limits = _read(settings)
    ground = await find_ground(options, limits, _cache(settings))
    await ground.close()
    well = options.run == "off" or (ground.rung != "off" and not ground.packages.words)
    return [("run", well, ground.words)]


def _cache(settings: Settings) -> Path:
    """The folder that has the packages of programs."""
    home = settings.data_dir or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "collab"
    return home.expanduser() / "run-packages"


RUNS = Domain("run", _parts, options=RunOptions, limits=RunLimits, warn=_warn, examine=_examine)
