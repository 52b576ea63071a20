"""The limits of what is asked about the past."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class HistoryLimits(Struct, frozen=True):
    """The options --limit-history-…."""

    undo: Annotated[
        int, Meta(ge=1, description="revisions of which a person's work is taken back at once")
    ] = 100_000
