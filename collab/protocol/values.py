"""The values that messages and changes are made of."""

from __future__ import annotations

from typing import Annotated, Literal
from unicodedata import category

from msgspec import Meta

from collab.changes.tree import (
    NodeId,
)

VERSION = 3
SUBPROTOCOL = "collab"
MOST_COMPONENTS = 20_000
"""Of an operation that a client submits: what is carried and applied in some milliseconds."""

MOST_PARTS = MOST_COMPONENTS + 200
"""Of the JSON of a message: an operation's components, and what is beside them."""

MOST_HELD = 20_000
"""Files that a client names when it joins."""

KnownLanguage = Literal["python", "javascript", "typescript"]
"""The languages that a new room may begin in, and that suggestions are made for."""
Language = Annotated[str, Meta(pattern=r"\A[a-z0-9+#._-]{1,32}\Z")]
FileId = NodeId
Key = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{16,64}\Z")]
PersonId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\A[^\x00-\x1f\x7f]*\Z")]
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that are not seen, or that turn others round."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and marks that are not seen either."""
Colour = Annotated[int, Meta(ge=0, le=7)]
Position = Annotated[int, Meta(ge=0, le=2**53)]
Revision = Annotated[int, Meta(ge=0, le=2**53)]
Seq = Annotated[int, Meta(ge=1, le=2**53)]
Origin = Literal["typed", "pasted", "suggestion", "formatted", "import", "tool", "ai"]
"""How the content of a change came about, as its client says."""
Selections = Annotated[list[tuple[Position, Position]], Meta(max_length=32)]


def check_name(name: str) -> None:
    """Raises ValueError for a name, of a person or a room, that is not what it looks like.

    `tidyName` of the page keeps the same rule.
    """
    before = " "
    for character in name:
        # A selector makes an emoji of a sign; after a letter it is not seen.
        selector = "\ufe00" <= character <= "\ufe0f" and (before.isalnum() or before.isspace())
        if selector or character in _BLANK or category(character) in _UNSEEN:
            raise ValueError(f"The name has a character that is not seen, U+{ord(character):04X}")
        before = character
    if not name.strip():
        raise ValueError("The name has nothing that is seen")
