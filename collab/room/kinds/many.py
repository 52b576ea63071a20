"""The change that has several changes under one revision."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from typing import Any

from collab.errors import PeerError, Refusal
from collab.protocol import AddFile, Change, Edit, FileId, Many, Single
from collab.room.draft import Draft
from collab.room.kinds.kind import WAIT, Kind, Placed
from collab.room.past import Past
from collab.room.state import State


class Manys(Kind[Many]):
    """Carries, places and applies the parts of a change one after the other, each by its own kind.

    An edit changes a text that the other parts leave alone, so each edit can be carried by itself.
    """

    type = Many

    def __init__(self, kinds: Mapping[builtins.type[Change], Kind[Any]]) -> None:
        self._kinds = kinds

    def admit(self, change: Many, seq: int) -> None:
        written: set[FileId] = set()
        for index, part in enumerate(change.changes):
            kind = self._kinds[type(part)]
            where = f"at `$.change[1][{index}]`"
            if not kind.submittable:
                tag = type(part).__struct_config__.tag
                words = f"Malformed message: no client may submit {tag!r} - {where}"
                raise PeerError("malformed", words, seq=seq)
            kind.admit(part, seq)
            if isinstance(part, Edit | AddFile):
                if part.file in written:
                    words = f"Malformed message: a second change of {part.file}'s text - {where}"
                    raise PeerError("malformed", words, seq=seq)
                written.add(part.file)

    def check(self, change: Many, state: State) -> None:
        for part in change.changes:
            self._kinds[type(part)].check(part, state)

    def carry(self, change: Many, past: Past, revision: int) -> Many:
        parts = [self._kinds[type(part)].carry(part, past, revision) for part in change.changes]
        return Many(parts, change.cause)

    def place(self, change: Many, draft: Draft) -> Placed[Many]:
        parts: list[Single] = []
        for part in change.changes:
            placed = self._kinds[type(part)].place(part, draft)
            if placed is WAIT or isinstance(placed, Refusal):
                draft.spoilt = bool(parts)
                return placed
            parts.append(placed)
        return Many(parts, change.cause)

    def apply(self, state: State, change: Many) -> tuple[FileId, ...]:
        changed: list[FileId] = []
        for part in change.changes:
            changed += self._kinds[type(part)].apply(state, part)
        return tuple(changed)
