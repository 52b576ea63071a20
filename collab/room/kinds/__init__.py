"""Every kind of change: each has a module, or shares one with its family.

A stretch lists first the changes whose kind is `in_order`, as they happened, and then the others in
the order of this table.
"""

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
from collab.room.kinds.program import ProgramOptions
from collab.room.kinds.run import Runs
from collab.room.kinds.tree import Folders, Moves, Removes, Restores
from collab.room.kinds.version import Versions

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
        ProgramOptions(),
    )
}
KINDS: Mapping[type[Change], Kind[Any]] = {
    **_SINGLE,
    Manys.type: Manys(_SINGLE),
    Runs.type: Runs(),
    Versions.type: Versions(),
}

FACTS: list[Fact] = [kind.fact for kind in KINDS.values() if kind.fact]

__all__ = ["FACTS", "KINDS", "WAIT", "Fact", "Kind"]
