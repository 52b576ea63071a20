"""Rooms as rows. What happens in them is the log's."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService

from collab.protocol import AddFile, Language, encoder
from collab.store.failures import answered
from collab.store.models import EntryModel, RoomModel

FIRST_FILE = "main"
_SUFFIXES: dict[Language, str] = {"python": "py", "javascript": "js", "typescript": "ts"}


class RoomService(SQLAlchemyAsyncRepositoryService[RoomModel]):
    """Makes rooms."""

    class Repository(SQLAlchemyAsyncRepository[RoomModel]):
        model_type = RoomModel

    repository_type = Repository

    async def open_room(self, language: Language, code: str) -> RoomModel:
        """A new room, committed, whose log begins with its first file. Raises LogUnavailable."""
        path = f"main.{_SUFFIXES[language]}"
        change = AddFile(FIRST_FILE, path, language, code)
        with answered():
            room = await self.create({"head": 1, "secret": secrets.token_bytes(16)})
            self.repository.session.add(
                EntryModel(
                    room_id=room.id,
                    revision=1,
                    client="",
                    seq=1,
                    author="",
                    created_at=datetime.now(UTC),
                    change=encoder.encode(change).decode(),
                )
            )
            await self.repository.session.commit()
        return room
