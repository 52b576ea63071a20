"""The domains of this server. Each is an import and a line of DOMAINS."""

from __future__ import annotations

from collab.access.domain import ACCESS
from collab.agents.domain import AGENTS
from collab.ai.domain import AI
from collab.completions.domain import COMPLETIONS
from collab.doors.domain import DOORS
from collab.files.domain import FILES
from collab.git.domain import GIT
from collab.history.domain import HISTORY
from collab.operations.domain import OPERATIONS
from collab.pages.domain import PAGES
from collab.rooms.domain import ROOMS
from collab.runs.domain import RUNS
from collab.search.domain import SEARCH
from collab.talk.domain import TALK

DOMAINS = (
    ACCESS,
    ROOMS,
    DOORS,
    FILES,
    SEARCH,
    HISTORY,
    GIT,
    RUNS,
    TALK,
    AGENTS,
    COMPLETIONS,
    AI,
    PAGES,
    OPERATIONS,
)
