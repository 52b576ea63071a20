"""`/ws/{room_id}`: frames in, decoded and handed to the room; PROTOCOL.md tells the rest."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from logging import getLogger
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath
from structlog.contextvars import bind_contextvars, bound_contextvars

from collab.errors import LogUnavailable, NewerRelease, PeerError, Restarting
from collab.live import wire
from collab.live.connection import Connection
from collab.live.host import Host
from collab.live.hub import Hub, parse_room_id
from collab.live.origin import Welcome
from collab.live.pace import Pace
from collab.live.shape import SMALL, TooManyParts, check_parts
from collab.live.traffic import Traffic
from collab.live.wire import GONE
from collab.protocol import (
    MOST_PARTS,
    SUBPROTOCOL,
    VERSION,
    ClientMessage,
    CodeUpdate,
    CursorUpdate,
    Error,
    Join,
    Ping,
    PlainMessage,
    Pong,
    Presence,
    Profile,
    Read,
    ServerMessage,
    Submit,
    client_decoder,
    encode,
    plain_decoder,
)
from collab.room.plain import PlainSession
from collab.room.room import Room
from collab.room.session import OtSession, Session, client_id
from collab.telemetry import metrics
from collab.telemetry.logs import short
from ot import OperationError

_LOG = getLogger(__name__)
_MOST_WORDS = 300
"""Characters of a decoder's error, which may repeat the message that it rejects."""
_MOST_REASON = 123
"""Bytes of the reason that a close frame has room for."""
_HEARERS = 40
"""A message to everybody costs one message more for so many people in the room."""
_PLAIN = 4
"""A change costs a message more for so many plain clients: each text that one of them may be
showing, up to 50, is brought past it."""
_ENTRIES = 25
"""Entries that are read from the log for the price of a message: reading, folding in and composing
one takes some 15 µs, a message that is committed some 400 µs."""
_LARGE = 500_000
"""Characters of a message that takes a millisecond or more to decode."""
_FAREWELL = 2.0
"""Seconds that the last words to a peer may take."""

RESTARTING = (1012, "Server restarting, your work is safe")
"""The close code and reason of a stopping server."""

Socket = WebSocket[Any, Any, Any]


@websocket("/ws/{room_id:str}")
async def room_socket(
    socket: Socket,
    room_id: FromPath[str],
    hub: NamedDependency[Hub],
    welcome: NamedDependency[Welcome],
    traffic: NamedDependency[Traffic],
) -> None:
    """Serve one client in one room, until either side closes."""
    speaks_ot = SUBPROTOCOL in socket.scope["subprotocols"]
    known = parse_room_id(room_id)
    try:
        async with AsyncExitStack() as stack:
            stack.enter_context(bound_contextvars(room=short(room_id)))
            try:
                welcome.check(socket.scope)
                peer = socket.client.host if socket.client else ""
                account = stack.enter_context(traffic.addresses.socket(peer, _now()))
                wire.charge(socket.scope, account)
                host = await stack.enter_async_context(hub.room(known)) if known else None
            finally:
                # Not before the room is there: who connects first comes first.
                await socket.accept(subprotocols=SUBPROTOCOL if speaks_ot else None)
            if host is None:
                raise PeerError("room_not_found", "Room not found", close=4404)
            pace = Pace(hub.limits, account, _now())
            if speaks_ot:
                await _converse_ot(socket, host, traffic, pace)
            else:
                await _converse(socket, host, _plain_session(host), None, traffic, pace)
    except PeerError as error:
        await _turn_away(socket, error)
    except Restarting:
        with suppress(*GONE):
            await socket.close(*RESTARTING)
    except NewerRelease as error:
        _LOG.error("room %s: %s", short(room_id), error)
        with suppress(*GONE):
            await socket.close(1011, "Only a newer server can read this room; try again")
    except LogUnavailable as error:
        _LOG.warning("room %s: %s", short(room_id), error)
        with suppress(*GONE):
            await socket.close(1011, "The database does not answer; try again")
    except GONE:
        pass


async def _converse_ot(socket: Socket, host: Host, traffic: Traffic, pace: Pace) -> None:
    """Wait for `join`, but not for ever, then converse."""
    within = traffic.limits.join_within
    patience = asyncio.timeout(within)
    try:
        async with patience:
            await _await_join(socket, host, traffic, pace, patience)
    except TimeoutError as error:
        if not patience.expired():
            raise
        raise PeerError("join_timeout", f"No join came within {within:g} s.", close=4408) from error


async def _await_join(
    socket: Socket, host: Host, traffic: Traffic, pace: Pace, patience: asyncio.Timeout
) -> None:
    until = patience.when()
    async for message in _messages(socket, pace, speaks_ot=True):
        try:
            match message:
                case PeerError():
                    raise message
                case Ping():
                    await _send(socket, Pong())
                case Join() if message.protocol != VERSION:
                    raise PeerError(
                        "unsupported_protocol",
                        f"This server speaks version {VERSION}, not {message.protocol}.",
                        close=4406,
                    )
                case Join():
                    session = OtSession(
                        client=client_id(host.secret, message.key),
                        person=message.person,
                        name=message.name,
                        colour=message.colour,
                    )
                    patience.reschedule(None)
                    await _converse(socket, host, session, message, traffic, pace)
                    return
                case _:
                    raise PeerError("not_joined", "The first message is join.")
        except PeerError as error:
            if error.close:
                raise
            patience.reschedule(until)
            await _send(socket, Error(error.code, error.message, error.seq))


async def _converse(
    socket: Socket, host: Host, session: Session, join: Join | None, traffic: Traffic, pace: Pace
) -> None:
    """Read and write until one of them ends. Raises PeerError when the join is wrong."""
    bind_contextvars(session=session.client)
    connection = Connection(socket, wire.writer(socket.scope), session, traffic, pace.account)
    messages, size = _more(join, host.room)
    # It pauses before whatever it says next: who comes back is not kept waiting for the answer.
    pace.count(messages, size, _now())
    # But one address that comes again and again is: what waits for it is in memory.
    if pause := pace.account.take(0, size, _now()):
        await wire.rest(socket.scope, pause)
    await host.join(connection, join)
    writer = asyncio.create_task(connection.run())
    reader = asyncio.create_task(_read(socket, host, session, pace))
    try:
        await asyncio.wait([writer, reader], return_when=asyncio.FIRST_COMPLETED)
    finally:
        host.leave(connection)
        for task in (reader, writer):
            task.cancel()
        ended = await asyncio.gather(reader, writer, return_exceptions=True)
    for error in ended:
        # That the peer is gone while frames wait for it is an OSError, and nobody's mistake.
        if isinstance(error, Exception) and not isinstance(error, OSError):
            raise error


async def _read(socket: Socket, host: Host, session: Session, pace: Pace) -> None:
    async for message in _messages(socket, pace, speaks_ot=isinstance(session, OtSession)):
        if isinstance(message, PeerError):
            host.object(session, message)
        else:
            messages, size = _more(message, host.room)
            if (messages or size) and (pause := pace.ask(messages, size, _now())):
                await _hold_back(socket, pace, pause)
            await host.receive(session, message)
            if size > _LARGE:
                await asyncio.sleep(0)  # others have their turn before the next long answer
            if pause := host.pause_for_log(session):
                await wire.rest(socket.scope, pause)


def _more(message: ClientMessage | PlainMessage | None, room: Room) -> tuple[float, int]:
    """Return the cost of a short message, in messages and bytes. A plain client joins with None."""
    match message:
        case None:
            return 0, room.length(room.state.main.id)
        case Read(file):
            return 0, room.length(file)
        case Join(revision=None) | Join(text=True):
            return 0, sum(room.length(file) for file in room.state.files)
        case Submit(revision=revision):
            return len(room.plain) / _PLAIN + _unread(revision, room), 0
        case Join(revision=int(revision)):
            return _unread(revision, room), 0
        case Presence(revision=revision):
            return room.count / _HEARERS + _unread(revision, room), 0
        case CodeUpdate(code):
            # It is compared with what the client may be showing.
            return len(room.plain) / _PLAIN, len(code)
        case Profile() | CursorUpdate():
            return room.count / _HEARERS, 0
        case _:
            return 0, 0


def _unread(revision: int, room: Room) -> float:
    """Return the cost, in messages, of reading a room's log back to a revision."""
    return max(0, room.past.oldest - revision) / _ENTRIES


async def _messages(
    socket: Socket, pace: Pace, *, speaks_ot: bool
) -> AsyncIterator[ClientMessage | PlainMessage | PeerError]:
    """Yield the peer's messages until it goes; a PeerError for one that cannot be decoded.

    Raises PeerError when the peer has been too fast for too long.
    """
    while True:
        event: dict[str, Any] = dict(await socket.receive())
        if event["type"] == "websocket.disconnect":
            return
        if fault := event.get("fault"):
            raise fault
        text = event.get("text")
        if pause := pace.count(1, _size(text or event.get("bytes") or ""), _now()):
            await _hold_back(socket, pace, pause)
        if not isinstance(text, str):
            yield PeerError("malformed", "A message is text, not binary.")
            continue
        try:
            if len(text) > SMALL:
                await check_parts(text, MOST_PARTS)
            message = client_decoder.decode(text) if speaks_ot else plain_decoder.decode(text)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            yield _malformed(text, error)
            continue
        if len(text) > _LARGE:
            await asyncio.sleep(0)  # others have their turn before the room takes it
        yield message


async def _hold_back(socket: Socket, pace: Pace, pause: float) -> None:
    """Read nothing for a number of seconds, so that TCP holds the peer back."""
    _LOG.debug(
        "room %s: a socket is slowed, for %.1f s", short(socket.path_params["room_id"]), pause
    )
    await wire.rest(socket.scope, pause)
    if not wire.waiting(socket.scope):
        pace.fell_silent()


def _size(data: str | bytes) -> int:
    return len(data) if isinstance(data, bytes) or data.isascii() else len(data.encode())


def _now() -> float:
    return asyncio.get_running_loop().time()


def _malformed(text: str, error: Exception) -> PeerError:
    """Make the error for an undecodable message. It names the field, and a submission's seq.

    Only the beginning of a large one is looked at: skipping the rest takes long.
    """
    message = f"Malformed message: {error}"[:_MOST_WORDS]
    if len(text) > _LARGE:
        found = _BEGINNING.match(text)
        text = found.group() + "}" if found else ""
    with suppress(msgspec.DecodeError, ValueError, RecursionError):
        submission = _submission_decoder.decode(text)
        wrong = isinstance(error, TooManyParts) or isinstance(error.__cause__, OperationError)
        code = "invalid_operation" if wrong else "malformed"
        return PeerError(code, message, seq=submission.seq)
    return PeerError("malformed", message)


class _Submission(msgspec.Struct, tag="submit"):
    seq: int


_BEGINNING = re.compile(r'\s*\{\s*"type"\s*:\s*"submit"\s*,\s*"seq"\s*:\s*[0-9]{1,16}(?=\s*,)')
"""The beginning of a submission, as PROTOCOL.md has it."""
_submission_decoder = msgspec.json.Decoder(_Submission)


def _plain_session(host: Host) -> PlainSession:
    client = client_id(host.secret, secrets.token_urlsafe())
    return PlainSession(client, person=client, name="Guest", colour=ord(client[0]) % 8)


async def _turn_away(socket: Socket, error: PeerError) -> None:
    """Send the error and close. Wait only briefly for a peer that does not read."""
    assert error.close
    metrics.REFUSED.labels(error.code).inc()
    with suppress(*GONE, TimeoutError):
        async with asyncio.timeout(_FAREWELL):
            await _send(socket, Error(error.code, error.message, error.seq))
            reason = error.message.encode()[:_MOST_REASON].decode(errors="ignore")
            await socket.close(error.close, reason)


async def _send(socket: Socket, message: ServerMessage) -> None:
    await socket.send_text(encode(message).decode())
