"""Every kind of change, one module each. A stretch tells its changes in the order of this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collab.protocol import Change
from collab.room.kinds.add import Adds
from collab.room.kinds.edit import Edits
from collab.room.kinds.kind import WAIT, Fact, Kind
from collab.room.kinds.language import Languages
from collab.room.kinds.name import Names

KINDS: Mapping[type[Change], Kind[Any]] = {
    kind.type: kind
    for kind in (
        Adds(),
        Edits(),
        Languages(),
        Names(),
    )
}

FACTS: list[Fact] = [kind.fact for kind in KINDS.values() if kind.fact]

__all__ = ["FACTS", "KINDS", "WAIT", "Fact", "Kind"]
