"""Suggests names that Jedi knows: the members of modules, classes and objects, and names in scope.

Jedi reads the text, the standard library and the types of typeshed. It runs nothing of the text,
and can only import modules of the standard library. Still it belongs in a process of its own (see
`worker`), because there are texts that it never finishes.
"""

from __future__ import annotations

import sysconfig
from collections import Counter
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import jedi
import parso.grammar
from jedi.api.environment import InterpreterEnvironment

from collab.completions.context import Context
from collab.completions.echo import idioms
from collab.completions.patterns import fitted, may_go_on
from collab.completions.providers import Question, Suggestion, ranked
from collab.completions.scanner import NAME

_MOST = 300
"""The most names that are considered."""
_KNOWN = 0.85
"""The share of cases in which the meant name is one that Jedi knows."""
_IN_TEXT = 8.0
_IN_IDIOMS = 4.0
_LONGEST = 40

# On PyPy, parso neither keeps nor reads files of what it has parsed, which is wanted here too.
parso.grammar.is_pypy = True  # type: ignore[attr-defined]
jedi.settings.cache_directory = "/nonexistent"
jedi.settings.auto_import_modules = []
jedi.settings.dynamic_params = False
jedi.settings.dynamic_array_additions = False
jedi.settings.allow_unsafe_interpreter_executions = False


def suggest(question: Question) -> list[Suggestion]:
    """Suggest the rest of the name at the caret. Raises for no text."""
    if question.language != "python":
        return []
    context = Context.read(question)
    # In a string, Jedi would suggest names of files on the server.
    if context.within != "code" or not may_go_on(context):
        return []
    if not context.word and not context.text.endswith("."):
        return []
    shares = _shares(_names(question, context), context)
    found = [
        Suggestion(fitted(rest, context.after), round(_KNOWN * share, 3))
        for rest, share in shares.items()
    ]
    return ranked([suggestion for suggestion in found if suggestion.text])


def _names(question: Question, context: Context) -> list[str]:
    """Return the rest of each name that may stand at the caret."""
    row = context.text.count("\n") + 1
    column = len(context.text) - context.text.rfind("\n") - 1
    project, environment = _confined()
    try:
        script = jedi.Script(question.code, project=project, environment=environment)
        found = script.complete(row, column)
    except Exception:  # noqa: BLE001 - Jedi has bugs, and the text may be anything
        return []
    return [name.complete for name in islice(found, _MOST) if name.complete]


def _shares(rests: list[str], context: Context) -> dict[str, float]:
    """Return how likely each name is. Names in the text and common names are likelier."""
    text = Counter(token for _, token in context.tokens)
    text.update(NAME.findall(context.rest[: 4 * _MOST]))
    common = _common()
    word = context.word
    weights: dict[str, float] = {}
    for rest in rests:
        name = (word + rest).rstrip("=")
        if len(rest) > _LONGEST or (name.startswith("_") and not word.startswith("_")):
            continue
        weights[rest] = 1 + _IN_TEXT * text[name] + _IN_IDIOMS * common[name]
    total = sum(weights.values())
    return {rest: weight / total for rest, weight in weights.items()}


@cache
def _common() -> Counter[str]:
    return Counter(token for _, token in idioms("python"))


@cache
def _confined() -> tuple[Any, Any]:
    """Make a Jedi project and environment that see only the standard library."""
    library = Path(sysconfig.get_path("stdlib"))
    path = [str(library), str(library / "lib-dynload")]
    project = jedi.Project("/", sys_path=path, smart_sys_path=False, load_unsafe_extensions=False)
    return project, InterpreterEnvironment()
