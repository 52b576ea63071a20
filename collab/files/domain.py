"""The domain of files over HTTP: reading and writing the files of a room, in and out."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from collab.domain import Domain, Parts
from collab.settings import Settings

_MOST_BYTES = 4
"""Of a code point in UTF-8."""
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


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.files.archives import ArchivesController  # noqa: PLC0415
    from collab.files.controllers import BlobsController, FilesController  # noqa: PLC0415
    from collab.files.errors import ERRORS  # noqa: PLC0415
    from collab.files.transfers import Transfers  # noqa: PLC0415

    limits = settings.options("limit_files", FilesLimits)
    transfers = Transfers(limits.transfers)
    return Parts(
        routes=[FilesController, BlobsController, ArchivesController],
        dependencies={"transfers": Provide(lambda: transfers, sync_to_thread=False)},
        errors=ERRORS,
        bodies={
            _FILE: max(_MOST_BYTES * settings.limits.text, settings.limits.asset),
            _IMPORT: limits.zip,
        },
        streamed=[_IMPORT],
    )


FILES = Domain("files", _parts, limits=FilesLimits)
