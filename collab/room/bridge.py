"""Remembers what a plain client shows, because the client does not tell the server.

A plain client sends whole texts and never says which text it has edited. The bridge remembers the
texts that the client may be showing: its own last text, and every text sent to it since the one
which that was based on. Each has the operation that leads from it to the head. The bridge compares
a text that comes in with the nearest of these, and carries the difference over that one's operation
to the head.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, field

from collab.protocol import CodeUpdate
from ot import Operation, common_ends, diff, transform

_MOST_CANDIDATES = 50
_MOST_COMPARED = 16 * 1024 * 1024
"""Code points of all remembered texts together, each of which a new text is compared with."""


@dataclass
class _Candidate:
    text: str
    to_head: Operation
    """Leads from `text` to the head. While a draft is in flight that came as this text, it leads to
    the head with that draft applied."""


@dataclass
class Bridge:
    """The texts that one plain client may be showing, and the texts it sent that are not settled
    yet."""

    candidates: list[_Candidate] = field(default_factory=list)
    in_flight: Operation | None = None
    waiting: deque[CodeUpdate] = field(default_factory=deque)
    """The updates that came while an earlier one was being saved."""
    seq: int = 0
    """The number of the last change submitted for the client."""
    cursor: int | None = None
    """The client's latest caret in the shown text, until the others are told of it."""

    @property
    def shown(self) -> str:
        """The text last sent to, or by, the client."""
        return self.candidates[-1].text

    def show(self, text: str) -> None:
        """Note that the client is sent the text at the head."""
        self.candidates.append(_Candidate(text, Operation([len(text)])))
        most = max(1, min(_MOST_CANDIDATES, _MOST_COMPARED // max(1, len(text))))
        del self.candidates[:-most]

    def draft(self, text: str) -> Operation | None:
        """Return the edit that made `text`, as an operation on the head; None if there is none."""
        index = self._nearest(text)
        base = self.candidates[index]
        made = diff(base.text, text)
        if made.is_noop():
            return None
        to_head, self.in_flight = transform(base.to_head, made)
        self.candidates[: index + 1] = [_Candidate(text, to_head)]
        return self.in_flight

    def read(self, operation: Operation, *, own: bool) -> None:
        """Take a committed operation of the file; `own` if it is the one in flight."""
        for candidate in self.candidates:
            if candidate is self.candidates[0] and self.in_flight is not None:
                if not own:
                    carried, self.in_flight = transform(operation, self.in_flight)
                    candidate.to_head = candidate.to_head.compose(carried)
            else:
                candidate.to_head = candidate.to_head.compose(operation)
        if own:
            self.in_flight = None

    def forget(self) -> None:
        """Drop the operation in flight, which was refused, and all texts that were based on it."""
        self.in_flight = None
        self.waiting.clear()
        self.candidates.clear()

    def position(self, position: int) -> int:
        """Carry a caret in the shown text to the head. A caret beyond the end counts as at the
        end."""
        shown = self.candidates[-1]
        return shown.to_head.map(min(position, len(shown.text)))

    def _nearest(self, text: str) -> int:
        """Return the index of the candidate that differs least from `text`; the latest of several.

        A client sends only texts that it has changed. So a candidate equal to `text` is not the one
        that the client edited, unless there is no other.
        """
        if len(self.candidates) == 1:
            return 0
        return min(
            range(len(self.candidates)),
            key=lambda i: (_distance(self.candidates[i].text, text) or sys.maxsize, -i),
        )


def _distance(a: str, b: str) -> int:
    """Count the code points of both texts that lie between their common ends."""
    return len(a) + len(b) - 2 * sum(common_ends(a, b))
