"""`/rooms`."""

from __future__ import annotations

import asyncio
from math import ceil
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotFoundException,
    PermissionDeniedException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg, FromPath

from collab.live.addresses import Addresses
from collab.live.asker import Asker, asker_of
from collab.live.limits import ServerLimits
from collab.live.permits import parse_room_id, read_permit, watches
from collab.live.programs import NameHeader, PersonHeader
from collab.live.spending import weigh
from collab.live.who import caller
from collab.protocol import Change
from collab.room.doors import may
from collab.room.languages import LANGUAGES, language_of
from collab.room.log import Log, read_room, read_texts
from collab.room.plain import normalise
from collab.rooms.schemas import CreateRoom, RoomBody, RoomFiles, room_body, room_files
from collab.rooms.services import (
    BadFile,
    Maker,
    copy_room,
    copy_with_history,
    draft_files,
    main_of,
    open_room,
)
from collab.rooms.templates import TEMPLATES
from collab.store.log import PostgresLog

_MOST_KEY = 100
"""Characters of a path in words about it."""
_MOST_COPIED = 100_000
"""Revisions of a room that is copied with its past, in one statement."""
_ENTRY = 100
"""Bytes that a copied revision counts as."""
_EXAMPLE = BodyKwarg(
    examples=[Example(summary="An empty file", value={"language": "python", "initial_code": ""})]
)
"""What the documentation page sends; one that it makes up has fields that exclude one another."""


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
        name: NameHeader = None,
        person: PersonHeader = None,
        data: Annotated[CreateRoom | None, _EXAMPLE] = None,
    ) -> RoomBody:
        """Make a room. Everything is optional; an empty body gives an empty Python file.

        At most one of `initial_code`, `template`, `files` and `copy` is given. A copy has the files
        of the other room as they are now; with `history` it has the past of the room, too.
        """
        wanted, asker = data or CreateRoom(), asker_of(name, person)
        if wanted.copy is not None:
            _check_alone(wanted)
            return await self._copy(request, log, limits, addresses, wanted, asker)
        change = _drafted(wanted, limits)
        _count(request, addresses, limits, weigh(change))
        room_id = await open_room(log, change, Maker(asker, await _owner(request)))
        main = main_of(change)
        language = main.language or language_of(main.name)
        return room_body(str(room_id), main.text, language)

    async def _copy(
        self,
        request: Request[Any, Any, Any],
        log: PostgresLog,
        limits: ServerLimits,
        addresses: Addresses,
        wanted: CreateRoom,
        asker: Asker,
    ) -> RoomBody:
        permit = await read_permit(log, wanted.copy or "", await caller(request.scope).who())
        if permit is None or not may(permit.role, "read"):
            raise _wrong("copy", "There is no such room.")
        known = UUID(wanted.copy)
        opened = await read_room(log, known)
        assert opened
        state = opened.state
        if wanted.history and state.revision > _MOST_COPIED:
            words = f"The room has {state.revision} revisions; the limit is {_MOST_COPIED}."
            raise _wrong("history", words)
        entries = state.revision if wanted.history else 0
        _count(request, addresses, limits, state.size + entries * _ENTRY)
        owner = await _owner(request)
        if wanted.history:
            room_id = await copy_with_history(log, known, owner)
        else:
            await read_texts(log, known, state)
            room_id = await copy_room(log, known, state, Maker(asker, owner))
        copied = await read_room(log, room_id)
        assert copied
        main = copied.state.main
        return room_body(
            str(room_id), str(main.text), copied.state.language(main.id), copied.state.facts
        )

    @get("/{room_id:str}", summary="Get a room", raises=[NotFoundException], opt={"may": "read"})
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

    @get("/{room_id:str}/opening", include_in_schema=False, opt={"may": "read"})
    async def opening(
        self, room_id: FromPath[str], log: NamedDependency[Log]
    ) -> Response[RoomFiles]:
        """The room that a page shows until its socket joins and asks for the entries since.

        Of the texts it has the main file's.
        """
        known = parse_room_id(room_id)
        opened = await read_room(log, known) if known else None
        if opened is None:
            raise NotFoundException("Room not found")
        return Response(room_files(opened.state), headers={"cache-control": "no-store"})


async def _owner(request: Request[Any, Any, Any]) -> UUID | None:
    """Return who owns a room that this request makes: its caller, who is a guest from now on if
    nobody knows them. Raises PermissionDeniedException."""
    who = await caller(request.scope).guest()
    if watches(who):
        words = "This token is not good for making rooms."
        raise PermissionDeniedException(words, extra={"code": "not_allowed"})
    return who.id if who else None


def _count(
    request: Request[Any, Any, Any], addresses: Addresses, limits: ServerLimits, size: int
) -> None:
    """Count a new room of so many bytes. Raises TooManyRequestsException."""
    host = request.client.host if request.client else ""
    now = asyncio.get_running_loop().time()
    account = addresses.account(host, now)
    if wait := ceil(account.log.wait(0, now)):
        words = "Your address has written more than it may in an hour."
        raise _too_many("too_much_written", words, wait)
    if wait := ceil(addresses.create_room(host, now)):
        words = f"The limit is {limits.rooms_per_address} new rooms an hour from your address."
        raise _too_many("too_many_rooms", words, wait)
    account.log.take(size, now)


def _too_many(code: str, words: str, wait: int) -> TooManyRequestsException:
    return TooManyRequestsException(
        f"{words} Try again in {wait} s.",
        headers={"retry-after": str(wait)},
        extra={"code": code},
    )


def _drafted(wanted: CreateRoom, limits: ServerLimits) -> Change:
    """The change that a new room begins with. Raises ValidationException."""
    _check_alone(wanted)
    if wanted.template is None and wanted.files is None:
        name = f"main.{LANGUAGES[wanted.language]}"
        return draft_files({name: _checked("initial_code", wanted.initial_code, limits)}, limits)
    if wanted.files == {}:
        raise _wrong("files", "It has no file.")
    files = wanted.files or TEMPLATES[wanted.template or "empty"]
    texts = {path: _checked(f"files.{path}", text, limits) for path, text in files.items()}
    try:
        return draft_files(texts, limits)
    except BadFile as error:
        raise _wrong(f"files.{error.path}"[:_MOST_KEY], str(error)) from error


def _check_alone(wanted: CreateRoom) -> None:
    """Raises ValidationException where a room is to begin with several things."""
    if wanted.history and wanted.copy is None:
        raise _wrong("history", "It belongs to a copy.")
    given = {
        "initial_code": bool(wanted.initial_code),
        "template": wanted.template is not None,
        "files": wanted.files is not None,
        "copy": wanted.copy is not None,
    }
    names = [name for name, is_given in given.items() if is_given]
    if len(names) > 1:
        raise _wrong(names[1], f"It cannot be given beside {names[0]}.")


def _checked(key: str, code: str, limits: ServerLimits) -> str:
    try:
        code = normalise(code)
    except ValueError as error:
        raise _wrong(key[:_MOST_KEY], str(error)) from error
    if len(code) > limits.text:
        words = f"The file would have {len(code)} characters; the limit is {limits.text}."
        raise _wrong(key[:_MOST_KEY], words)
    return code


def _wrong(key: str, message: str) -> ValidationException:
    return ValidationException(extra=[{"key": key, "message": message}])
