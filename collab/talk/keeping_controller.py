"""`/rooms/{room_id}/talk`: for how long a room keeps messages."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from collab.talk.answers import RAISES
from collab.talk.schemas import KeepingBody, KeptBody
from collab.talk.service import Talks


class KeepingController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("talk",)

    @get("/talk", summary="Tell how long messages are kept", raises=RAISES, opt={"may": "read"})
    async def kept(self, talks: NamedDependency[Talks], room_id: FromPath[str]) -> KeptBody:
        """The days after which messages of this room are deleted, and the most that its owner may
        choose."""
        keep_days = await talks.retention.keep_days(UUID(room_id))
        return KeptBody(keep_days, talks.retention.most)

    @patch(
        "/talk", summary="Choose how long messages are kept", raises=RAISES, opt={"may": "manage"}
    )
    async def keep(
        self,
        talks: NamedDependency[Talks],
        room_id: FromPath[str],
        data: JSONBody[KeepingBody],
    ) -> KeptBody:
        """Messages that are older are deleted now, and from now on, comments on code too."""
        await talks.retention.set_keep_days(UUID(room_id), data.keep_days)
        keep_days = await talks.retention.keep_days(UUID(room_id))
        return KeptBody(keep_days, talks.retention.most)
