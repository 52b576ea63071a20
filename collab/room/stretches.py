"""Composes what a returning client has missed.

A client that has missed many entries is told stretches: a stretch is several consecutive entries,
composed into one. Composing tens of thousands takes long. So the pump has another thread call
`compose` before the client joins, and the past keeps the result for other clients that missed the
same entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from collab.protocol import Change, Edit, FileId, Many, Stretch, WireEntry
from collab.room.kinds import KINDS
from collab.room.kinds.kind import Written
from collab.room.past import Past, Told
from collab.room.state import Entry


def since(past: Past, revision: int, client: str, most: int) -> list[WireEntry | Stretch]:
    """Tell a client the entries after a revision.

    Tells each entry while there are at most `most` of them. Where there are more, each run of
    entries between two entries of the client itself becomes one stretch.
    """
    if told := past.told(revision, client):
        return [*told.news, *since(past, told.last, client, most)]
    return _since(past.after(revision), past, client, most)


def held_of(
    news: list[WireEntry | Stretch], held: Collection[FileId] | None
) -> list[WireEntry | Stretch]:
    """Fit the news to a client that holds some of the files, or all.

    Its stretches lose the edits of the other files. Entries stay as they are.
    """
    if held is None:
        return news
    found: list[WireEntry | Stretch] = []
    for item in news:
        if len(item) == 2:
            count, changes = item
            seen = [one for one in changes if not isinstance(one, Edit) or one.file in held]
            found.append((count, seen))
        else:
            found.append(item)
    return found


def compose(past: Past, missed: Sequence[Entry], client: str, most: int) -> Told:
    """Compose what `since` will tell of the entries that a client has missed.

    Another thread may call this while the past is kept: `missed` is what the room's own thread has
    read of it. That thread keeps the result with `Past.keep`.
    """
    authors = {entry.client for entry in missed}
    news = _since(missed, past, client, most)
    before, last = missed[0].revision - 1, missed[-1].revision
    return Told(before, last, client if client in authors else "", authors, news)


def _since(
    missed: Sequence[Entry], past: Past, client: str, most: int
) -> list[WireEntry | Stretch]:
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
    """Compose entries that follow one another into one stretch; none if there are no entries."""
    if not entries:
        return []
    before, last = entries[0].revision - 1, entries[-1].revision
    by_kind: defaultdict[type[Change], list[Change]] = defaultdict(list)
    in_order: list[Change] = []
    for entry in entries:
        for change in parts_of(entry.change):
            if KINDS[type(change)].in_order:
                in_order.append(change)
            else:
                by_kind[type(change)].append(change)
    merged = _effective(in_order)
    for type_, kind in KINDS.items():
        if changes := by_kind.get(type_):
            merged += kind.merge(changes, past, before, last)
    return [(len(entries), merged)]


def parts_of(change: Change) -> Sequence[Change]:
    return change.changes if isinstance(change, Many) else (change,)


def _effective(changes: list[Change]) -> list[Change]:
    """Leave out each change whose values are all set by later changes."""
    kept: list[Change] = []
    written: set[Written] = set()
    for change in reversed(changes):
        writes = KINDS[type(change)].writes(change)
        if not written.issuperset(writes):
            written.update(writes)
            kept.append(change)
    return kept[::-1]
