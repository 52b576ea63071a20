"""What a client that comes back has missed, as it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from collab.protocol import Change, Stretch, WireEntry
from collab.room.kinds import KINDS
from collab.room.past import Past
from collab.room.state import Entry


def since(past: Past, revision: int, client: str, most: int) -> list[WireEntry | Stretch]:
    """Tell every entry after a revision; or, where there are more than `most`, everything that
    others did between two entries of the client as one stretch."""
    missed = past.entries[revision - past.oldest :]
    if len(missed) <= most:
        return [entry.wire() for entry in missed]
    news: list[WireEntry | Stretch] = []
    start = 0
    for index, entry in enumerate(missed):
        if entry.client == client:
            news += _stretch(past, missed[start:index])
            news.append(entry.wire())
            start = index + 1
    return news + _stretch(past, missed[start:])


def _stretch(past: Past, entries: Sequence[Entry]) -> list[Stretch]:
    """Entries that follow one another as one stretch; none for none."""
    if not entries:
        return []
    before, last = entries[0].revision - 1, entries[-1].revision
    by_kind: defaultdict[type[Change], list[Change]] = defaultdict(list)
    for entry in entries:
        by_kind[type(entry.change)].append(entry.change)
    merged: list[Change] = []
    for type_, kind in KINDS.items():
        if changes := by_kind.get(type_):
            merged += kind.merge(changes, past, before, last)
    return [(len(entries), merged)]
