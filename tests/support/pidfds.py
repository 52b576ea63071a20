"""Processes that are awaited though they are nobody's children here."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress

from tests.support.server import DEADLINE


class Pidfds:
    """Processes that lived when this was made."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._open: list[int] = []
        for pid in pids:
            with suppress(ProcessLookupError):
                self._open.append(os.pidfd_open(pid))

    def __len__(self) -> int:
        return len(self._open)

    async def gone(self) -> None:
        """Wait until all have ended."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(DEADLINE):
            for descriptor in self._open:
                ended = asyncio.Event()
                loop.add_reader(descriptor, ended.set)
                await ended.wait()
                loop.remove_reader(descriptor)
                os.close(descriptor)
        self._open.clear()
