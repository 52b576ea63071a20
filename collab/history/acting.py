"""Commits the changes that restore the past, for requests."""

from __future__ import annotations

from litestar.exceptions import HTTPException, NotFoundException
from msgspec.structs import replace

from collab.changes.tree import Move, Remove, Restore
from collab.changes.version import NameVersion, Revert, TakeBack
from collab.errors import ChangeRefused
from collab.history.differing import counts, living_path
from collab.history.going_back import Draft, restoring, standing, taking_back
from collab.history.historian import Historian
from collab.history.limits import HistoryLimits
from collab.history.schemas import DifferenceBody, GoneBackBody, Selection, Status
from collab.live.host import Host
from collab.live.hub import Hub
from collab.live.programs import Reader, room_to_change, submit_one
from collab.protocol import Cause, Many
from collab.room.state import State


class Conflict(HTTPException):
    """The room cannot be changed like that now."""

    status_code = 409


class Actor:
    """Changes a room for one request."""

    def __init__(
        self,
        hub: Hub,
        reader: Reader,
        limits: HistoryLimits,
        room_id: str,
    ) -> None:
        self._limits = limits
        self._hub = hub
        self._reader = reader
        self._room_id = room_id

    async def name(self, change: NameVersion, revision: int) -> int:
        """Name a revision. Returns the revision of the entry."""
        async with room_to_change(self._hub, self._reader, self._room_id) as host:
            return await self._commit(host, revision, change)

    async def restore(
        self,
        historian: Historian,
        revision: int,
        node: str | None,
        selection: Selection | None,
        *,
        preview: bool,
    ) -> GoneBackBody:
        """Bring the room, or a node, back to a revision. Raises HTTPException."""
        async with room_to_change(self._hub, self._reader, self._room_id) as host:
            await host.catch_up()
            now = standing(host.room.state)
            if node is not None and now.tree.get(node) is None:
                words = f"There is no file or folder {node} in this room."
                raise NotFoundException(words, extra={"code": "unknown_file"})
            part = (selection.start, selection.end) if selection else None
            draft = await restoring(historian, host.room_id, now, revision, node, part)
            cause = Revert(revision, node)
            return await self._go_back(host, now, draft, cause, preview=preview)

    async def undo(
        self, historian: Historian, person: str, since: int, *, preview: bool
    ) -> GoneBackBody:
        """Take back what a person has done after a revision. Raises HTTPException."""
        async with room_to_change(self._hub, self._reader, self._room_id) as host:
            await host.catch_up()
            now = standing(host.room.state)
            if now.revision - since > (most := self._limits.undo):
                words = f"That is more than {most} revisions ago, the limit. Begin later."
                raise Conflict(words, extra={"code": "too_long_ago"})
            draft = await taking_back(historian, host.room_id, now, person, since)
            cause = TakeBack(person, since)
            return await self._go_back(host, now, draft, cause, preview=preview)

    async def _go_back(
        self, host: Host, now: State, draft: Draft, cause: Cause, *, preview: bool
    ) -> GoneBackBody:
        body = GoneBackBody(draft.revision, preview, _outcome(now, draft))
        if not preview:
            for batch in draft.batches():
                body.revision = await self._commit(host, draft.revision, Many(batch, cause))
        return body

    async def _commit(self, host: Host, revision: int, change: Many | NameVersion) -> int:
        try:
            return await submit_one(
                host, self._reader, revision, change, lambda state: state.revision
            )
        except ChangeRefused as error:
            refusal = error.refusal
            raise Conflict(refusal.message, extra={"code": refusal.code}) from error


def _outcome(now: State, draft: Draft) -> list[DifferenceBody]:
    """List what a draft changes, file by file."""
    after = State(draft.revision, files=now.files, assets=now.assets, tree=now.tree.copy())
    for part in draft.parts:
        if isinstance(part, Remove):
            after.tree.flag(part.id, removed=True)
        elif isinstance(part, Move):
            after.tree.move(part.id, part.parent, part.name)
        elif isinstance(part, Restore):
            place = replace(after.tree[part.id], parent=part.parent, name=part.name, removed=False)
            after.tree.put(part.id, place)
    edits = draft.edits
    found: list[DifferenceBody] = []
    for node in dict.fromkeys([*draft.nodes, *now.tree]):
        was, is_ = living_path(now, node), living_path(after, node)
        if node not in edits and was == is_ and node not in draft.nodes:
            continue
        if was is None and is_ is None:
            continue
        status: Status = "changed" if was == is_ else "moved"
        if was is None or is_ is None:
            status = "added" if was is None else "removed"
        operation = edits.get(node)
        inserted, deleted = counts(operation)
        components = list(operation.components) if operation else None
        found.append(DifferenceBody(node, status, was, is_, inserted, deleted, components))
    return sorted(found, key=lambda one: one.path or one.before or "")
