"""`/rooms/{room_id}/code`: lists, documentation and problems of a file, from language servers."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotFoundException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.params import FromPath, JSONBody

from collab.completions.code import Code, RoomCode, code_of
from collab.completions.options import CompletionLimits
from collab.completions.schemas import (
    Checked,
    Documented,
    NamedPlace,
    Names,
    Place,
    Problems,
    RoomProblems,
)
from collab.completions.turns import Questions
from collab.languages.pool import Pool
from collab.live.hub import Hub
from collab.live.programs import Reader, held_room


class CodeController(Controller):
    path = "/rooms/{room_id:str}/code"
    tags = ("completions",)

    @post(
        "/names",
        summary="List the names that may stand at the caret",
        status_code=200,
        raises=[NotFoundException, TooManyRequestsException],
        opt={"may": "read"},
    )
    async def names(
        self,
        hub: NamedDependency[Hub],
        pool: NamedDependency[Pool],
        completion_limits: NamedDependency[CompletionLimits],
        questions: NamedDependency[Questions],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        data: JSONBody[Place],
    ) -> Names:
        """The names that a language server knows, likeliest first, with their types where it tells
        them. `code` is the text of the file as the person sees it; of the other files it is what is
        committed. No code is run."""
        with questions.one(reader.address):
            code = await _code(hub, pool, completion_limits, room_id, data)
            return Names(await code.listed(data.cursor_position))

    @post(
        "/documentation",
        summary="Tell what is written about a name",
        status_code=200,
        raises=[NotFoundException, TooManyRequestsException],
        opt={"may": "read"},
    )
    async def documentation(
        self,
        hub: NamedDependency[Hub],
        pool: NamedDependency[Pool],
        completion_limits: NamedDependency[CompletionLimits],
        questions: NamedDependency[Questions],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        data: JSONBody[NamedPlace],
    ) -> Documented:
        """The type and the documentation of a name that may stand at the caret."""
        with questions.one(reader.address):
            code = await _code(hub, pool, completion_limits, room_id, data)
            return await code.documented(data.cursor_position, data.name)

    @post(
        "/problems",
        summary="Find what is wrong in a file",
        status_code=200,
        raises=[NotFoundException, TooManyRequestsException],
        opt={"may": "read"},
    )
    async def problems(
        self,
        hub: NamedDependency[Hub],
        pool: NamedDependency[Pool],
        completion_limits: NamedDependency[CompletionLimits],
        questions: NamedDependency[Questions],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        data: JSONBody[Checked],
    ) -> Problems:
        """Errors and warnings of the language servers, in the order of the text. There are none,
        and no servers, where nothing here knows the language."""
        with questions.one(reader.address):
            code = await _code(hub, pool, completion_limits, room_id, data)
            return Problems(*await code.problems())

    @get(
        "/problems",
        summary="Find what is wrong in all files",
        raises=[NotFoundException, TooManyRequestsException],
        opt={"may": "read"},
    )
    async def room_problems(
        self,
        hub: NamedDependency[Hub],
        pool: NamedDependency[Pool],
        completion_limits: NamedDependency[CompletionLimits],
        questions: NamedDependency[Questions],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
    ) -> RoomProblems:
        """Errors and warnings of the language servers in the files that they know, as these are
        committed, by their paths."""
        with questions.one(reader.address):
            async with held_room(hub, room_id) as host:
                code = await RoomCode.read(host)
            return await code.problems(pool, completion_limits.files)


async def _code(
    hub: Hub, pool: Pool, limits: CompletionLimits, room_id: str, data: Place | Checked
) -> Code:
    """Return what is asked about. Raises NotFoundException and ValidationException."""
    if len(data.code) > limits.text:
        raise _wrong("code", f"It has {len(data.code)} characters; the limit is {limits.text}.")
    if isinstance(data, Place) and data.cursor_position > len(data.code):
        words = f"It is {data.cursor_position}; the code has {len(data.code)} characters."
        raise _wrong("cursorPosition", words)
    async with held_room(hub, room_id) as host:
        code = await code_of(pool, host, data.file, data.code)
    if code is None:
        raise NotFoundException("The room has no such file.")
    return code


def _wrong(key: str, message: str) -> ValidationException:
    return ValidationException(extra=[{"key": key, "message": message}])
