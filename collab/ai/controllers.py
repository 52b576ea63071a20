"""`/rooms/{room_id}/ai` and `/me/ai`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, patch, post, put
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotFoundException,
    PermissionDeniedException,
    TooManyRequestsException,
)
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from collab.ai.endpoint import Endpoint
from collab.ai.errors import Refused
from collab.ai.gathering import Gatherer
from collab.ai.schemas import (
    AllowBody,
    AskBody,
    ChoiceBody,
    CompleteBody,
    EditBody,
    ModelBody,
    StateBody,
)
from collab.ai.service import Ai, Asker, what_goes_where
from collab.ai.streaming import Material, lines
from collab.live.hub import Hub
from collab.live.lines import NDJSON, streamed
from collab.live.permits import no_room, parse_room_id
from collab.live.programs import Reader, held_room
from collab.live.who import caller

_STATUS = {
    "ai_off": 403,
    "ai_off_here": 403,
    "ai_off_for_you": 403,
    "ai_not_agreed": 403,
    "ai_secret": 403,
    "ai_withheld": 403,
    "ai_budget": 429,
    "ai_busy": 429,
    "unknown_file": 404,
}
"""The HTTP status of each code. Any other code is a mistake in the request, 400."""
_RAISES = [NotFoundException, PermissionDeniedException, TooManyRequestsException]
_ANSWER = {
    200: ResponseSpec(
        bytes,
        media_type=NDJSON,
        description="Lines of JSON: `begin`, `text` for each piece, and `end` or `failed`.",
    )
}
Asked = Request[Any, Any, Any]


def answer_refused(_request: Asked, error: Refused) -> Response[Any]:
    """Answer with the stable code and the words of a refusal."""
    status = _STATUS.get(error.code, 400)
    body = {"status_code": status, "detail": error.message, "extra": {"code": error.code}}
    headers = {"retry-after": str(int(error.wait) + 1)} if error.wait else {}
    return Response(body, status_code=status, headers=headers)


class ChoiceController(Controller):
    path = "/me/ai"
    tags = ("ai",)

    @put(
        summary="Agree that my text is sent to a model, or not", raises=[PermissionDeniedException]
    )
    async def choose(
        self, request: Asked, ai: NamedDependency[Ai], data: JSONBody[ChoiceBody]
    ) -> ChoiceBody:
        """It counts in every room, until another host or model is set. Of those who want none,
        nothing is sent, not even with the questions of others; their running answers end."""
        who = await caller(request.scope).guest()
        if who is None:
            raise PermissionDeniedException("Pages of other sites are nobody here.")
        await ai.choose(who.id, data.agreed)
        return data


class AiController(Controller):
    path = "/rooms/{room_id:str}/ai"
    tags = ("ai",)

    @get(summary="Tell whether a model can be asked", raises=_RAISES, opt={"may": "read"})
    async def state(
        self, request: Asked, ai: NamedDependency[Ai], room_id: FromPath[str]
    ) -> StateBody:
        """Tell which models answer and complete, what is sent to whom, and who has turned AI
        off."""
        return await _state(request, ai, room_id)

    @patch(summary="Turn AI on or off in a room", raises=_RAISES, opt={"may": "manage"})
    async def allow(
        self,
        request: Asked,
        ai: NamedDependency[Ai],
        room_id: FromPath[str],
        data: JSONBody[AllowBody],
    ) -> StateBody:
        """While it is off, no text of the room is sent to a model."""
        await ai.switch(_known(room_id), data.room)
        return await _state(request, ai, room_id)

    @post(
        "/ask",
        summary="Ask about the code",
        status_code=200,
        responses=_ANSWER,
        raises=_RAISES,
        opt={"may": "read"},
    )
    async def ask(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        ai: NamedDependency[Ai],
        room_id: FromPath[str],
        data: JSONBody[AskBody],
    ) -> Stream:
        """About a part of a file, a file, or the room, and the output of a program. The answer
        comes as it is made, in Markdown, and ends when the connection does. `sources` are the lines
        that were sent. A model cannot change anything by what it answers."""

        async def gather(gatherer: Gatherer, model: Endpoint) -> Material:
            return await gatherer.question(data, model)

        return await _stream(request, hub, reader, ai, room_id, ai.endpoints.chat, gather)

    @post(
        "/edit",
        summary="Have an edit proposed",
        status_code=200,
        responses=_ANSWER,
        raises=_RAISES,
        opt={"may": "write"},
    )
    async def edit(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        ai: NamedDependency[Ai],
        room_id: FromPath[str],
        data: JSONBody[EditBody],
    ) -> Stream:
        """The new text of a part of a file, whose text at the head is in `begin`. Nothing is
        changed by it: who asks accepts it, or parts of it."""

        async def gather(gatherer: Gatherer, model: Endpoint) -> Material:
            return await gatherer.edit(data, model)

        return await _stream(request, hub, reader, ai, room_id, ai.endpoints.chat, gather)

    @post(
        "/complete",
        summary="Have a model complete what is typed",
        status_code=200,
        responses=_ANSWER,
        raises=_RAISES,
        opt={"may": "write"},
    )
    async def complete(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        reader: NamedDependency[Reader],
        ai: NamedDependency[Ai],
        room_id: FromPath[str],
        data: JSONBody[CompleteBody],
    ) -> Stream:
        """The text that belongs at the caret, as it is made. `/autocomplete` knows without a model
        what often comes next, and answers sooner."""

        async def gather(gatherer: Gatherer, model: Endpoint) -> Material:
            return await gatherer.completion(data, model)

        return await _stream(request, hub, reader, ai, room_id, ai.endpoints.complete, gather)


async def _stream(
    request: Asked,
    hub: Hub,
    reader: Reader,
    ai: Ai,
    room_id: str,
    endpoint: Endpoint | None,
    gather: Callable[[Gatherer, Endpoint], Awaitable[Material]],
) -> Stream:
    who = await caller(request.scope).who()
    counted = str(who.id) if who else f"address {reader.address}"
    asker = Asker(_known(room_id), who.id if who else None, counted)

    async def read(model: Endpoint) -> Material:
        async with held_room(hub, room_id) as host:
            return await gather(Gatherer(host, ai, asker), model)

    found = lines(ai, asker, endpoint, read)
    return await streamed(found)


async def _state(request: Asked, ai: Ai, room_id: str) -> StateBody:
    who = await caller(request.scope).who()
    wanted = await ai.store.grounds(_known(room_id), who.id if who else None)
    off = wanted.asked and wanted.agreed_to is None
    agreed = ai.endpoints.chat is not None and wanted.agreed_to == ai.endpoints.both
    return StateBody(
        ai.endpoints.chat is not None,
        ai.words or what_goes_where(ai.endpoints),
        _model(ai.endpoints.chat),
        _model(ai.endpoints.complete),
        wanted.allowed,
        "off" if off else "agreed" if agreed else "unasked",
    )


def _model(endpoint: Endpoint | None) -> ModelBody | None:
    return ModelBody(endpoint.host, endpoint.model) if endpoint else None


def _known(room_id: str) -> UUID:
    known = parse_room_id(room_id)
    if known is None:
        raise no_room()
    return known
