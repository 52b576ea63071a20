"""What the routes of doors ask and raise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.exceptions import (
    HTTPException,
    NotFoundException,
    PermissionDeniedException,
    ServiceUnavailableException,
    TooManyRequestsException,
)
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg

from collab.live.addresses import household
from collab.live.hub import Hub
from collab.live.permits import Permit
from collab.store.attempts import Attempts, TooManyTries

Asked = Request[Any, Any, Any]
ASKING_COSTS = 4096
"""Bytes that an address is charged for a row that it has written without access to a room."""
RAISES: list[type[HTTPException]] = [PermissionDeniedException, NotFoundException]
REGULATES = [*RAISES, ServiceUnavailableException]
"""What a request may end in that takes something away from somebody."""


class Conflict(HTTPException):
    """The room as it is does not allow what the request asks for."""

    status_code = 409


def example(summary: str, **value: object) -> Any:
    return BodyKwarg(examples=[Example(summary=summary, value=value)])


async def regulating(hub: Hub, permit: Permit) -> UUID:
    """Return the owner, whose request it is, once every server process is sure to know of access.

    Raises ServiceUnavailableException.
    """
    assert permit.who
    if not await hub.all_know():
        raise ServiceUnavailableException(
            "Some servers run an older release, or cannot be heard. Try again when all of them"
            " are upgraded.",
            extra={"code": "upgrading"},
        )
    return permit.who


@asynccontextmanager
async def guessing(attempts: Attempts, address: str, most: int) -> AsyncIterator[None]:
    """Count a name that somebody may only guess at, unless the block finds whose it is.

    Raises TooManyRequestsException where a network has guessed too often, on whatever server.
    """
    guess = f"member {household(address)}"
    await take_try(attempts, guess, most)
    yield
    await attempts.give_back(guess)


async def take_try(attempts: Attempts, name: str, most: int) -> None:
    """Count a try on all servers. Raises TooManyRequestsException beyond so many in 15 minutes."""
    try:
        await attempts.take((name, most))
    except TooManyTries as error:
        headers = {"retry-after": str(error.seconds)}
        extra = {"code": "too_many_tries"}
        raise TooManyRequestsException(str(error), headers=headers, extra=extra) from error


def done(number: int | None) -> int:
    """Return the number of a change of access. Raises PermissionDeniedException where the caller
    has ceased to be the owner meanwhile."""
    if number is None:
        raise not_allowed("Only the owner may do this.")
    return number


def not_allowed(words: str) -> PermissionDeniedException:
    return PermissionDeniedException(words, extra={"code": "not_allowed"})
