"""Counts how much everybody did, and when: for the heat bar and the size of a version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from uuid import UUID

from msgspec import Struct

from collab.history.chapters import CHAPTER, GRANULE, Mark, Summed, person_of
from collab.history.historian import Historian
from collab.history.schemas import Bucket, Did, MarkBody, PersonBody, Said, VersionBody
from collab.live.programs import Moment
from collab.room.outline import operations
from collab.room.state import Entry

_EXACT = 2 * CHAPTER
"""Up to so many revisions are counted entry by entry."""


class Row(Struct, gc=False):
    """The work of one person in a few revisions, of which `revision` is the last, at time `at`."""

    revision: int
    at: int
    who: int
    entries: int
    inserted: int
    deleted: int


class Names:
    """Numbers the people of a stretch in order of appearance."""

    def __init__(self) -> None:
        self.people: list[PersonBody] = []
        self._numbers: dict[str, int] = {}

    def number(self, person: str, name: str) -> int:
        number = self._numbers.setdefault(person, len(self.people))
        if number == len(self.people):
            self.people.append(PersonBody(person, name))
        elif self.people[number].name != name:
            self.people[number] = PersonBody(person, name)
        return number


def rows_of(
    summaries: Iterable[Summed], names: Names, start: int, end: int, *, finely: bool = True
) -> list[Row]:
    """Count the work after one revision up to another one, granule by granule.

    Unless `finely`, it is counted chapter by chapter.
    """
    rows: list[Row] = []
    for summed in summaries:
        summary = summed.summary
        numbers = [names.number(who.person, who.name) for who in summary.people]
        if not finely:
            last, last_at = summary.last, summary.last_at
            rows += [
                Row(last, last_at, numbers[one], entries, inserted, deleted)
                for one, entries, inserted, deleted in summary.totals
            ]
            continue
        details = summed.finely()
        at = dict(details.at)
        for granule, who, entries, inserted, deleted in details.heat:
            last = (granule + 1) * GRANULE
            if start < last and last - GRANULE < end:
                row = Row(min(last, end), at[granule], numbers[who], entries, inserted, deleted)
                rows.append(row)
    return rows


def rows_of_entries(entries: Iterable[Entry], names: Names) -> list[Row]:
    """Count the work of these entries, entry by entry."""
    rows: list[Row] = []
    for entry in entries:
        inserted = deleted = 0
        for _, operation in operations(entry.change):
            for c in operation.components:
                if isinstance(c, str):
                    inserted += len(c)
                elif c < 0:
                    deleted -= c
        at = int(entry.created_at.timestamp() * 1000)
        who = names.number(person_of(entry), entry.author)
        rows.append(Row(entry.revision, at, who, 1, inserted, deleted))
    return rows


def in_buckets(rows: Iterable[Row], start: int, end: int, count: int) -> list[Bucket]:
    """Add rows up in at most `count` buckets of equally many revisions. Empty ones are left out."""
    size = max(1, -(-(end - start) // count))
    found: dict[int, tuple[Bucket, dict[int, Did]]] = {}
    # Most rows are of the same bucket as the row before.
    border, bucket, people = -1, Bucket(end, 0, []), dict[int, Did]()
    for row in rows:
        revision, at, who = row.revision, row.at, row.who
        if not border - size < revision <= border:
            number = (revision - start - 1) // size
            border = start + (number + 1) * size
            if number not in found:
                found[number] = Bucket(min(end, border), at, []), {}
            bucket, people = found[number]
        bucket.at = max(bucket.at, at)
        did = people.get(who)
        if did is None:
            did = people[who] = Did(who, 0, 0, 0)
            bucket.people.append(did)
        did.entries += row.entries
        did.inserted += row.inserted
        did.deleted += row.deleted
    return [found[number][0] for number in sorted(found)]


def marks_of(summaries: Iterable[Summed], names: Names, start: int, end: int) -> list[MarkBody]:
    return [
        MarkBody(
            mark.kind,
            mark.revision,
            mark.at,
            names.number(summary.people[mark.who].person, summary.people[mark.who].name),
            mark.name,
            mark.of,
        )
        for summary in (summed.summary for summed in summaries)
        for mark in summary.marks
        if start < mark.revision <= end
    ]


def named(summaries: Sequence[Summed]) -> list[tuple[Mark, str]]:
    """List the named revisions, the oldest first: the latest name of each, and its author."""
    found: dict[int, tuple[Mark, str]] = {}
    for summary in (summed.summary for summed in summaries):
        for mark in summary.marks:
            if mark.kind == "version" and mark.of is not None:
                found[mark.of] = mark, summary.people[mark.who].name
    return [found[revision] for revision in sorted(found)]


def sized(
    versions: Sequence[tuple[Mark, str]], rows: Sequence[Row], names: Names
) -> list[VersionBody]:
    """Return each version with the work since the one before, and its people."""
    bodies: list[VersionBody] = []
    waiting = sorted(rows, key=lambda row: row.revision)
    at = 0
    for mark, author in versions:
        assert mark.of is not None
        assert mark.name is not None
        body = VersionBody(mark.of, mark.name, author, mark.at, mark.revision, 0, 0, 0, [])
        people: dict[int, None] = {}
        while at < len(waiting) and waiting[at].revision <= mark.of:
            row = waiting[at]
            body.entries += row.entries
            body.inserted += row.inserted
            body.deleted += row.deleted
            people[row.who] = None
            at += 1
        body.people = [names.people[who] for who in people]
        bodies.append(body)
    return bodies


async def versions(historian: Historian, room: Moment) -> list[VersionBody]:
    """List the versions of a room up to its head."""
    names = Names()
    summaries = await historian.summaries(room.room_id, 0, room.head)
    done = await rows(historian, room.room_id, summaries, names, (0, room.head))
    return sized(named(summaries), done, names)


async def said(
    historian: Historian, room: Moment, start: int, end: int, buckets: Sequence[Bucket]
) -> list[Said]:
    """Count the messages that people sent in the time of each bucket.

    Those sent since the last revision of the room are in its last bucket.
    """
    if not buckets:
        return []
    ascending = accumulate((bucket.at for bucket in buckets), max)
    ends = [datetime.fromtimestamp(at / 1000, UTC) for at in ascending]
    counts = [0] * len(buckets)
    for stretch, count in await historian.store.said(room.room_id, start, ends):
        if stretch < len(buckets):
            counts[stretch] += count
        elif end == room.head:
            counts[-1] += count
    pairs = zip(buckets, counts, strict=True)
    return [Said(bucket.revision, count) for bucket, count in pairs if count]


async def rows(
    historian: Historian,
    room_id: UUID,
    summaries: Sequence[Summed],
    names: Names,
    stretch: tuple[int, int],
    *,
    finely: bool = True,
) -> list[Row]:
    """Count the work in a stretch: entry by entry where it is short, else as `rows_of` does."""
    start, end = stretch
    if end - start > _EXACT:
        return rows_of(summaries, names, start, end, finely=finely)
    return rows_of_entries(await historian.all_entries(room_id, start, end), names)
