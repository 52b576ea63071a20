"""Streams an answer to its page, a line of JSON for each piece. It ends when the page has gone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from msgspec import Struct, json

from collab.ai.dialects import Chat, Fill
from collab.ai.endpoint import Endpoint
from collab.ai.errors import ModelFailed
from collab.ai.schemas import BeginLine, EndLine, FailedLine, TextLine
from collab.ai.service import Ai, Asker


class Material(Struct, frozen=True):
    """A question, the first line of its answer, and the function that makes the whole text of the
    answer. By default the last line has no text."""

    what: Chat | Fill
    begin: BeginLine
    finish: Callable[[str], str] = lambda _text: ""


async def lines(
    ai: Ai,
    asker: Asker,
    endpoint: Endpoint | None,
    gather: Callable[[Endpoint], Awaitable[Material]],
) -> AsyncGenerator[bytes]:
    """Yield the lines of an answer. `gather` reads what is sent, once that is allowed.

    Raises Refused, LogUnavailable and what `gather` does before the first line.
    """
    async with ai.allowed(asker, endpoint) as (model, answer):
        material = await gather(model)
        whole: list[str] = []
        async with aclosing(ai.stream(asker, model, answer, material.what)) as texts:
            try:
                async for text in texts:
                    whole.append(text)
                    yield json.encode(TextLine(text) if text else material.begin) + b"\n"
                yield json.encode(EndLine(material.finish("".join(whole)))) + b"\n"
            except ModelFailed as error:
                yield json.encode(FailedLine(error.code, error.message)) + b"\n"
