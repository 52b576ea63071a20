"""A server that is killed in the middle of an import."""

from __future__ import annotations

import asyncio
from io import BytesIO
from zipfile import ZipFile

import httpx

from tests.files.zips import a_zip
from tests.support.database import eventually, hindered
from tests.support.server import DEADLINE, Server

TEXTS = {f"lib/{n // 100}/{n}.py": f"x = {n}\n" for n in range(2000)}
ASSETS = {f"data/{n}.bin": f"\0{n}".encode() for n in range(20)}
SLOWLY = "perform pg_sleep(0.3)"
"""So that there is always a batch to be killed in."""


async def test_a_kill_in_the_middle_of_an_import_leaves_whole_files_and_it_can_be_done_again(
    server: Server,
) -> None:
    room_id = server.create_room(initial_code="mine")
    project = a_zip(*ASSETS.items(), *TEXTS.items())

    async def imports() -> httpx.Response:
        async with httpx.AsyncClient(base_url=server.url, timeout=DEADLINE) as http:
            return await http.post(f"/rooms/{room_id}/import", content=project)

    async with hindered(server.database_url, room_id, SLOWLY):
        importing = asyncio.create_task(imports())
        begun = f"select head >= 3 from room where id = '{room_id}'"
        await eventually(server.database_url, begun)
        await asyncio.to_thread(server.kill)
        # Nobody was told that all of it had come in.
        assert isinstance((await asyncio.gather(importing, return_exceptions=True))[0], Exception)
    await asyncio.to_thread(server.start)

    async with httpx.AsyncClient(base_url=server.url, timeout=DEADLINE) as http:
        before = await files_of(http, room_id)
        assert 500 <= len(before) < len(TEXTS)
        assert before.items() <= (TEXTS | ASSETS | {"main.py": "mine"}).items()
        answer = (await imports()).json()
        came = len(before) - 1
        assert answer["unchanged"] == came
        assert answer["added"] == len(TEXTS) + len(ASSETS) - came
        assert await files_of(http, room_id) == TEXTS | ASSETS | {"main.py": "mine"}


async def files_of(http: httpx.AsyncClient, room_id: str) -> dict[str, str | bytes]:
    """The texts and assets of a room by path."""
    exported = (await http.get(f"/rooms/{room_id}/export.zip")).content
    with ZipFile(BytesIO(exported)) as archive:
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        return {
            entry.filename: archive.read(entry) if entry.comment else archive.read(entry).decode()
            for entry in files
        }
