"""The names that language servers know, for the text of a question alone or in its room."""

from __future__ import annotations

import re
from collections.abc import Sequence

from collab.completions.code import Code
from collab.completions.providers import Question
from collab.languages.pool import Pool
from collab.languages.workspace import Workspace
from collab.protocol import Language

_ASKED = re.compile(r"(?:[\w$]|(?<!\d)\.)\Z")
"""Matches a place where a name may go on or begin: the end of a part of a name, or after a dot."""
_TYPED = re.compile(r"[\w$]*\Z")
_WIDEST = 200
_PATHS: dict[Language, str] = {
    "python": "main.py",
    "javascript": "main.js",
    "typescript": "main.ts",
}
_MOST = 1000


class ServedNames:
    """Asks the servers of a pool, for at most `patience` seconds."""

    def __init__(self, pool: Pool, *, patience: float) -> None:
        self._pool = pool
        self._patience = patience

    async def names(self, question: Question) -> Sequence[str]:
        path = _PATHS.get(question.language, "")
        if not path or not _may_be_named(question):
            return ()
        for server in self._pool.knowing(question.language, completes=True):

            async def ask(workspace: Workspace) -> Sequence[str]:
                items = await workspace.items(path, question.code, question.position)
                return _fitting([item.name for item in items], question)

            # A file that TypeScript finds in its folder is one of a project with settings.
            files = {path: ""}
            return (await self._pool.ask(server, "", files, ask, patience=self._patience)) or ()
        return ()


class RoomNames:
    """Asks about a file of a room, for at most `patience` seconds."""

    def __init__(self, code: Code, *, patience: float) -> None:
        self._code = code
        self._patience = patience

    async def names(self, question: Question) -> Sequence[str]:
        if not _may_be_named(question):
            return ()
        return _fitting(await self._code.named(question.position, self._patience), question)


def _fitting(names: Sequence[str], question: Question) -> list[str]:
    """Return at most `_MOST` names, those first that go on from what is typed. A server gives them
    in another order each time."""
    found = _TYPED.search(question.code, max(0, question.position - _WIDEST), question.position)
    typed = found[0] if found else ""
    return sorted(set(names), key=lambda name: (not name.startswith(typed), name))[:_MOST]


def _may_be_named(question: Question) -> bool:
    before = question.code[max(0, question.position - 2) : question.position]
    return _ASKED.search(before) is not None
