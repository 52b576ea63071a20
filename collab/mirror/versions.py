"""Finds the version that a file on the disk was made from.

The disk is a client that sends whole texts and no version: an editor may write a text that it read
some versions ago. Of the texts that the disk has had, the one that it was made from is taken to be
the nearest by the lines that differ, with two exceptions:

A text that the disk was edited from already is none: who undoes an edit, or checks out the branch
from before, means it. And a text is none if the new one has what the room has added to it since.

What the room has done since is known exactly, and the difference is carried past it. Where the text
was made from another one, that deletes what its writer has not seen: the caller is told of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from collab.mirror.lines import line_diff, more_lines
from ot import Operation, compose_all, transform

_LATEST, _OLDER = 128, 64
"""Texts of a file that are remembered: the latest, and of the older ones the fewer the older."""
_MOST_LETTERS = 4 * 1024 * 1024
"""Code points of them."""
_UNSEEN, _SEEN = "u."
"""Marks of code points of the room's text. Unseen: others have added it and the disk has not
written it yet, so the writer of the disk may not have seen it. Seen: any other."""


class _Version:
    """A text that the disk has had. `joins` leads from it to the text that the room had then, and
    `then` from there to the room's at the next version, or now. `more` are the lines that it has
    more of than the version before it."""

    __slots__ = ("is_sole", "joins", "left", "more", "number", "text", "then")

    def __init__(self, text: str, joins: Operation, number: int, more: Counter[str]) -> None:
        self.text, self.joins, self.number, self.more = text, joins, number, more
        self.then = Operation([joins.target_length])
        self.left = False
        """True if the disk was edited from it."""
        self.is_sole = False
        """True if the versions before it are forgotten, so that it may stand for them."""


class Versions:
    """Texts of one file that the disk has had, and what was done to the room's since."""

    def __init__(self, text: str) -> None:
        self._known: list[_Version] = []
        self._count = 0
        self._marks = _SEEN * len(text)
        self.put(text)

    @classmethod
    def since(cls, base: str, shown: str, disk: str) -> Versions:
        """Return the versions of a file whose last common text was `base`, while nobody looked: the
        room shows `shown`, and `disk` will be taken. What both have inserted at one place was sent
        before, without an answer."""
        parts: list[str | int] = []
        at = 0
        for place, text in _common(base, shown, disk):
            parts += [place - at, text]
            at = place
        common = Operation([*parts, len(base) - at]).apply(base)
        versions = cls(common)
        versions.follow(line_diff(common, shown))
        return versions

    @property
    def latest(self) -> str:
        """The text that the disk is known to have."""
        return self._known[-1].text

    @property
    def is_behind(self) -> bool:
        """Tell whether the room has another text than the disk."""
        return not self._since(self._known[-1]).is_noop()

    def put(self, text: str) -> None:
        """Note that the disk has the text that the room has."""
        for version in [one for one in self._known if one.text == text]:
            self._forget(self._known.index(version))
        self._remember(text, Operation([len(text)]))

    def follow(self, edit: Operation) -> None:
        """Note an edit of the room's text."""
        self._marks = _marked(edit, _UNSEEN).apply(self._marks)
        self._step(edit)

    def take(self, text: str) -> tuple[Operation, str]:
        """Note that the disk has another text.

        Returns what that comes to, as an edit of the room's text, which the caller makes, and the
        lines of which this deletes something that its writer may not have seen.
        """
        base, is_sure = self._base(text)
        since = self._since(base)
        shown = since.apply(base.text)
        since, edit = transform(since, line_diff(base.text, text, whole=not is_sure))
        if is_sure:
            unseen = (place for place in _deleted(edit) if _UNSEEN in self._marks[slice(*place)])
            doubtful = _lines_at(shown, unseen)
        else:
            doubtful = "".join(more_lines(shown, edit.apply(shown)).elements())
        base.left = True
        self._marks = _seen(since, _marked(edit, _SEEN).apply(self._marks))
        self._step(edit)
        self._remember(text, since)
        return edit, doubtful

    def _base(self, text: str) -> tuple[_Version, bool]:
        """Return the version that a text was made from, and whether that is sure. It is not where
        one is nearer that the disk was edited from already: it may be an undo and more, or another
        writer who is behind."""
        base = self._known[-1]
        shown = self._since(base).apply(base.text)
        far = self._distances(text)
        for one in sorted(far, key=far.__getitem__):
            if far[one] >= far[base]:
                break
            if not one.left and next(_common(one.text, shown, text), None) is None:
                base = one
        left = min((far[one] for one in self._known if one.left), default=far[base])
        return base, left == (0, 0) or (left >= far[base] and not base.is_sole)

    def _distances(self, text: str) -> dict[_Version, tuple[int, int]]:
        """Return how many lines each version and a text have that are in one of them alone, and of
        how many code points. The latest comes first."""
        far: dict[_Version, tuple[int, int]] = {}
        alone = more_lines(text, self._known[-1].text)
        lines = sum(map(abs, alone.values()))
        letters = sum(abs(count) * len(line) for line, count in alone.items())
        for version in reversed(self._known):
            far[version] = (lines, letters)
            for line, count in version.more.items():
                before = abs(alone[line])
                alone[line] += count
                lines += abs(alone[line]) - before
                letters += (abs(alone[line]) - before) * len(line)
        return far

    def _since(self, version: _Version) -> Operation:
        """Return what leads from a version to the room's text."""
        later = self._known[self._known.index(version) :]
        return compose_all([version.joins, *(one.then for one in later)])

    def _step(self, edit: Operation) -> None:
        self._known[-1].then = self._known[-1].then.compose(edit)

    def _remember(self, text: str, joins: Operation) -> None:
        known = self._known
        self._count += 1
        more = more_lines(text, known[-1].text) if known else Counter[str]()
        known.append(_Version(text, joins, self._count, more))
        while (older := len(known) - _LATEST) > _OLDER:
            self._forget(at := min(range(1, older), key=self._worth))
            known[at].is_sole = True
        while len(known) > 1 and sum(len(one.text) for one in known) > _MOST_LETTERS:
            self._forget(0)
            known[0].is_sole = True

    def _worth(self, index: int) -> tuple[bool, float]:
        """Return what says how soon a version may be made from this one: whether it is what an
        editor has written last, and how far those beside it are apart, for its age."""
        before, one, after = self._known[index - 1 : index + 2]
        is_last = not (one.left or one.joins.is_noop())
        return is_last, (after.number - before.number) / (self._count - one.number)

    def _forget(self, index: int) -> None:
        forgotten = self._known.pop(index)
        if index:
            before = self._known[index - 1]
            before.then = before.then.compose(forgotten.then)
        if index < len(self._known):
            self._known[index].more.update(forgotten.more)


def _marked(edit: Operation, mark: str) -> Operation:
    """Return an operation that does to marks what this one does to a text."""
    return Operation([mark * len(c) if isinstance(c, str) else c for c in edit.components])


def _seen(since: Operation, marks: str) -> str:
    """Return the marks of the room's text, to which `since` leads from one that the disk has
    written: all but what it inserts was seen."""
    parts: list[str] = []
    at = 0
    for component in since.components:
        if isinstance(component, str):
            parts.append(marks[at : at + len(component)])
            at += len(component)
        elif component > 0:
            parts.append(_SEEN * component)
            at += component
    return "".join(parts)


def _deleted(edit: Operation) -> Iterator[tuple[int, int]]:
    """Yield where an operation deletes."""
    at = 0
    for component in edit.components:
        if not isinstance(component, str):
            if component < 0:
                yield at, at - component
            at += abs(component)


def _lines_at(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return the whole lines of a text that some places are in, each once."""
    parts: list[str] = []
    done = 0
    for start, end in places:
        first = max(done, text.rfind("\n", 0, start) + 1)
        done = max(done, text.find("\n", end - 1) + 1 or len(text))
        parts.append(text[first:done])
    return "".join(parts)


def _common(base: str, one: str, other: str) -> Iterator[tuple[int, str]]:
    """Yield what two texts have both inserted in a third at one place, and where."""
    mine, theirs = _insertions(base, one), _insertions(base, other)
    for place in sorted(mine.keys() & theirs.keys()):
        less, more = sorted((mine[place], theirs[place]), key=len)
        if more.startswith(less):
            yield place, less


def _insertions(before: str, after: str) -> dict[int, str]:
    """Return what was inserted, by the place in the text before, as far right as it may stand."""
    found: dict[int, str] = {}
    at, text = 0, ""
    for component in line_diff(before, after).components:
        if isinstance(component, str):
            text = component
            continue
        place, end = at, at + component
        while text and place < end and before[place] == text[0]:
            text = text[1:] + text[0]
            place += 1
        if text:
            found[place] = text
        at, text = at + abs(component), ""
    return found | ({at: text} if text else {})
