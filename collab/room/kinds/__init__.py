"""Every kind of change, one module each or each family. A stretch tells its changes in the order of
this table, but for those that it tells in their own order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collab.protocol import Change
from collab.room.kinds.add import Adds
from collab.room.kinds.assets import Assets, Puts
from collab.room.kinds.edit import Edits
from collab.room.kinds.kind import WAIT, Fact, Kind
from collab.room.kinds.language import Languages
from collab.room.kinds.many import Manys
from collab.room.kinds.name import Names
from collab.room.kinds.tree import Folders, Moves, Removes, Restores

_SINGLE: Mapping[type[Change], Kind[Any]] = {
    kind.type: kind
    for kind in (
        Adds(),
        Folders(),
        Assets(),
        Puts(),
        Moves(),
        Removes(),
        Restores(),
        Edits(),
        Languages(),
        Names(),
    )
}
KINDS: Mapping[type[Change], Kind[Any]] = {**_SINGLE, Manys.type: Manys(_SINGLE)}

FACTS: list[Fact] = [kind.fact for kind in KINDS.values() if kind.fact]

__all__ = ["FACTS", "KINDS", "WAIT", "Fact", "Kind"]
