"""The bodies of requests and answers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from collab.search.finder import Match, Query

Past = Annotated[int, Meta(ge=1, le=2**53, description="the room as it was at this revision")]


class _Question(Struct, frozen=True, kw_only=True):
    query: str
    case: bool = False
    words: bool = False
    regex: bool = False
    include: list[str] = []
    exclude: list[str] = []
    revision: Past | None = None

    def asked(self, replacement: str | None) -> Query:
        return Query(
            self.query, replacement, self.case, self.words, self.regex, self.include, self.exclude
        )


class SearchBody(_Question, frozen=True, kw_only=True):
    """A search in the room's files.

    `case` tells upper from lower case, `words` finds whole words only, `regex` takes the query for
    a regular expression of Python, in which `^` and `$` match at every line. `include` and
    `exclude` are patterns of paths, as `*.py` or `src/**`. With a `replacement` each match comes
    with the text that would replace it.
    """

    replacement: str | None = None


class ReplaceBody(_Question, frozen=True, kw_only=True):
    """A search, with the text to put in the place of what it finds.

    In the replacement of a regular expression, `$1` or `\\1` is a group, `${name}` one with a
    name, `$&` the match, `$$` a dollar, `\\n` a line end, `\\t` a tab, `\\\\` a backslash.
    With `matches`, only those are replaced that start there: places in code points, by the id of
    the file.
    """

    replacement: str
    matches: dict[str, list[int]] | None = None


class UndoBody(Struct, frozen=True):
    """The revision of a replacement that is to be taken back, or of what took one back."""

    revision: Annotated[int, Meta(ge=1, le=2**53)]


class BeginLine(Struct, frozen=True, tag_field="type", tag="begin"):
    """The first line: the room is searched at this revision, in so many texts. So many assets that
    the patterns take are left out, since they are no texts."""

    revision: int
    files: int
    assets: int


class FileLine(Struct, frozen=True, tag_field="type", tag="file"):
    """Matches in a file, in order. A file with very many has several lines."""

    id: str
    path: str
    matches: list[Match]


Stop = Literal["too_many_matches", "too_slow", "too_much_memory"]


class EndLine(Struct, frozen=True, tag_field="type", tag="end"):
    """The last line: how much was found. `stopped` says why there may be more, and `words` what a
    person should know."""

    matches: int
    files: int
    stopped: Stop | None = None
    words: str | None = None


class ReplacedFile(Struct, frozen=True):
    """A file in which so many matches were replaced."""

    id: str
    path: str
    matches: int


class ReplacedBody(Struct, frozen=True):
    """The number of replacements, at the revision of the change; at that of the search if it was
    nothing."""

    revision: int
    matches: int
    files: list[ReplacedFile]


class UndoneBody(Struct, frozen=True):
    """The revision of the change that took back the other one, and how many files it changed."""

    revision: int
    files: int
