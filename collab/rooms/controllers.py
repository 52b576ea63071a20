"""`/rooms`."""

from __future__ import annotations

import asyncio
from math import ceil
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotFoundException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.params import FromPath, JSONBody

from collab.live.addresses import Addresses
from collab.live.hub import parse_room_id
from collab.live.limits import ServerLimits
from collab.room.log import Log, read_room
from collab.room.plain import normalise
from collab.rooms.schemas import CreateRoom, RoomBody, RoomFiles, room_body, room_files
from collab.rooms.services import open_room
from collab.store.log import PostgresLog


class RoomsController(Controller):
    path = "/rooms"
    tags = ("rooms",)

    @post(summary="Create a room", raises=[TooManyRequestsException])
    async def create(
        self,
        log: NamedDependency[PostgresLog],
        limits: NamedDependency[ServerLimits],
        addresses: NamedDependency[Addresses],
        request: Request[Any, Any, Any],
        data: JSONBody[CreateRoom | None] = None,
    ) -> RoomBody:
        """Make a room. Everything is optional; an empty body gives an empty Python file."""
        wanted = data or CreateRoom()
        code = _checked(wanted.initial_code, limits)
        _count(request, addresses, limits)
        room_id = await open_room(log, wanted.language, code)
        return room_body(str(room_id), code, wanted.language)

    @get("/{room_id:str}", summary="Get a room", raises=[NotFoundException])
    async def read(self, room_id: FromPath[str], log: NamedDependency[Log]) -> RoomBody:
        """The text and language of the room's first file and the room's name, as last committed."""
        known = parse_room_id(room_id)
        opened = await read_room(log, known) if known else None
        if known is None or opened is None:
            raise NotFoundException("Room not found")
        main = opened.state.main
        return room_body(
            str(known), str(main.text), opened.state.language(main.id), opened.state.facts
        )

    @get("/{room_id:str}/opening", include_in_schema=False)
    async def opening(
        self, room_id: FromPath[str], log: NamedDependency[Log]
    ) -> Response[RoomFiles]:
        """The files that a page shows until its socket joins and asks for the entries since."""
        known = parse_room_id(room_id)
        opened = await read_room(log, known) if known else None
        if opened is None:
            raise NotFoundException("Room not found")
        return Response(room_files(opened.state), headers={"cache-control": "no-store"})


def _count(request: Request[Any, Any, Any], addresses: Addresses, limits: ServerLimits) -> None:
    host = request.client.host if request.client else ""
    wait = ceil(addresses.create_room(host, asyncio.get_running_loop().time()))
    if wait:
        raise TooManyRequestsException(
            f"The limit is {limits.rooms_per_address} new rooms an hour from your address."
            f" Try again in {wait} s.",
            headers={"retry-after": str(wait)},
            extra={"code": "too_many_rooms"},
        )


def _checked(code: str, limits: ServerLimits) -> str:
    try:
        code = normalise(code)
    except ValueError as error:
        raise _wrong_code(str(error)) from error
    if len(code) > limits.text:
        raise _wrong_code(
            f"The file would have {len(code)} characters; the limit is {limits.text}."
        )
    return code


def _wrong_code(message: str) -> ValidationException:
    return ValidationException(extra=[{"key": "initial_code", "message": message}])
