"""The domain of files over HTTP: reading and writing the files of a room, in and out."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from collab.domain import Domain, Parts
from collab.settings import Host, Settings

_MOST_BYTES = 4
"""Of a code point in UTF-8."""
_ADDRESS = 16 * 1024
"""Bytes of a request that names a repository."""
_FILE = "/rooms/{room_id}/files/{file_path}"
_IMPORT = "/rooms/{room_id}/import"


class FilesLimits(Struct, frozen=True):
    """The options --limit-files-…."""

    zip: Annotated[int, Meta(ge=1, description="bytes of a zip that is imported")] = (
        100 * 1024 * 1024
    )
    transfers: Annotated[
        int, Meta(ge=1, description="imports and exports of one address at once")
    ] = 4
    git: Annotated[
        int,
        Meta(ge=0, description="bytes that are fetched of a Git repository; 0 for no such imports"),
    ] = 100 * 1024 * 1024
    git_within: Annotated[
        float, Meta(gt=0, description="seconds in which a Git repository must be fetched")
    ] = 60.0


class FilesOptions(Struct, frozen=True):
    """The options --files-…."""

    git_hosts: Annotated[
        tuple[Host, ...],
        Meta(description="hosts of the own network that Git imports may fetch from, without ports"),
    ] = ()


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.files.archives import ArchivesController  # noqa: PLC0415
    from collab.files.controllers import BlobsController, FilesController  # noqa: PLC0415
    from collab.files.errors import ERRORS  # noqa: PLC0415
    from collab.files.git import GitSettings  # noqa: PLC0415
    from collab.files.sweeping import sweeping  # noqa: PLC0415
    from collab.files.writing import Writing  # noqa: PLC0415
    from collab.live.transfers import Transfers  # noqa: PLC0415

    limits = settings.options("limit_files", FilesLimits)
    hosts = settings.options("files", FilesOptions).git_hosts
    git = GitSettings(limits.git, limits.git_within, hosts)
    transfers = Transfers(limits.transfers)
    return Parts(
        routes=[FilesController, BlobsController, ArchivesController],
        dependencies={
            "transfers": Provide(lambda: transfers, sync_to_thread=False),
            "writing": Provide(Writing, sync_to_thread=False),
            "git": Provide(lambda: git, sync_to_thread=False),
        },
        errors=ERRORS,
        bodies={
            _FILE: max(_MOST_BYTES * settings.limits.text, settings.limits.asset),
            _IMPORT: limits.zip,
            f"{_IMPORT}/git": _ADDRESS,
        },
        streamed=[_IMPORT],
        lifespan=sweeping,
    )


FILES = Domain("files", _parts, options=FilesOptions, limits=FilesLimits)
