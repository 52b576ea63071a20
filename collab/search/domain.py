"""The domain that searches all files of a room, and replaces what it finds."""

from __future__ import annotations

from collab.domain import Domain, Parts
from collab.search.limits import SearchLimits
from collab.settings import Settings

_QUESTION = 64 * 1024
_REPLACEMENT = 2 * 1024 * 1024
"""Bytes of a request, which may name every match."""


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.search.controllers import SearchController  # noqa: PLC0415
    from collab.search.turns import Turns  # noqa: PLC0415

    limits = settings.options("limit_search", SearchLimits)
    turns = Turns(limits.at_once, limits.per_address)
    return Parts(
        routes=[SearchController],
        dependencies={
            "turns": Provide(lambda: turns, sync_to_thread=False),
            "search_limits": Provide(lambda: limits, sync_to_thread=False),
        },
        bodies={
            "/rooms/{room_id}/search": _QUESTION,
            "/rooms/{room_id}/replace": _REPLACEMENT,
            "/rooms/{room_id}/replace/undo": _QUESTION,
        },
    )


SEARCH = Domain("search", _parts, limits=SearchLimits)
