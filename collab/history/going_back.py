"""Drafts the changes that restore the past. They are new entries: the log is never rewritten.

Ids stay, so carets, links and authorship do. A text is brought back by the inverse of what was done
since, so what is still there stays as it is, and what people type meanwhile is merged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from msgspec import Struct

from collab.changes.tree import AddAsset, AddFolder, Move, PutAsset, Remove, Restore
from collab.changes.version import TakeBack
from collab.history.chapters import person_of
from collab.history.differing import by_ends, refined
from collab.history.historian import Historian
from collab.protocol import AddFile, Change, Edit, FileId, Many, SetLanguage, Single
from collab.room.outline import operations
from collab.room.state import Entry, State, TextFile
from collab.room.texts import Text
from collab.room.tree import ROOT, Tree
from ot import Operation, compose_all, take_back

_SIZE = 1024 * 1024
"""A batch ends after so many characters, so that no entry is larger than a person can send."""


def standing(state: State) -> State:
    """Copy the tree of a room, without texts. The copy stays as it is when the room goes on."""
    files = {one.id: TextFile(one.id, one.chosen, Text("")) for one in state.files.values()}
    tree, assets = state.tree.copy(), dict(state.assets)
    return State(state.revision, files=files, tree=tree, assets=assets)


class Draft(Struct):
    """Changes to make on the room at `revision`."""

    revision: int
    parts: list[Single]

    @property
    def edits(self) -> dict[FileId, Operation]:
        return {part.file: part.operation for part in self.parts if isinstance(part, Edit)}

    @property
    def nodes(self) -> list[str]:
        """The changed nodes, each once."""
        found: dict[str, None] = {}
        for part in self.parts:
            if isinstance(part, Edit | SetLanguage):
                found[part.file] = None
            elif isinstance(part, Move | Remove | Restore | PutAsset):
                found[part.id] = None
        return list(found)

    def batches(self) -> Iterator[list[Single]]:
        """Yield the changes in batches. Each batch becomes one entry."""
        batch: list[Single] = []
        size = 0
        for part in self.parts:
            batch.append(part)
            if isinstance(part, Edit):
                size += sum(len(c) for c in part.operation.components if isinstance(c, str))
            if size >= _SIZE:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


async def restoring(
    historian: Historian,
    room_id: UUID,
    now: State,
    revision: int,
    node: str | None,
    selection: tuple[int, int] | None = None,
) -> Draft:
    """Draft what brings the room, or a node and all below it, back to a revision. `now` is the room
    at its head, which does not go on.

    With a selection, from one character to another of the text of then, only that part comes back.
    """
    head = now.revision
    then = await historian.tree(room_id, revision)
    scope = _scope(now.tree, then.tree, node)
    draft = Draft(head, [])
    if selection is None:
        draft.parts += tree_changes(now.tree, then.tree, scope)
        for one in scope:
            if (was := then.files.get(one)) and now.files[one].chosen != was.chosen:
                draft.parts.append(SetLanguage(one, was.chosen))
            if (bytes_ := then.assets.get(one)) and now.assets[one] != bytes_:
                draft.parts.append(PutAsset(one, bytes_.blob, bytes_.size))
    edited = set(await historian.changed(room_id, revision, head))
    for one in scope:
        if one in edited and one in then.files:
            text = await historian.text(room_id, one, revision)
            done = await historian.between(room_id, one, revision, head)
            operation = await asyncio.to_thread(_inverse, done, text, selection)
            if not operation.is_noop():
                draft.parts.append(Edit(one, operation))
    return draft


def _inverse(done: list[Operation], text: str, selection: tuple[int, int] | None) -> Operation:
    whole = compose_all(done)
    now = whole.apply(text)
    inverse = refined(whole.invert(text), now, by_ends)
    return inverse if selection is None else within(inverse, *selection)


def within(operation: Operation, start: int, end: int) -> Operation:
    """Return the part of an operation that makes characters `start` to `end` of its result.

    What it deletes between these goes, and what it deletes beside text that it inserts there.
    """
    out: list[int | str] = []
    deleted = position = 0
    replaces = False

    def close(at: int) -> None:
        nonlocal deleted, replaces
        goes = replaces or start < at < end
        out.append(-deleted if goes else deleted)
        deleted, replaces = 0, False

    for c in operation.components:
        if isinstance(c, str):
            kept = c[max(0, start - position) : max(0, end - position)]
            out.append(kept)
            replaces = replaces or bool(kept)
            position += len(c)
        elif c < 0:
            deleted -= c
        else:
            close(position)
            out.append(c)
            position += c
    close(position)
    return Operation(out)


def _scope(now: Tree, then: Tree, node: str | None) -> list[str]:
    everything = dict.fromkeys([*then, *now])
    if node is None:
        return list(everything)
    return [one for one in everything if node in then.above(one) or node in now.above(one)]


def tree_changes(now: Tree, then: Tree, scope: Collection[str]) -> list[Single]:
    """List the changes that bring the nodes of a scope back to their former places.

    Nodes that stand in one another's way are first put aside, under names that nobody gives.
    """
    gone = [one for one in scope if _is_gone(then, one) and not now[one].removed]
    moving = [one for one in scope if _has_moved(now, then, one)]
    back = [
        one for one in scope if now[one].removed and not _is_gone(then, one) and then.is_living(one)
    ]
    aside: dict[str, None] = {}
    turned_round = any(now[one].is_folder and now[one].parent != then[one].parent for one in moving)
    for one in moving:
        holder = now.holder(then[one].parent, then[one].name)
        if holder != one and holder in moving:
            aside |= {one: None, holder: None}
        if turned_round and now[one].is_folder:
            aside[one] = None
    # Folders come before what is in them.
    placed = sorted([*moving, *back], key=lambda one: len(then.above(one)))
    return [
        # What goes with its folder needs no change of its own.
        *(Remove(one) for one in gone if now[one].parent not in gone),
        *(Move(one, ROOT, f"{one}.moving") for one in aside),
        *(
            (Restore if now[one].removed else Move)(one, then[one].parent, then[one].name)
            for one in placed
        ),
    ]


def _is_gone(then: Tree, node: str) -> bool:
    place = then.get(node)
    return place is None or place.removed


def _has_moved(now: Tree, then: Tree, node: str) -> bool:
    if _is_gone(then, node) or now[node].removed or not then.is_living(node):
        return False
    was, is_ = then[node], now[node]
    return (was.parent, was.name) != (is_.parent, is_.name)


async def taking_back(
    historian: Historian, room_id: UUID, now: State, person: str, since: int
) -> Draft:
    """Draft what takes back all that a person has done after a revision, and nothing of others."""
    head = now.revision
    entries = await historian.all_entries(room_id, since, head)
    draft = Draft(head, [])
    steps: dict[FileId, list[tuple[Operation, bool]]] = {}
    own: set[FileId] = set()
    work = work_of(entries, person)
    for entry in entries:
        is_own = entry.revision in work
        for file, operation in operations(entry.change):
            steps.setdefault(file, []).append((operation, is_own))
            if is_own:
                own.add(file)
    empty: set[FileId] = set()
    edits: list[Single] = []
    for file in sorted(own):
        text = await historian.text(room_id, file, since)
        operation = await asyncio.to_thread(take_back, text, steps[file])
        if not operation.target_length:
            empty.add(file)
        if not operation.is_noop():
            edits.append(Edit(file, operation))
    then = await historian.tree(room_id, since)
    draft.parts = [*_tree_taken_back(entries, work, then.tree, now, empty), *edits]
    return draft


def work_of(entries: Sequence[Entry], person: str) -> set[int]:
    """Return the revisions that are a person's own work.

    Work that was taken back already does not count, nor does the entry that took it back.
    """
    own: set[int] = set()
    for entry in entries:
        change = entry.change
        if isinstance(change, Many) and isinstance(change.cause, TakeBack):
            if change.cause.person == person:
                own = {revision for revision in own if revision <= change.cause.since}
        elif person_of(entry) == person:
            own.add(entry.revision)
    return own


def _tree_taken_back(
    entries: Sequence[Entry], work: set[int], then: Tree, now: State, empty: set[FileId]
) -> list[Single]:
    """List the changes that take back a person's changes of the tree.

    A node is left alone where somebody else has changed it since.
    """
    last: dict[str, tuple[Change, bool]] = {}
    for entry in entries:
        change = entry.change
        parts_of: Sequence[Change] = change.changes if isinstance(change, Many) else [change]
        for part in parts_of:
            if isinstance(part, AddFile):
                last[part.file] = part, entry.revision in work
            elif isinstance(part, AddFolder | AddAsset | Move | Remove | Restore):
                last[part.id] = part, entry.revision in work
    parts: list[Single] = []
    for node, (part, is_own) in last.items():
        was, is_ = then.get(node), now.tree.get(node)
        if not is_own or is_ is None:
            continue
        if was is None:
            is_text = node in now.files
            no_more = node in empty if is_text else not now.tree.children(node)
            if not is_.removed and no_more:
                parts.append(Remove(node))
        elif isinstance(part, Remove) and is_.removed and not was.removed:
            parts.append(Restore(node, was.parent, was.name))
        elif isinstance(part, Move) and (was.parent, was.name) != (is_.parent, is_.name):
            parts.append(Move(node, was.parent, was.name))
    return parts
