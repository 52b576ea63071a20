"""The domains of this server. Each is an import and a line of DOMAINS."""

from __future__ import annotations

from collab.completions.domain import COMPLETIONS
from collab.files.domain import FILES
from collab.operations.domain import OPERATIONS
from collab.pages.domain import PAGES
from collab.rooms.domain import ROOMS

DOMAINS = (
    ROOMS,
    FILES,
    COMPLETIONS,
    PAGES,
    OPERATIONS,
)
