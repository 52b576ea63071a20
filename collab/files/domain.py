"""The domain of files over HTTP: reading and writing the files of a room, in and out."""

from __future__ import annotations

from collab.domain import Domain, Parts
from collab.settings import Settings

_MOST_BYTES = 4
"""Of a code point in UTF-8."""


def _parts(settings: Settings) -> Parts:
    from collab.files.controllers import FilesController  # noqa: PLC0415
    from collab.files.errors import ERRORS  # noqa: PLC0415

    return Parts(
        routes=[FilesController],
        errors=ERRORS,
        bodies={"/rooms/{room_id}/files/{file_path}": _MOST_BYTES * settings.limits.text},
    )


FILES = Domain("files", _parts)
