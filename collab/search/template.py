"""The text that replaces a match of a regular expression, with the match's groups in it.

`$1` or `\\1` is a group, `${name}` or `\\g<name>` one with a name, `$&` or `$0` the whole match,
`$$` a dollar, `\\n` a line end, `\\t` a tab and `\\\\` a backslash. Everything else stands for
itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SPECIAL = re.compile(
    r"""
      \$(?P<dollar>\$) | \$(?P<whole>&) | [$\\](?P<number>[0-9]{1,2})
    | \$\{(?P<braced>\w+)\} | \\g<(?P<named>\w+)> | \\(?P<escaped>[nt\\])
    """,
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


class BadTemplate(ValueError):
    """A template with words about what is wrong with it."""


class TooLong(ValueError):
    """Raised when a template makes too long a text of a match."""


class Template:
    """Makes the text that replaces a match: pieces of text, and numbers of groups."""

    def __init__(self, text: str, groups: int, names: Mapping[str, int]) -> None:
        """`groups` and `names` are those of the pattern. Raises BadTemplate."""
        self._groups = groups
        self._names = names
        self._pieces: list[str | int] = []
        end = 0
        for found in _SPECIAL.finditer(text):
            self._pieces.append(text[end : found.start()])
            self._pieces += self._meant(found)
            end = found.end()
        self._pieces.append(text[end:])

    def expand(self, match: re.Match[str], most: int) -> str:
        """The text for a match. Raises TooLong for more than so many code points."""
        length = sum(
            len(piece) if isinstance(piece, str) else max(0, match.end(piece) - match.start(piece))
            for piece in self._pieces
        )
        if length > most:
            raise TooLong
        return "".join(
            piece if isinstance(piece, str) else match[piece] or "" for piece in self._pieces
        )

    def _meant(self, found: re.Match[str]) -> list[str | int]:
        if found["dollar"]:
            return ["$"]
        if found["whole"]:
            return [0]
        if escaped := found["escaped"]:
            return [_ESCAPES[escaped]]
        if number := found["number"]:
            return self._number(number)
        name = found["braced"] or found["named"]
        if name.isdecimal():
            return [self._group(int(name), name)]
        if name not in self._names:
            raise BadTemplate(f"The pattern has no group called {name}.")
        return [self._names[name]]

    def _number(self, digits: str) -> list[str | int]:
        """Of two digits the second one is text where there are fewer groups."""
        if len(digits) > 1 and int(digits) > self._groups:
            return [self._group(int(digits[0]), digits[0]), digits[1]]
        return [self._group(int(digits), digits)]

    def _group(self, number: int, written: str) -> int:
        if number > self._groups:
            raise BadTemplate(
                f"The pattern has no group {written}; it has {self._groups or 'none'}."
            )
        return number
