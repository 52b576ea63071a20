"""One row of a table of rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from collab.completions.context import Context, Scope


class Rule(Struct, frozen=True):
    """Suggests `gives` if the line up to the caret matches `line` and the caret is at `where`.

    `line` is a regular expression for the whole line without its indentation and without a blank at
    its end. `where` names the places that the caret must all be in: see `_PLACES`; `!` negates.

    `gives` is the text that follows. It begins with a blank if the line must have one there. A line
    end in it keeps the indentation, and a tab deepens it by one level. {1} is the first group of
    `line`. {parameter} is the same, if the function around the caret has such a parameter. {many}
    is the nearest name in the text that is a plural of {1}. {each} is "item in items" with the
    nearest plural name. If there is no such name, the rule does not apply.
    """

    line: str
    gives: str
    confidence: float
    where: str = ""

    def suggest(self, context: Context) -> str | None:
        """Return the text that follows the caret, or None."""
        line = context.line
        spaced = line.endswith(" ")
        found = re.fullmatch(self.line, line.removesuffix(" "))
        if found is None or not holds(self.where, context):
            return None
        gives = self._filled(found, context)
        if gives is None or (spaced and not gives.startswith(" ")):
            return None
        indented = gives.replace("\n", "\n" + context.indent).replace("\t", context.unit)
        return indented.removeprefix(" ") if spaced else indented

    def _filled(self, found: re.Match[str], context: Context) -> str | None:
        gives = self.gives
        for place in _BLANK.findall(gives):
            filling = _FILLINGS[place](found, context)
            if filling is None:
                return None
            gives = gives.replace(place, filling)
        return gives


_BLANK = re.compile(r"\{\w+\}")


def holds(where: str, context: Context) -> bool:
    """Return whether the caret is in all of these places."""
    return all(
        not _PLACES[place[1:]](context) if place[0] == "!" else _PLACES[place](context)
        for place in where.split()
    )


def _function(context: Context) -> Scope:
    return next((scope for scope in context.scopes if scope.kind == "def"), Scope(""))


def _in_loop(context: Context) -> bool:
    for scope in context.scopes:
        if scope.kind in ("loop", "def", "class"):
            return scope.kind == "loop"
    return False


_PLACES: Mapping[str, Callable[[Context], bool]] = {
    # directly in a class, and not in one of its functions
    "class": lambda c: c.scopes[:1] != [] and c.scopes[0].kind == "class",
    "module": lambda c: not c.scopes,
    "def": lambda c: _function(c).kind == "def",
    "method": lambda c: (
        [s.kind for s in c.scopes if s.kind in ("def", "class")][:2] == ["def", "class"]
    ),
    "init": lambda c: _function(c).name in ("__init__", "constructor"),
    "async": lambda c: _function(c).is_async,
    "loop": _in_loop,
    "bracket": lambda c: bool(c.brackets) and c.brackets[0] >= c.statement,
    "end": lambda c: not c.after.strip(),
}


def singular(name: str) -> str | None:
    """Return the singular of a name: `item` for `items`; None if the name is no plural."""
    for ending, one in _PLURALS:
        if name.endswith(ending) and len(name) > 3:
            return None if one is None else name.removesuffix(ending) + one
    return None


_PLURALS: Sequence[tuple[str, str | None]] = (
    ("children", "child"),
    ("people", "person"),
    ("indices", "index"),
    ("ies", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("ss", None),
    ("us", None),
    ("is", None),
    ("s", ""),
)


def _parameter(found: re.Match[str], context: Context) -> str | None:
    return found[1] if found[1] in _function(context).parameters else None


def _many(found: re.Match[str], context: Context) -> str | None:
    return next((name for name in _near(context) if singular(name) == found[1]), None)


def _each(_found: re.Match[str], context: Context) -> str | None:
    for name in _near(context):
        one = singular(name)
        if one is not None:
            return f"{one} {'in' if context.language == 'python' else 'of'} {name}"
    return None


def _near(context: Context) -> Iterator[str]:
    """Yield the names before the caret that are given a value, the nearest first."""
    tokens = context.tokens[-_NEAR:]
    for (_, name), (_, after) in pairwise(reversed(tokens)):
        if after.isidentifier() and name in ("=", ":", ",", ")"):
            yield after


_NEAR = 1000
_FILLINGS: Mapping[str, Callable[[re.Match[str], Context], str | None]] = {
    "{1}": lambda found, _: found[1],
    "{parameter}": _parameter,
    "{many}": _many,
    "{each}": _each,
}
