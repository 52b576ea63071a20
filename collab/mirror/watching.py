"""Tells when a folder may have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from watchfiles import awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

from collab.mirror.disk import Disk

_STEP = 25
"""Milliseconds of silence after which the watcher tells what it has gathered."""
_AGAIN = 10_000
"""Milliseconds after which it tells though it has nothing, as on network disks."""


class Watch:
    """Watches each folder of the last scan by itself: what is ignored costs nothing, and no link is
    followed, which may lead to the whole disk.

    `look` is told which paths may have changed; None for any.
    """

    def __init__(self, disk: Disk, look: Callable[[Iterable[str] | None], None]) -> None:
        self._disk, self._look = disk, look
        self._watched = disk.folders
        self._others = asyncio.Event()

    def check(self) -> None:
        """Begin anew if the last scan has found other folders."""
        if self._disk.folders != self._watched:
            self._others.set()

    async def run(self) -> None:
        """Call `look` whenever something may have changed."""
        while True:
            self._others.clear()
            self._watched = self._disk.folders
            self._look(None)
            folder = self._disk.folder
            try:
                async for changes in awatch(
                    *[folder / each for each in sorted(self._watched)],
                    debounce=4 * _STEP,
                    step=_STEP,
                    watch_filter=None,
                    recursive=False,
                    rust_timeout=_AGAIN,
                    yield_on_timeout=True,
                    stop_event=self._others,
                ):
                    paths = {Path(path).relative_to(folder).as_posix() for _, path in changes}
                    self._look(paths or None)
            except* WatchfilesRustInternalError:
                self._look(None)  # a name that is no text: the watch has ended, and begins anew
            except* FileNotFoundError:  # a folder has gone since the scan: the next one finds that
                self._look(None)
                await self._others.wait()
