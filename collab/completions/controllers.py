"""`/autocomplete`."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.params import JSONBody

from collab.completions.code import Code, code_of
from collab.completions.options import CompletionOptions
from collab.completions.providers import Chain, Question
from collab.completions.schemas import Alternative, Autocomplete, Suggestions
from collab.completions.served import RoomNames
from collab.completions.turns import Questions
from collab.languages.pool import Pool
from collab.live.hub import Hub
from collab.live.permits import Permit, check, no_room, read_permit
from collab.live.programs import held_room
from collab.live.who import caller
from collab.protocol import FileId
from collab.room.log import Log


class CompletionsController(Controller):
    path = "/autocomplete"
    tags = ("completions",)

    @post(status_code=200, summary="Suggest what comes next")
    async def suggest(
        self,
        request: Request[Any, Any, Any],
        completions: NamedDependency[Chain],
        hub: NamedDependency[Hub],
        log: NamedDependency[Log],
        pool: NamedDependency[Pool],
        questions: NamedDependency[Questions],
        completion_options: NamedDependency[CompletionOptions],
        data: JSONBody[Autocomplete],
    ) -> Suggestions:
        """Suggests what a person may type at the caret. The server neither runs nor keeps the text.

        The suggestion is inserted as it is: it does not repeat what stands before or after the
        caret, and may have several lines. It is empty when nothing is likely enough, when the text
        is too large, and when finding out would take too long. Whoever names a room must be let
        into it; of its other files, what is committed is known.
        """
        position = (await request.json())["cursorPosition"]
        if type(position) is not int:
            # Litestar has turned values that look like numbers into numbers.
            raise _wrong_position(f"Expected `int`, got `{type(position).__name__}`")
        if position > len(data.code):
            raise _wrong_position(f"It is {position}; the code has {len(data.code)} characters.")
        question = Question(data.code, position, data.language)
        if data.room is None or data.file is None:
            found = await completions.suggest(question)
        else:
            check(await _permit(request, log, data.room), "read")
            with questions.one(request.client.host if request.client else ""):
                code = await _code(hub, pool, data.room, data.file, data.code)
                here = code is not None and code.is_open(data.language)
                names = RoomNames(code, patience=completion_options.wait) if code and here else None
                found = await completions.suggest(question, names)
        if not found:
            return Suggestions()
        best, *others = found
        return Suggestions(
            best.text,
            best.confidence,
            [Alternative(other.text, other.confidence) for other in others],
        )


async def _permit(request: Request[Any, Any, Any], log: Log, room: str) -> Permit:
    """Read what the caller may do in a room. Raises NotFoundException."""
    permit = await read_permit(log, room, await caller(request.scope).who())
    if permit is None:
        raise no_room()
    return permit


async def _code(hub: Hub, pool: Pool, room: str, file: FileId, text: str) -> Code | None:
    """Return the file of a room; None where it is not there, or not yet. Raises
    NotFoundException."""
    async with held_room(hub, room) as host:
        return await code_of(pool, host, file, text)


def _wrong_position(message: str) -> ValidationException:
    return ValidationException(extra=[{"key": "cursorPosition", "message": message}])
