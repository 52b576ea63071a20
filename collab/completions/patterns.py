"""Suggests by rules, by open brackets, by what was written before, and the names that are known.

The suggestions depend on the question alone. There are none in a comment, in a name that goes on
after the caret, or before more code on the line. In a string there is only the rest of a string
that was written before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from collab.completions import model
from collab.completions.context import CLOSING, Context
from collab.completions.providers import Question, Suggestion, ranked
from collab.completions.rules.javascript import KEYWORDS as JAVASCRIPT_KEYWORDS
from collab.completions.rules.javascript import MEMBERS as JAVASCRIPT_MEMBERS
from collab.completions.rules.javascript import RULES as JAVASCRIPT_RULES
from collab.completions.rules.python import KEYWORDS as PYTHON_KEYWORDS
from collab.completions.rules.python import MEMBERS as PYTHON_MEMBERS
from collab.completions.rules.python import RULES as PYTHON_RULES
from collab.completions.rules.rule import Rule, holds
from collab.protocol import Language

_MAY_FOLLOW = re.compile(r"[\s)\]}\"'`:;,]*")
RULES: Mapping[Language, Sequence[Rule]] = {
    "python": PYTHON_RULES,
    "javascript": JAVASCRIPT_RULES,
    "typescript": JAVASCRIPT_RULES,
}
_ONLY = {"continue": "loop"}
"""Keywords, each with the kind of place where the rules allow it."""
_SHORT = 75
"""Tokens of a text up to which rules say more than the text itself."""
_CLOSES = 0.65
_USUAL = 0.45
_NEVER = re.compile("[\0\r]")


def suggest(question: Question) -> list[Suggestion]:
    """Return at most a handful of suggestions, best first. Raises for no text."""
    context = Context.read(question)
    if not may_go_on(context):
        return []
    found: list[Suggestion] = []
    for suggestion in _all(context, question.names):
        text = fitted(suggestion.text, context.after)
        if text and not _NEVER.search(text):
            found.append(Suggestion(text, min(1.0, round(suggestion.confidence, 3))))
    return ranked(found, question.language)


def may_go_on(context: Context) -> bool:
    """Return whether anything may be suggested at the caret."""
    return context.within != "comment" and _MAY_FOLLOW.fullmatch(context.after) is not None


def _all(context: Context, names: Sequence[str]) -> Iterator[Suggestion]:
    yield from model.suggest(context, names)
    if context.within == "code":
        for suggestion in (*by_rules(context), *_members(context, names)):
            yield Suggestion(suggestion.text, suggestion.confidence * _faith(context))


def _faith(context: Context) -> float:
    """Return how far rules can be trusted: fully where the text is too short to tell what is
    usual in it."""
    return _SHORT / max(_SHORT, sum(word != "\n" for _, word in context.tokens))


def by_rules(context: Context) -> Iterator[Suggestion]:
    """Suggest what the rules suggest, with the closing bracket where it is missing."""
    for rule in RULES[context.language]:
        text = rule.suggest(context)
        if text:
            yield Suggestion(text, rule.confidence)
    yield from _keywords(context)
    yield from _closing(context)


def _keywords(context: Context) -> Iterator[Suggestion]:
    """Suggest the rest of a keyword that is alone on its line so far."""
    keywords = PYTHON_KEYWORDS if context.language == "python" else JAVASCRIPT_KEYWORDS
    line = context.line
    if len(line) < 3 or line != context.word:
        return
    fitting = [
        word
        for word in sorted(keywords)
        if word.startswith(line) and word != line and holds(_ONLY.get(word, ""), context)
    ]
    for word in fitting:
        yield Suggestion(word[len(line) :], 0.6 / len(fitting))


def _members(context: Context, names: Sequence[str]) -> Iterator[Suggestion]:
    """Suggest the usual member, or the only one, after a dot behind what has it."""
    if context.text.endswith(".") and names:
        usual = PYTHON_MEMBERS if context.language == "python" else JAVASCRIPT_MEMBERS
        only = names[0] if len(names) == 1 else None
        member = next((name for name in usual if name in names), only)
        if member:
            yield Suggestion(member, _USUAL)


def _closing(context: Context) -> Iterator[Suggestion]:
    """Suggest what closes the innermost bracket, after something that may be its last element."""
    opened = [at for at in context.brackets if at >= context.statement]
    if not opened or context.text[-1:] in (" ", "\t", "\n"):
        return
    last = context.tokens[-1][1]
    if not (last[-1].isalnum() or last[-1] in "_\"'`)]}"):
        return
    yield Suggestion(CLOSING[context.tokens[opened[0]][1]], _CLOSES)


def fitted(text: str, after: str) -> str:
    """Return a suggestion without the part that already stands after the caret; maybe ""."""
    if after.startswith(text):
        return ""
    ahead = after.strip()
    if not ahead:
        return text
    if "\n" in text:
        text = text[: text.index("\n")]
    for length in range(min(len(text), len(ahead)), 0, -1):
        if text.endswith(ahead[:length]):
            return text[:-length]
    return text
