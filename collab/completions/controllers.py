"""`/autocomplete`."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.params import JSONBody

from collab.completions.providers import Chain, Question
from collab.completions.schemas import Alternative, Autocomplete, Suggestions


class CompletionsController(Controller):
    path = "/autocomplete"
    tags = ("completions",)

    @post(status_code=200, summary="Suggest what comes next")
    async def suggest(
        self,
        request: Request[Any, Any, Any],
        completions: NamedDependency[Chain],
        data: JSONBody[Autocomplete],
    ) -> Suggestions:
        """Suggests what a person may type at the caret. The server neither runs nor keeps the text.

        The suggestion is inserted as it is: it does not repeat what stands before or after the
        caret, and may have several lines. It is empty when nothing is likely enough, when the text
        is too large, and when finding out would take too long.
        """
        position = (await request.json())["cursorPosition"]
        if type(position) is not int:
            # Litestar has turned values that look like numbers into numbers.
            raise _wrong_position(f"Expected `int`, got `{type(position).__name__}`")
        if position > len(data.code):
            raise _wrong_position(f"It is {position}; the code has {len(data.code)} characters.")
        found = await completions.suggest(Question(data.code, position, data.language))
        if not found:
            return Suggestions()
        best, *others = found
        return Suggestions(
            best.text,
            best.confidence,
            [Alternative(other.text, other.confidence) for other in others],
        )


def _wrong_position(message: str) -> ValidationException:
    return ValidationException(extra=[{"key": "cursorPosition", "message": message}])
