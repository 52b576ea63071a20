"""A mirror that runs, and what a test waits for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from collab.client import Room, connect
from collab.mirror.mirror import Mirror

PATIENCE = 30.0
"""Seconds until a test is taken to hang."""
FILES = {"main.py": "one\n", "src/app.ts": "let x = 1;\n"}


class Mirrored:
    """A mirror that runs, with the words that it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words: list[str] = []
        self.asked: list[int] = []
        self.allows = False
        self.room: Room
        self.said = asyncio.Event()

    def say(self, words: str) -> None:
        self.words.append(words)
        self.said.set()

    async def may_remove(self, count: int) -> bool:
        self.asked.append(count)
        return self.allows

    async def until_said(self, part: str) -> str:
        """Wait until it says this."""
        while not (found := [words for words in self.words if part in words]):
            self.said.clear()
            await self.said.wait()
        return found[0]

    def kept(self) -> list[str]:
        """Return the texts that were put aside."""
        lost = self.folder / ".collab/lost"
        return [path.read_text() for path in lost.rglob("*") if path.is_file()]


@asynccontextmanager
async def mirrored(link: str, folder: Path, **options: bool) -> AsyncIterator[Mirrored]:
    mirror = Mirrored(folder)
    async with asyncio.timeout(PATIENCE), connect(link, name="Ann's folder") as room:
        mirror.room = room
        both = Mirror(room, folder, say=mirror.say, may_remove=mirror.may_remove, **options)
        running = asyncio.create_task(both.run())
        try:
            yield mirror
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


VIM = ("vim", "-Nu", "NONE", "-i", "NONE")


async def vim(file: Path, *commands: str) -> None:
    """Have Vim do this with a file."""
    told = [part for command in commands for part in ("-c", command)]
    process = await asyncio.create_subprocess_exec(
        *VIM, "-es", *told, "-c", "qa!", str(file), stdin=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0


def shown(terminal: int, words: bytes) -> None:
    """Wait until a terminal has shown some words."""
    seen = b""
    while words not in seen:
        seen += os.read(terminal, 65_536)


async def never(count: int) -> bool:
    raise AssertionError(f"{count} files")


async def has(file: Path, content: str) -> None:
    """Wait until a file has this content. Nothing tells a test of the disk."""
    await on_disk(lambda: file.exists() and file.read_text() == content)


async def on_disk(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def reads(room: Room, path: str, content: str) -> None:
    """Wait until a text of the room is this."""
    await room.until(lambda: path in [node.path for node in room.nodes])
    text = await room.open(path)
    await room.until(lambda: text.text == content)


async def has_paths(room: Room, paths: set[str]) -> None:
    """Wait until these are the files of the room."""
    await room.until(lambda: {n.path for n in room.nodes if n.kind != "folder"} == paths)
