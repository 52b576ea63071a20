"""Invented edits."""

from __future__ import annotations

from random import Random

from ot import Operation


class Writer:
    """Invents edits. When `typing`, they only insert, and every inserted character is unique."""

    def __init__(self, rng: Random, *, typing: bool) -> None:
        self.rng = rng
        self.typing = typing
        self._next = 0x1F300

    def word(self) -> str:
        if self.typing:
            self._next += 1
            return chr(self._next)
        if self.rng.random() < 0.3:
            return "".join(self.rng.choices("ab😀\n", k=self.rng.randint(2, 4)))
        return self.rng.choice("abc😀é\n")

    def insertion(self, word: str, length: int) -> Operation:
        """An insertion, mostly near the start of the text, where others edit too."""
        at = self._place(length)
        return Operation([at, word, length - at])

    def operation(self, length: int) -> Operation:
        """An edit of a text of `length`."""
        at = self._place(length)
        if self.typing or at == length or self.rng.random() < 0.55:
            return Operation([at, self.word(), length - at])
        gone = self.rng.randint(1, min(4, length - at))
        match self.rng.randrange(4):
            case 0:
                return Operation([at, self.word(), -gone, length - at - gone])
            case 1:
                return Operation([at, -gone, self.word(), length - at - gone])
            case 2 if gone > 1:
                return Operation([at, -1, self.word(), 1 - gone, length - at - gone])
            case _:
                return Operation([at, -gone, length - at - gone])

    def _place(self, length: int) -> int:
        return self.rng.randint(0, min(length, 6) if self.rng.random() < 0.7 else length)
