"""Making rooms. What happens in them is the log's."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID, uuid4

from collab.protocol import AddFile, KnownLanguage
from collab.room.languages import LANGUAGES
from collab.room.state import Entry
from collab.store.log import PostgresLog

FIRST_FILE = "main"


class RoomService:
    """Makes rooms."""

    def __init__(self, log: PostgresLog) -> None:
        self._log = log

    async def open_room(self, language: KnownLanguage, code: str) -> UUID:
        """A new room, committed, whose log begins with its first file. Raises LogUnavailable."""
        change = AddFile(FIRST_FILE, f"main.{LANGUAGES[language]}", language, code)
        first = Entry(1, client="", seq=1, author="", created_at=datetime.now(UTC), change=change)
        room_id = uuid4()
        await self._log.create(room_id, secrets.token_bytes(16), first)
        return room_id
