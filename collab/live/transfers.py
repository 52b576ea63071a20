"""Counts the imports and exports that each address has under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from litestar.exceptions import TooManyRequestsException


class Transfers:
    """The transfers of each address in this process, of which it may have `most` at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: Counter[str] = Counter()

    @contextmanager
    def one(self, host: str) -> Iterator[None]:
        """Count one until the block ends. Raises TooManyRequestsException."""
        if self._of[host] >= self._most:
            raise TooManyRequestsException(
                f"The limit is {self._most} imports and exports at once from your address.",
                headers={"retry-after": "5"},
                extra={"code": "too_many_transfers"},
            )
        self._of[host] += 1
        try:
            yield
        finally:
            self._of[host] -= 1
            if not self._of[host]:
                del self._of[host]

    async def begin(self, host: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Count one until all its pieces are taken, or it is given up.

        The first piece is made now, so that an error is told before an answer begins. Raises
        TooManyRequestsException.
        """
        counted = self._counted(host, pieces)
        first = await anext(counted)

        async def all_of_them() -> AsyncIterator[bytes]:
            yield first
            async for piece in counted:
                yield piece

        return all_of_them()

    async def _counted(self, host: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        with self.one(host):
            async for piece in pieces:
                yield piece
