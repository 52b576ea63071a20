"""The domain of rooms as Git remotes: clone, fetch and push of `/r/{room}.git`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from collab.domain import Domain, Parts
from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar

_ROUTE = "/r/{repository}"
_DRAINED = 2
"""A body of so many times the largest pack is still read, so that its client hears in Git's words
why the push is refused."""
_ASKED = 1024 * 1024
"""Bytes of a request for a fetch."""


class GitLimits(Struct, frozen=True):
    """The options --limit-git-…."""

    pack: Annotated[int, Meta(ge=1, description="bytes of what is pushed")] = 15 * 1024 * 1024
    unpacked: Annotated[int, Meta(ge=1, description="bytes of the objects in it")] = (
        64 * 1024 * 1024
    )
    objects: Annotated[int, Meta(ge=1, description="objects that are pushed at once")] = 20_000
    transfers: Annotated[
        int, Meta(ge=1, description="fetches and pushes of one address at once")
    ] = 8


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.git.controllers import GitController, Transferring  # noqa: PLC0415
    from collab.git.repository import Repositories  # noqa: PLC0415
    from collab.git.store import GitStore  # noqa: PLC0415
    from collab.live.transfers import Transfers  # noqa: PLC0415

    limits = settings.options("limit_git", GitLimits)
    repositories = Repositories()
    transferring = Transferring(
        limits.pack, limits.unpacked, limits.objects, Transfers(limits.transfers)
    )

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        log = app.state.log
        repositories.begin(GitStore(log.connections), log, log.blobs)
        yield

    return Parts(
        routes=[GitController],
        dependencies={
            "repositories": Provide(lambda: repositories, sync_to_thread=False),
            "transferring": Provide(lambda: transferring, sync_to_thread=False),
        },
        bodies={
            f"{_ROUTE}/git-upload-pack": _ASKED,
            f"{_ROUTE}/git-receive-pack": _DRAINED * limits.pack,
        },
        lifespan=lifespan,
    )


GIT = Domain("git", _parts, limits=GitLimits)
