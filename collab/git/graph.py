"""The commits of a room, and which of them a fetch has to send. Without I/O."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

INFINITE = 0x7FFFFFFF
"""The depth with which Git asks for everything."""


class CommitRow(Struct, frozen=True):
    """A commit. One without a revision was pushed, or is of a version beside `main` if it has no
    number either."""

    id: bytes
    number: int
    revision: int | None
    parents: tuple[bytes, ...]
    tree: bytes


class Boundary(Struct, frozen=True):
    """The result of a fetch of limited depth: the commits, and the ends of the client's history."""

    commits: frozenset[bytes]
    shallow: frozenset[bytes]
    unshallow: frozenset[bytes]


class Graph:
    """All commits of a room: `main`, and those that were pushed and are merged in it."""

    def __init__(self, rows: Sequence[CommitRow]) -> None:
        self.commits = {row.id: row for row in rows}
        self.tags: Mapping[str, bytes] = {}
        """The commits of versions by the names of their refs, for those who list them."""
        self._main = [row for row in rows if row.revision is not None]

    @property
    def tip(self) -> CommitRow | None:
        """Return the last commit of `main`; None where there is none."""
        return self._main[-1] if self._main else None

    def is_main(self, id_: bytes) -> bool:
        """Tell whether a commit is one of `main`."""
        row = self.commits.get(id_)
        return row is not None and row.revision is not None

    def main_until(self, revision: int) -> CommitRow | None:
        """Return the last commit of `main` up to a revision."""
        at = bisect_right(self._main, revision, key=lambda row: row.revision or 0)
        return self._main[at - 1] if at else None

    def newest_main(self, ids: Iterable[bytes]) -> CommitRow | None:
        """Return the last of these commits that is one of `main`, and so has all before it."""
        found = [self.commits[id_] for id_ in ids if self.is_main(id_)]
        return max(found, key=lambda row: row.number, default=None)

    def within(self, tips: Iterable[bytes], depth: int) -> dict[bytes, int]:
        """Return the commits that are at most `depth` deep, with their depths; a tip is 1 deep."""
        found: dict[bytes, int] = {}
        level = [id_ for id_ in tips if id_ in self.commits]
        at = 1
        while level and at <= depth:
            found |= dict.fromkeys(level, at)
            parents = {one for id_ in level for one in self.commits[id_].parents}
            level = [one for one in parents if one not in found and one in self.commits]
            at += 1
        return found

    def had(self, haves: Iterable[bytes], shallow: Collection[bytes]) -> set[bytes]:
        """Return the commits that a client has, whose history ends at `shallow`."""
        found: set[bytes] = set()
        waiting = [id_ for id_ in haves if id_ in self.commits]
        while waiting:
            if (id_ := waiting.pop()) in found:
                continue
            found.add(id_)
            if id_ not in shallow:
                parents = self.commits[id_].parents
                waiting += [one for one in parents if one in self.commits]
        return found

    def bounded(
        self, inside: Collection[bytes], haves: Collection[bytes], shallow: Collection[bytes]
    ) -> Boundary:
        """Return what to send to a client whose history is to be these commits, and what it has."""
        ends = {one for one in inside if any(p not in inside for p in self.commits[one].parents)}
        opened = {one for one in shallow if one in inside and one not in ends}
        # The client keeps what it has, except commits beyond the old ends of its history.
        sent = frozenset(inside) - self.had(haves, shallow)
        return Boundary(sent, frozenset(ends - set(shallow)), frozenset(opened))

    def beyond(
        self, wants: Collection[bytes], haves: Collection[bytes], shallow: Collection[bytes]
    ) -> Boundary:
        """Return what to send to a client whose history keeps its end."""
        sent = self.had(wants, shallow) - self.had(haves, shallow)
        return Boundary(frozenset(sent), frozenset(), frozenset())

    def deep(
        self, wants: Collection[bytes], shallow: Collection[bytes], depth: int, *, relative: bool
    ) -> set[bytes]:
        """Return the commits up to a depth. A `relative` one counts from the client's end."""
        if relative:
            depths = self.within(wants, INFINITE)
            depth += max((depths[one] for one in shallow if one in depths), default=0)
        return set(self.within(wants, depth))
