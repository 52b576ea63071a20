"""Makes rooms."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID, uuid4

from collab.protocol import AddFile, KnownLanguage
from collab.room.languages import LANGUAGES
from collab.room.state import Entry
from collab.store.log import PostgresLog

FIRST_FILE = "main"


async def open_room(log: PostgresLog, language: KnownLanguage, code: str) -> UUID:
    """Commit a new room whose log begins with its first file. Raises LogUnavailable."""
    change = AddFile(FIRST_FILE, f"main.{LANGUAGES[language]}", None, code)
    first = Entry(1, client="", seq=1, author="", created_at=datetime.now(UTC), change=change)
    room_id = uuid4()
    await log.create(room_id, secrets.token_bytes(16), first)
    return room_id
