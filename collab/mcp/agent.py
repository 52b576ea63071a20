"""Carries out what an agent does in a room. Every answer is a text, as models read it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from heapq import nlargest

from collab.client import Room, Stale, Text
from collab.mcp.limits import AgentLimits, Budget

_AROUND = 12
"""Lines that are shown around the place where a stale text may have been."""
_SHORT = 120
"""Lines of a file that is shown whole instead."""
_MOST_COMPARED = 20_000
"""Lines that are compared with a stale text: by their letters, the likest also by their order."""
_COMPARED = 200
"""Code points of a line that are compared."""
_ALIKE = 20


class Agent:
    """One agent in one room. What it does is its own in the log, under the person `room.person`.

    Every method raises RoomError, with words that a model can act on, and NoEntry for good once
    somebody has stopped the agent.
    """

    def __init__(self, room: Room, limits: AgentLimits) -> None:
        self._room, self._limits = room, limits
        self._changes = Budget(limits.changes, "changes")
        self._messages = Budget(limits.messages, "messages")
        self._runs = Budget(limits.runs, "runs")

    def check(self) -> None:
        """Raise NoEntry where somebody has stopped the agent, or the room is closed to it."""
        self._room.check()

    async def list_files(self) -> str:
        nodes = self._room.nodes
        lines = [f"{node.path}{'/' if node.kind == 'folder' else ''}" for node in nodes]
        return self._cut("\n".join(lines) or "The room has no files.")

    async def read_file(self, path: str, first: int = 1, last: int = 0) -> str:
        """Return the lines from `first` to `last`, from 1, both included; 0 is the end."""
        text = await self._room.read(path)
        if first <= 1 and last <= 0:
            return self._cut(text)
        return self._cut("".join(_lines(text)[max(0, first - 1) : last or None]))

    async def search(self, query: str, *, regex: bool, include: str) -> str:
        body = {"query": query, "regex": regex, "include": [include] if include else []}
        answer = await self._room.ask("POST", "/search", json=body)
        found: list[str] = []
        for line in answer.content.split(b"\n"):
            told = json.loads(line) if line else {}
            if told.get("type") == "file":
                found += [f"{told['path']}:{m['line']}: {m['excerpt']}" for m in told["matches"]]
            elif told.get("type") == "end" and told.get("words"):
                found.append(told["words"])
        return self._cut("\n".join(found) or "Nothing was found.")

    async def edit_file(self, path: str, old: str, new: str) -> str:
        """Replace a text that occurs once. A stale one is refused with what is there now."""
        self._changes.spend()
        text = await self._room.open(path)
        try:
            text.patch(old, new)
        except Stale as error:
            raise Stale(error.code, f"{error} It has now:\n{_near(text.text, old)}") from error
        await text.saved()
        return f"Saved in {path}, at revision {self._room.revision}."

    async def write_file(self, path: str, content: str) -> str:
        self._changes.spend()
        await self._room.write(path, content)
        return f"Saved as {path}, at revision {self._room.revision}."

    async def move_file(self, path: str, to: str) -> str:
        self._changes.spend()
        await self._room.move(path, to)
        return f"{path} is {to} now."

    async def remove_file(self, path: str) -> str:
        self._changes.spend()
        await self._room.remove(path)
        return f"{path} is removed. People can restore it."

    async def point(self, path: str, text: str) -> str:
        """Select a text that occurs once, so that people see what the agent looks at."""
        opened = await self._room.open(path)
        start, end = _place(opened, text)
        opened.point(start, end)
        return f"People see your caret in {path}."

    async def say(self, words: str) -> str:
        self._messages.spend()
        await self._room.say(words)
        return "Said in the chat."

    async def comment(self, path: str, text: str, words: str) -> str:
        self._messages.spend()
        start, end = _place(await self._room.open(path), text)
        await self._room.comment(path, start, end, words)
        return f"Your comment stands at that text of {path}."

    async def propose(self, path: str, old: str, new: str, words: str) -> str:
        """Begin a thread with a suggestion, which a person may accept."""
        self._messages.spend()
        start, end = _place(await self._room.open(path), old)
        await self._room.comment(path, start, end, words, suggestion=new)
        return "Proposed. People can accept it with one click."

    async def run(self, path: str, args: Sequence[str], stdin: str) -> str:
        """Run a file for everybody, and return what it prints and how it ends."""
        self._runs.spend()
        run = await self._room.run(path or None, args=args or None, stdin=stdin)
        printed: list[str] = []
        try:
            async with asyncio.timeout(self._limits.seconds):
                async for piece in run:
                    printed += [piece.text] if piece.stream in ("stdout", "stderr") else []
        except TimeoutError:
            await run.stop()
            printed.append(f"\n(stopped after {self._limits.seconds:g} s)")
        output = self._cut("".join(printed))
        if run.ended is None:
            return output
        ended = f"exit {run.ended.exit}" if run.ended.reason == "exit" else run.ended.reason
        return f"{output}\n({' '.join([ended, run.ended.words]).strip()})"

    async def people(self) -> str:
        found = []
        for person in self._room.people:
            agent = f", an agent for {person.agent}" if person.agent else ""
            where = next((n.path for n in self._room.nodes if n.id == person.file), "")
            found.append(f"{person.name}{agent}{', in ' + where if where else ''}")
        return "\n".join(found) or "Nobody else is here."

    def _cut(self, text: str) -> str:
        most = self._limits.characters
        if len(text) <= most:
            return text
        return f"{text[:most]}\n(cut: {len(text)} characters; the limit of one answer is {most})"


def _place(text: Text, wanted: str) -> tuple[int, int]:
    """Return the place of a text that occurs once. Raises Stale with what is there now."""
    start = text.text.find(wanted) if wanted else -1
    if start < 0 or text.text.find(wanted, start + 1) >= 0:
        times = "does not occur" if start < 0 else "occurs more than once"
        words = f"The text {times} in {text.path}. It has now:\n{_near(text.text, wanted)}"
        raise Stale("stale_text", words)
    return start, start + len(wanted)


def _near(text: str, wanted: str) -> str:
    """Return the lines of a text that are most like what somebody wanted to find there."""
    lines = _lines(text)
    if len(lines) <= _SHORT:
        return text
    first = next((line.strip() for line in wanted.split("\n") if line.strip()), "")
    matcher = SequenceMatcher(b=first[:_COMPARED], autojunk=False)

    def likeness(number: int, ratio: Callable[[], float]) -> float:
        matcher.set_seq1(lines[number].strip()[:_COMPARED])
        return ratio()

    # Whole comparisons of many lines would take minutes.
    some = range(min(len(lines), _MOST_COMPARED))
    alike = nlargest(_ALIKE, some, key=lambda at: likeness(at, matcher.quick_ratio))
    at = max(alike, key=lambda at: likeness(at, matcher.ratio))
    start = max(0, at - _AROUND)
    shown = "".join(lines[start : at + _AROUND + wanted.count("\n")])
    return f"(from line {start + 1})\n{shown}"


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends. LF alone ends one, as for people."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)
