"""Makes a text from the output of a model, which may be anything."""

from __future__ import annotations

import re

from collab.ai.errors import ModelFailed

_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Cleaner:
    """Cleans the pieces of one answer: the line ends of Windows become LF, wherever they are cut.

    Other control characters are no text. They end the answer, in words.
    """

    def __init__(self) -> None:
        self._after_cr = False

    def clean(self, piece: str) -> str:
        """Return a piece as it is shown and inserted. Raises ModelFailed."""
        if not piece:
            return ""
        if self._after_cr:
            piece = "\r" + piece
        self._after_cr = piece.endswith("\r")
        if self._after_cr:
            piece = piece[:-1]
        piece = piece.replace("\r\n", "\n")
        if _NO_TEXT.search(piece):
            words = "The answer had characters that are no text, and was cut there."
            raise ModelFailed("model_cut", words)
        return piece
