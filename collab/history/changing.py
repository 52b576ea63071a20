"""`/rooms/{room_id}/versions`, `/restore` and `/undo`: name revisions, and go back to them."""

from __future__ import annotations

from litestar import Controller, get, patch, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath, JSONBody

from collab.changes.version import NameVersion
from collab.history import heat
from collab.history.acting import Actor, Conflict
from collab.history.asking import find_then
from collab.history.historian import Historian
from collab.history.limits import HistoryLimits
from collab.history.schemas import (
    GoneBackBody,
    NameRevision,
    RenameVersion,
    RestoreBody,
    UndoWorkBody,
    VersionBody,
)
from collab.live.hub import Hub
from collab.live.programs import Moment, Reader


class ChangingController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("history",)

    @get(
        "/versions",
        summary="List the versions of a room",
        raises=[NotFoundException],
        opt={"may": "read"},
    )
    async def versions(
        self,
        historian: NamedDependency[Historian],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
    ) -> list[VersionBody]:
        """The revisions that have a name, the oldest first. The name that was given last holds."""
        room = await reader.moment(room_id)
        return await heat.versions(historian, room)

    @post("/versions", summary="Name a revision", raises=[NotFoundException], opt={"may": "write"})
    async def name(
        self,
        historian: NamedDependency[Historian],
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        history_limits: NamedDependency[HistoryLimits],
        room_id: FromPath[str],
        data: JSONBody[NameRevision],
    ) -> VersionBody:
        """Give a revision a name, or another one. It is an entry of the log; the room stays as it
        is."""
        room = await reader.moment(room_id)
        actor = Actor(hub, reader, history_limits, room_id)
        change = NameVersion(data.name, room.check(data.revision))
        entry = await actor.name(change, room.head)
        versions = await heat.versions(historian, Moment(room.room_id, entry))
        return next(one for one in versions if one.revision == change.revision)

    @patch(
        "/versions/{revision:int}",
        summary="Rename a version",
        raises=[NotFoundException],
        opt={"may": "write"},
    )
    async def rename(
        self,
        historian: NamedDependency[Historian],
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        history_limits: NamedDependency[HistoryLimits],
        room_id: FromPath[str],
        revision: FromPath[int],
        data: JSONBody[RenameVersion],
    ) -> VersionBody:
        """Give a revision that has a name another one."""
        room = await reader.moment(room_id)
        if all(one.revision != revision for one in await heat.versions(historian, room)):
            words = f"Revision {revision} is no version."
            raise NotFoundException(words, extra={"code": "unknown_version"})
        wanted = NameRevision(data.name, revision)
        answer: VersionBody = await ChangingController.name.fn(
            self, historian, hub, reader, history_limits, room_id, wanted
        )
        return answer

    @post(
        "/restore",
        summary="Bring back what was",
        status_code=200,
        raises=[NotFoundException, Conflict, TooManyRequestsException],
        opt={"may": "write"},
    )
    async def restore(
        self,
        historian: NamedDependency[Historian],
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        history_limits: NamedDependency[HistoryLimits],
        room_id: FromPath[str],
        data: JSONBody[RestoreBody],
    ) -> GoneBackBody:
        """Bring the room, a folder, a file or a part of it back to a revision, as a new entry. Ids
        stay, and what people write meanwhile is merged. Text that comes back keeps its first
        author. With `preview` nothing is changed."""
        room = await reader.moment(room_id)
        revision = room.check(data.revision)
        node = data.id
        if data.path is not None:
            node = await find_then(historian, room.room_id, data.path, (revision, room.head))
        actor = Actor(hub, reader, history_limits, room_id)
        return await actor.restore(historian, revision, node, data.selection, preview=data.preview)

    @post(
        "/undo",
        summary="Take back what a person has done",
        status_code=200,
        raises=[NotFoundException, Conflict, TooManyRequestsException],
        opt={"may": "write"},
    )
    async def undo(
        self,
        historian: NamedDependency[Historian],
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        history_limits: NamedDependency[HistoryLimits],
        room_id: FromPath[str],
        data: JSONBody[UndoWorkBody],
    ) -> GoneBackBody:
        """Take back all that a person has done after a revision, and nothing of what others did, as
        a new entry. With `preview` nothing is changed."""
        room = await reader.moment(room_id)
        since = room.check(data.since)
        actor = Actor(hub, reader, history_limits, room_id)
        return await actor.undo(historian, data.person, since, preview=data.preview)
