"""Limits how many searches run at once in this process."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from litestar.exceptions import TooManyRequestsException


class Turns:
    """`at_once` searches run, the others wait. Of one address there may be `most`."""

    def __init__(self, at_once: int, most: int) -> None:
        self.running = asyncio.Semaphore(at_once)
        """Held by each search that runs."""
        self._most = most
        self._of: Counter[str] = Counter()

    @contextmanager
    def counted(self, address: str) -> Iterator[None]:
        """Count one search of an address until the block ends. Raises TooManyRequestsException."""
        if self._of[address] >= self._most:
            raise TooManyRequestsException(
                f"The limit is {self._most} searches at once from your address.",
                headers={"retry-after": "1"},
                extra={"code": "too_many_searches"},
            )
        self._of[address] += 1
        try:
            yield
        finally:
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]
