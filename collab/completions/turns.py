"""Counts the questions about code that each address has under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from litestar.exceptions import TooManyRequestsException


class Questions:
    """The questions of each address in this process, of which it may have `most` at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: Counter[str] = Counter()

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """Count one until the block ends. Raises TooManyRequestsException."""
        if self._of[address] >= self._most:
            raise TooManyRequestsException(
                f"The limit is {self._most} questions about code at once from your address.",
                headers={"retry-after": "1"},
                extra={"code": "too_many_questions"},
            )
        self._of[address] += 1
        try:
            yield
        finally:
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]
