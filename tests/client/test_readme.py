"""The bot of the README, as it stands there."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import collab.client
from collab.client import connect
from tests.support.server import DEADLINE, Server

README = Path(collab.client.__path__[0], "README.md").read_text(encoding="utf-8")


async def test_the_bot_of_the_readme_counts_words(shared_server: Server, tmp_path: Path) -> None:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found
    assert sum(bool(line) for line in found[1].splitlines()) <= 20
    bot = tmp_path / "bot.py"
    bot.write_text(found[1], encoding="utf-8")
    files = {"main.py": "", "notes.md": "one two"}
    room_id = await asyncio.to_thread(shared_server.create_room, files=files)
    link = f"{shared_server.url}/r/{room_id}"
    async with asyncio.timeout(DEADLINE), connect(link, name="Ann") as room:
        process = await asyncio.create_subprocess_exec(sys.executable, bot, link)
        try:
            await room.until(lambda: "words.txt" in [node.path for node in room.nodes])
            counted = await room.open("words.txt")
            assert counted.text == "notes.md has 2 words.\n"
            text = await room.open("notes.md")
            text.replace(7, 7, " three")
            await room.until(lambda: counted.text == "notes.md has 3 words.\n")
        finally:
            process.terminate()
            await process.wait()
