"""Compares two revisions of a room: its files, and their texts exactly.

The difference of two texts is the composed operation of all edits between them. So it is exact at
any size, and its cost grows with the edits, not with the texts.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from collab.history.historian import Historian
from collab.history.schemas import Status
from collab.room.state import State
from ot import Operation, common_ends, compose_all, diff

_Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]
_CONTEXT = 3
"""The unchanged lines around each change in a patch."""


class Difference(Struct):
    """The fate of a file or an asset, with its two paths: `before` and `path`. None where absent.

    `operation` is null where the text is the same.
    """

    id: str
    status: Status
    before: str | None
    path: str | None
    operation: Operation | None = None


async def differences(
    historian: Historian, room_id: UUID, start: int, end: int, node: str | None = None
) -> list[Difference]:
    """List what is different at `end`, of one node or of all, in order of path.

    A file that was added or removed comes with what makes all of its text, or none of it.
    """
    before, after = await historian.tree(room_id, start), await historian.tree(room_id, end)
    edited = set(await historian.changed(room_id, start, end) if node is None else [node])
    found: list[Difference] = []
    for one in dict.fromkeys([*before.tree, *after.tree]) if node is None else [node]:
        was, now = living_path(before, one), living_path(after, one)
        if was is None and now is None:
            continue
        operation = await _text(historian, room_id, one, was, now, (start, end), one in edited)
        other_bytes = before.assets.get(one) != after.assets.get(one)
        if was == now and operation is None and not other_bytes:
            continue
        status: Status = "changed" if was == now else "moved"
        if was is None or now is None:
            status = "added" if was is None else "removed"
        found.append(Difference(one, status, was, now, operation))
    return sorted(found, key=lambda one: one.path or one.before or "")


async def _text(
    historian: Historian,
    room_id: UUID,
    node: str,
    was: str | None,
    now: str | None,
    between: tuple[int, int],
    edited: bool,
) -> Operation | None:
    start, end = between
    if was is not None and now is not None:
        if not edited:
            return None
        done = await historian.between(room_id, node, start, end)
        if not done:
            return None
        before = await historian.text(room_id, node, start)
        whole = await asyncio.to_thread(lambda: refined(compose_all(done), before))
        return None if whole.is_noop() else whole
    if was is None:
        text = await historian.text(room_id, node, end)
        return Operation([text]) if text else None
    text = await historian.text(room_id, node, start)
    return Operation([-len(text)]) if text else None


def refined(
    operation: Operation, before: str, compare: Callable[[str, str], Operation] = diff
) -> Operation:
    """Return the operation without text that it deletes and inserts again.

    A composed operation has such text where somebody undid an edit. `compare` says what to keep
    where a text replaces another one.
    """
    out: list[Any] = []
    position = deleted = 0
    inserted: list[str] = []

    def close() -> None:
        nonlocal position, deleted
        gone, new = before[position : position + deleted], "".join(inserted)
        out.extend(compare(gone, new).components if gone and new else (new, -deleted))
        position, deleted = position + deleted, 0
        inserted.clear()

    for c in operation.components:
        if isinstance(c, str):
            inserted.append(c)
        elif c < 0:
            deleted -= c
        else:
            close()
            out.append(c)
            position += c
    close()
    return Operation(out)


def by_ends(gone: str, new: str) -> Operation:
    """Keep the common start and end of two texts. No word is then made of the letters of two."""
    start, end = common_ends(gone, new)
    inserted, deleted = new[start : len(new) - end], len(gone) - start - end
    return Operation([start, inserted, -deleted, end])


def living_path(state: State, node: str) -> str | None:
    """Return the path of a living text or asset; None for any other node."""
    place = state.tree.get(node)
    if place is None or place.is_folder or not state.tree.is_living(node):
        return None
    return state.tree.path(node)


def counts(operation: Operation | None) -> tuple[int, int]:
    """Count the characters that an operation inserts and deletes."""
    components: Any = operation.components if operation else ()
    inserted = sum(len(c) for c in components if isinstance(c, str))
    return inserted, -sum(c for c in components if isinstance(c, int) and c < 0)


def patch(found: Difference, before: str, operation: Operation | None) -> str:
    """Write a difference as git does, with line numbers of both texts."""
    was, now = found.before or found.path, found.path or found.before
    lines = [f"diff --git a/{was} b/{now}\n"]
    if found.status == "added":
        lines.append("new file mode 100644\n")
    elif found.status == "removed":
        lines.append("deleted file mode 100644\n")
    elif found.status == "moved":
        lines.append(f"rename from {was}\nrename to {now}\n")
    if operation is not None and not operation.is_noop():
        lines.append(_header("---", "a", found.before))
        lines.append(_header("+++", "b", found.path))
        lines += _hunks(before, operation)
    return "".join(lines)


class _Matcher(SequenceMatcher[str]):
    """Groups opcodes that are known already. It compares nothing."""

    def __init__(self, opcodes: list[_Opcode]) -> None:
        super().__init__(None, "", "")
        self._opcodes = opcodes

    def get_opcodes(self) -> list[_Opcode]:
        return self._opcodes


def _header(sign: str, side: str, path: str | None) -> str:
    if path is None:
        return f"{sign} /dev/null\n"
    return f"{sign} {side}/{path}{chr(9) if ' ' in path else ''}\n"


def _hunks(before: str, operation: Operation) -> list[str]:
    after = operation.apply(before)
    old, new = _lines(before), _lines(after)
    out: list[str] = []
    matcher = _Matcher(_opcodes(before, after, operation, old, new))
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        (_, a, _, b, _), (_, _, a_end, _, b_end) = group[0], group[-1]
        out.append(f"@@ -{_range(a, a_end)} +{_range(b, b_end)} @@\n")
        for tag, i, i_end, j, j_end in group:
            if tag == "equal":
                out += [_line(" ", line) for line in old[i:i_end]]
                continue
            out += [_line("-", line) for line in old[i:i_end]]
            out += [_line("+", line) for line in new[j:j_end]]
    return out


def _lines(text: str) -> list[str]:
    """Split a text into lines that keep their LF. No other character ends a line."""
    lines = text.split("\n")
    ended = [line + "\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended


def _opcodes(
    before: str, after: str, operation: Operation, old: list[str], new: list[str]
) -> list[_Opcode]:
    """List the opcodes of two texts. Lines that the operation retains whole are equal."""
    olds = [0, *accumulate(map(len, old))]
    news = [0, *accumulate(map(len, new))]
    opcodes: list[Any] = []
    done_old = done_new = 0

    def close(i: int, j: int) -> None:
        if i > done_old or j > done_new:
            deletes, inserts = i > done_old, j > done_new
            tag = "replace" if deletes and inserts else "delete" if deletes else "insert"
            opcodes.append((tag, done_old, i, done_new, j))

    x = y = 0
    for c in operation.components:
        if isinstance(c, str):
            y += len(c)
        elif c < 0:
            x -= c
        else:
            i, j, count = _kept(olds, news, x, y, c)
            if count:
                close(i, j)
                opcodes.append(("equal", i, i + count, j, j + count))
                done_old, done_new = i + count, j + count
            x, y = x + c, y + c
    close(len(old), len(new))
    return opcodes


def _kept(
    olds: list[int], news: list[int], old: int, new: int, length: int
) -> tuple[int, int, int]:
    """Find the whole lines in a stretch that two texts share, from `old` in one and `new` in the
    other.

    `olds` and `news` are where lines begin, and the ends. Returns the first line of the stretch in
    each text, and how many there are.
    """
    i, j = bisect_left(olds, old), bisect_left(news, new)
    # Both sides begin a line at the same character of the stretch.
    while i < len(olds) and j < len(news) and olds[i] - old != news[j] - new:
        if olds[i] - old < news[j] - new:
            i += 1
        else:
            j += 1
    count = 0
    while (
        i + count + 1 < len(olds)
        and j + count + 1 < len(news)
        and olds[i + count + 1] <= old + length
        and olds[i + count + 1] - old == news[j + count + 1] - new
    ):
        count += 1
    return i, j, count


def _range(start: int, end: int) -> str:
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _line(sign: str, line: str) -> str:
    if line.endswith("\n"):
        return sign + line
    return f"{sign}{line}\n\\ No newline at end of file\n"
