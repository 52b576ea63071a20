#!/usr/bin/env bash
# advanced-alchemy 1.12.0: list_and_count for a page beyond the last one
#
# Guess: the count is of all rows that the filters without the page match, so it is the same on each page.
# Saw:   it stands in a column of the rows of the page, and a page without rows says that there are none at all: 0 in
#        place of 3, as it does for a limit of 0, by which one asks for the count alone. With
#        count_with_window_function=False it is right.
# So:    Collab's lists go on from the last row that was seen, and say no totals.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with advanced-alchemy==1.12.0 sqlalchemy==2.1.9 aiosqlite==0.22.1
cat >run.py <<'PY'
import asyncio

from advanced_alchemy.base import BigIntBase
from advanced_alchemy.filters import LimitOffset
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Mapped


class Note(BigIntBase):
    __tablename__ = "note"
    text: Mapped[str]


class Notes(SQLAlchemyAsyncRepository[Note]):
    model_type = Note


async def main():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Note.metadata.create_all)
    async with AsyncSession(engine) as session:
        notes = Notes(session=session)
        await notes.add_many([Note(text=text) for text in "abc"])
        for page in (LimitOffset(2, 0), LimitOffset(2, 2), LimitOffset(2, 4), LimitOffset(0, 0)):
            rows, count = await notes.list_and_count(page)
            other = await notes.list_and_count(page, count_with_window_function=False)
            print(len(rows), count, other[1], end=", ")


asyncio.run(main())
PY
expect "rows, count and count otherwise" "$(python -W ignore run.py)" "2 3 3, 1 3 3, 0 0 3, 0 0 3, "
