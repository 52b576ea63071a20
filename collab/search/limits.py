"""The limits of searches."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class SearchLimits(Struct, frozen=True):
    """The options --limit-search-…."""

    query: Annotated[
        int, Meta(ge=1, description="code points of what is searched for, and of each pattern")
    ] = 1000
    matches: Annotated[
        int, Meta(ge=1, description="matches that a search finds, and a replacement replaces")
    ] = 10_000
    seconds: Annotated[
        float, Meta(gt=0, description="seconds of the processor that a search may take")
    ] = 5.0
    at_once: Annotated[
        int, Meta(ge=1, description="searches that one process runs; others wait")
    ] = 2
    per_address: Annotated[int, Meta(ge=1, description="searches of one address at once")] = 6
