"""Asks language servers about a file of a room, for its page, or about all of its files.

The page sends the text as the person sees it; the other files are those that are committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from collab.completions.schemas import Documented, FileProblems, Listed, RoomProblems, Wrong
from collab.languages.answers import Item, Problem, Resolved, lines_of, position_at
from collab.languages.pool import Pool
from collab.languages.servers import language_of
from collab.languages.workspace import Workspace
from collab.live.host import Host
from collab.protocol import FileId, Language

_PATIENCE = 5.0
"""Seconds that a person may wait for a list, for documentation or for problems."""
_ROOM_PATIENCE = 20.0
"""Seconds that a person may wait for the problems of all files."""
_MOST_FILES = 300
_MOST_TEXT = 2_000_000
"""Code points of all files. A room with more is asked about without its other files."""
_MOST_LISTED = 500
_MOST_PROBLEMS = 200
_LONGEST = 2_000
"""Code points of a documentation or a message."""
_KINDS = {
    2: "method",
    3: "function",
    4: "function",
    5: "property",
    6: "variable",
    7: "class",
    8: "interface",
    9: "namespace",
    10: "property",
    13: "enum",
    14: "keyword",
    20: "constant",
    21: "constant",
    22: "class",
    25: "type",
}
"""The protocol's kinds of items, as the editor calls them."""
_SEVERITIES = ("error", "warning", "info", "hint")


class Code:
    """One file of a room, and the others that it may refer to."""

    def __init__(
        self, pool: Pool, room: str, path: str, text: str, files: Mapping[str, str]
    ) -> None:
        self._pool = pool
        self._room = room
        self._path = path
        self._text = text
        self._files = files
        self._language = language_of(path)

    async def listed(self, position: int) -> list[Listed] | None:
        """Return what may stand at a position, likeliest first; None if no server can tell."""
        items = await self._items(position, _PATIENCE)
        if items is None:
            return None
        ordered = sorted(items, key=_rank)[:_MOST_LISTED]
        return [
            Listed(item.name, _KINDS.get(item.kind, "text"), _short(item.detail))
            for item in ordered
        ]

    async def documented(self, position: int, name: str) -> Documented:
        """Return the type and documentation of a name that may stand at a position."""

        async def ask(workspace: Workspace) -> Resolved | None:
            items = await workspace.items(self._path, self._text, position)
            item = next((each for each in items if each.name == name), None)
            return None if item is None else await workspace.resolved(item)

        for server in self._pool.knowing(self._language, completes=True):
            found = await self._pool.ask(server, self._room, self._files, ask, patience=_PATIENCE)
            if found is not None:
                return Documented(found.detail[:_LONGEST], found.words[:_LONGEST].strip())
        return Documented()

    async def problems(self) -> tuple[list[str], list[Wrong]]:
        """Return the servers that have answered, and what they have found, in order of the text."""

        async def ask(workspace: Workspace) -> Sequence[Problem]:
            return await workspace.problems(self._path, self._text)

        names: list[str] = []
        found: list[Problem] = []
        for server in self._pool.knowing(self._language):
            answer = await self._pool.ask(server, self._room, self._files, ask, patience=_PATIENCE)
            if answer is not None:
                names.append(server.name)
                # Two servers find the same errors of syntax.
                known = {(each.range, each.code) for each in found}
                found += [each for each in answer if (each.range, each.code) not in known]
        lines = lines_of(self._text)
        wrong = [_wrong(problem, lines) for problem in found[:_MOST_PROBLEMS]]
        return names, sorted(wrong, key=lambda each: (each.start, each.end))

    def is_open(self, language: Language) -> bool:
        """Tell whether the room can be asked about a text of this language at no cost to others."""
        servers = self._pool.knowing(language, completes=True)[:1]
        mine = language == self._language
        return mine and any(self._pool.is_open(server, self._room) for server in servers)

    async def named(self, position: int, patience: float) -> list[str]:
        """Return the names that may stand at a position, in any order."""
        return [item.name for item in await self._items(position, patience) or ()]

    async def _items(self, position: int, patience: float) -> Sequence[Item] | None:
        async def ask(workspace: Workspace) -> Sequence[Item]:
            return await workspace.items(self._path, self._text, position)

        for server in self._pool.knowing(self._language, completes=True):
            return await self._pool.ask(server, self._room, self._files, ask, patience=patience)
        return None


class RoomCode:
    """All files of a room, as they are committed: by id, the path and the text."""

    def __init__(self, room: str, files: Mapping[FileId, tuple[str, str]]) -> None:
        self._room = room
        self._files = files

    @classmethod
    async def read(cls, host: Host) -> RoomCode:
        await host.catch_up()
        async with host.holding() as state:
            files = {
                file: (state.tree.path(file), str(state.files[file].text))
                for file in state.files
                if state.tree.is_living(file)
            }
        return cls(str(host.room_id), files)

    async def problems(self, pool: Pool, most: int) -> RoomProblems:
        """Return what is wrong in at most so many files, as far as time allows."""
        until = asyncio.get_running_loop().time() + _ROOM_PATIENCE
        ordered = sorted(self._files.items(), key=lambda each: each[1])
        known = [each for each in ordered if pool.knowing(language_of(each[1][0]))]
        files = dict(self._files.values())
        if len(files) > _MOST_FILES or sum(map(len, files.values())) > _MOST_TEXT:
            return RoomProblems([], len(known))
        found: list[FileProblems] = []
        for file, (path, text) in known[:most]:
            if asyncio.get_running_loop().time() > until:
                break
            servers, problems = await Code(pool, self._room, path, text, files).problems()
            if servers:
                found.append(FileProblems(servers, problems, file))
        return RoomProblems(found, len(known) - len(found))


async def code_of(pool: Pool, host: Host, file: FileId, text: str) -> Code | None:
    """Return a file of a room that stands to be asked about; None if the room has no such file."""
    await host.catch_up()
    async with host.holding() as state:
        if file not in state.files or not state.tree.is_living(file):
            return None
        paths = {node: state.tree.path(node) for node in state.files if state.tree.is_living(node)}
        path = paths.pop(file)
        files = {path: text}
        if len(paths) < _MOST_FILES:
            others = {path: str(state.files[node].text) for node, path in paths.items()}
            if sum(map(len, others.values())) <= _MOST_TEXT:
                files |= others
    return Code(pool, str(host.room_id), path, text, files)


def _rank(item: Item) -> tuple[bool, bool, bool, str, str]:
    """Names with two underscores come last, before them those with one, and before them constants:
    fewer want them."""
    name = item.name
    underscored = name.startswith("__"), name.startswith("_")
    return *underscored, name.isupper(), item.sort_text, name.lower()


def _short(detail: str) -> str:
    line = " ".join(detail.split())
    return line if len(line) <= 80 else line[:79] + "…"


def _wrong(problem: Problem, lines: Sequence[tuple[int, str]]) -> Wrong:
    start = position_at(lines, problem.range.start)
    line = min(problem.range.start.line, len(lines) - 1)
    return Wrong(
        start,
        max(start, position_at(lines, problem.range.end)),
        line + 1,
        start - lines[line][0] + 1,
        _SEVERITIES[min(max(problem.severity, 1), 4) - 1],
        problem.message.partition("\n\n")[0][:_LONGEST],
        "" if problem.code is None else str(problem.code),
        problem.source,
    )
