"""Finds the matches of a query in a text. Runs in the process of `work`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from collab.search.globs import BadGlob, Globs
from collab.search.template import BadTemplate, Template

_EXCERPT = 240
"""Code points of a line that are shown with a match."""
_BEFORE = 40
"""Those of them that may stand before it."""
_PREVIEW = 240
"""Code points of a replacement that are shown."""
CUT = "…"


class Query(Struct, frozen=True):
    """A text or pattern to find, and the files to look in."""

    text: str
    replacement: str | None = None
    case: bool = False
    words: bool = False
    regex: bool = False
    include: list[str] = []
    exclude: list[str] = []


class Match(Struct, frozen=True, gc=False):
    """A place in a text, in code points, and the part of its line that is shown.

    `line` and `column` count from 1. In `excerpt` the match goes from `marked` to `marked_end`;
    one of several lines is shown as far as its first line goes.
    """

    start: int
    end: int
    line: int
    column: int
    excerpt: str
    marked: int
    marked_end: int
    replacement: str | None = None


class BadQuery(Exception):
    """A query that cannot be asked; `key` is the field that is wrong."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__(words)
        self.key = key
        self.words = words


class Finder:
    """A query that is ready to be asked."""

    def __init__(self, query: Query) -> None:
        """Raises BadQuery."""
        self.empty = False
        """True once the pattern has matched the empty text, which is no match."""
        self._include = _globs("include", query.include)
        self._exclude = _globs("exclude", query.exclude)
        self._pattern = _compiled(query)
        self._template: Template | None = None
        self._literal = query.replacement
        if query.regex and query.replacement is not None:
            try:
                groups = self._pattern.groups
                self._template = Template(query.replacement, groups, self._pattern.groupindex)
            except BadTemplate as error:
                raise BadQuery("replacement", str(error)) from error

    def takes(self, path: str) -> bool:
        """Tell if a file is to be searched."""
        return (not self._include or path in self._include) and path not in self._exclude

    def find(self, text: str, most_inserted: int) -> Iterator[Match]:
        """Yield the matches in a text. Raises TooLong where one is replaced by too much."""
        line, line_start = 1, 0
        for found in self._pattern.finditer(text):
            start, end = found.span()
            if start == end:
                self.empty = True
                continue
            if lines := text.count("\n", line_start, start):
                line += lines
                line_start = text.rindex("\n", line_start, start) + 1
            replacement = self._literal
            if self._template is not None:
                replacement = self._template.expand(found, most_inserted)
            excerpt, marked, marked_end = _excerpt(text, line_start, start, end)
            column = start - line_start + 1
            yield Match(start, end, line, column, excerpt, marked, marked_end, replacement)


def preview(match: Match) -> Match:
    """A match to be looked at: a long replacement is cut."""
    text = match.replacement
    if text is None or len(text) <= _PREVIEW:
        return match
    return replace(match, replacement=text[:_PREVIEW] + CUT)


def _excerpt(text: str, line_start: int, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line that is shown with a match, without its indent, and where the match is."""
    first = line_start
    while first < start and text[first] in " \t" and first - line_start < _EXCERPT:
        first += 1
    cut = CUT if start - first > _BEFORE else ""
    first = max(first, start - _BEFORE)
    line_end = text.find("\n", start, first + _EXCERPT + 1)
    last = line_end if line_end >= 0 else min(len(text), first + _EXCERPT)
    rest = CUT if line_end < 0 and last < len(text) else ""
    moved = len(cut) - first
    return cut + text[first:last] + rest, start + moved, min(end, last) + moved


def _globs(key: str, patterns: list[str]) -> Globs:
    try:
        return Globs(patterns)
    except BadGlob as error:
        raise BadQuery(key, str(error)) from error


def _compiled(query: Query) -> re.Pattern[str]:
    text = query.text if query.regex else re.escape(query.text)
    flags = re.MULTILINE if query.case else re.MULTILINE | re.IGNORECASE
    pattern = _checked(text, flags)
    if not query.words:
        return pattern
    if query.regex:
        try:
            return re.compile(rf"(?<!\w)(?:{text})(?!\w)", flags)
        except re.error as error:
            words = "A pattern that begins with flags, as (?i), cannot ask for whole words."
            raise BadQuery("words", words) from error
    # At an end that is no letter, as in `f(`, there is no word to be whole.
    before = r"(?<!\w)" if re.match(r"\w", query.text) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", query.text) else ""
    return re.compile(before + text + after, flags)


def _checked(text: str, flags: int) -> re.Pattern[str]:
    try:
        return re.compile(text, flags)
    except re.error as error:
        place = "" if error.pos is None else f", at character {error.pos + 1}"
        raise BadQuery("query", f"This is no pattern: {error.msg}{place}.") from error
    except OverflowError as error:
        raise BadQuery("query", "This is no pattern: a number in it is too large.") from error
    except RecursionError as error:
        raise BadQuery("query", "This is no pattern: it is nested too deeply.") from error
