"""Suggests names that Jedi knows: the members of modules, classes and objects, and names in scope.

Jedi reads the text, the standard library and the types of typeshed. It runs nothing of the text,
and can only import modules of the standard library. Still it belongs in a process of its own (see
`worker`), because there are texts that it never finishes.
"""

from __future__ import annotations

import sysconfig
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import jedi
import parso.grammar
from jedi.api.environment import InterpreterEnvironment

from collab.completions import known
from collab.completions.context import Context
from collab.completions.patterns import fitted, may_go_on
from collab.completions.providers import Question, Suggestion, ranked

_MOST = 300
"""The most names that are considered."""

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
    found = [
        Suggestion(fitted(suggestion.text, context.after), suggestion.confidence)
        for suggestion in known.suggest(context, _names(question, context))
    ]
    return ranked([suggestion for suggestion in found if suggestion.text], question.language)


def _names(question: Question, context: Context) -> list[str]:
    """Return each name that may stand at the caret."""
    row = context.text.count("\n") + 1
    column = len(context.text) - context.text.rfind("\n") - 1
    project, environment = _confined()
    try:
        script = jedi.Script(question.code, project=project, environment=environment)
        found = script.complete(row, column)
    except Exception:  # noqa: BLE001 - Jedi has bugs, and the text may be anything
        return []
    return [name.name for name in islice(found, _MOST) if name.complete]


@cache
def _confined() -> tuple[Any, Any]:
    """Make a Jedi project and environment that see only the standard library."""
    library = Path(sysconfig.get_path("stdlib"))
    path = [str(library), str(library / "lib-dynload")]
    project = jedi.Project("/", sys_path=path, smart_sys_path=False, load_unsafe_extensions=False)
    return project, InterpreterEnvironment()
