"""`/ws/{room_id}`: decodes frames and hands them to the room. PROTOCOL.md tells the rest."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from logging import getLogger
from typing import Any, Self
from uuid import UUID

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath
from structlog.contextvars import bind_contextvars

from collab.errors import LogUnavailable, NewerRelease, PeerError, Restarting
from collab.live import wire
from collab.live.addresses import Account, household
from collab.live.connection import Connection
from collab.live.extension import Extensions
from collab.live.host import Host
from collab.live.hub import Hub
from collab.live.introducing import check_agent, enter, make_known, ot_session, plain_session
from collab.live.origin import Welcome
from collab.live.pace import Pace
from collab.live.permits import parse_room_id
from collab.live.shape import SMALL, TooManyParts, check_parts
from collab.live.traffic import Traffic
from collab.live.who import Who, caller
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
    encode,
    plain_decoder,
)
from collab.room.room import Room
from collab.room.session import OtSession, Session
from collab.telemetry import metrics
from collab.telemetry.logs import short
from ot import OperationError

_LOG = getLogger(__name__)
_MOST_WORDS = 300
"""Characters of a decoder's error, which may repeat the message that it rejects."""
_MOST_REASON = 123
"""Bytes of the reason that a close frame has room for."""
_HEARERS = 40
"""Each so many people in the room, a message to everybody costs one message more."""
_PLAIN = 4
"""For each so many plain clients, a change costs one message more: each text that one of them may
be showing, up to 50, is brought past the change."""
_NODE = 100
"""Bytes that a file or folder takes in a message that tells the tree."""
_ENTRIES = 25
"""The number of log entries that are read for the price of a message: reading, folding in and
composing an entry takes some 15 µs, a message that is committed some 400 µs."""
_LARGE = 500_000
"""Characters of a message that takes a millisecond or more to decode."""
_FAREWELL = 2.0
"""Seconds that the last words to a peer may take."""

RESTARTING = (1012, "Server restarting, your work is safe")
"""The close code and reason of a stopping server."""

Socket = WebSocket[Any, Any, Any]


@websocket("/ws/{room_id:str}", opt={"may": "read"})
async def room_socket(
    socket: Socket,
    room_id: FromPath[str],
    hub: NamedDependency[Hub],
    welcome: NamedDependency[Welcome],
    traffic: NamedDependency[Traffic],
) -> None:
    """Serve one client in one room, until either side closes."""
    bind_contextvars(room=short(room_id))  # for good, as the task is of this socket alone
    try:
        with _Seat() as seat:
            who = await _arrive(socket, parse_room_id(room_id), seat, hub, welcome, traffic)
            host, account = seat.host, seat.account
            if host is None or account is None:
                raise PeerError("room_not_found", "Room not found", close=4404)
            pace = Pace(hub.limits, account, _now())
            if _speaks_ot(socket):
                await _converse_ot(socket, host, who, traffic, pace, hub.extensions)
            else:
                session = plain_session(host, who)
                await _converse(socket, host, session, None, who, traffic, pace, hub.extensions)
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


class _Seat:
    """What a socket holds until the block ends: its place in the account of its address, and the
    room."""

    __slots__ = ("account", "host")

    def __init__(self) -> None:
        self.account: Account | None = None
        self.host: Host | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.host:
            self.host.release()
        if self.account:
            self.account.sockets -= 1


async def _arrive(
    socket: Socket, known: UUID | None, seat: _Seat, hub: Hub, welcome: Welcome, traffic: Traffic
) -> Who | None:
    """Accept a socket, and hold its room, if there is one. Returns who it is, as far as that is
    known before it joins."""
    speaks_ot = _speaks_ot(socket)
    protocol = SUBPROTOCOL if speaks_ot else None
    early = False
    try:
        welcome.check(socket.scope)
        peer = socket.client.host if socket.client else ""
        seat.account = traffic.addresses.open_socket(peer, _now())
        wire.charge(socket.scope, seat.account)
        asking = caller(socket.scope)
        # A join asks the log, in the statement that it needs anyway, whether the session still
        # holds. Plain clients have no join.
        who = asking.lately() if speaks_ot else None
        if early := speaks_ot and who is None and asking.shown() is not None:
            # It sends its join while the log is asked.
            await socket.accept(subprotocols=protocol)
        # The join also finds out whose a cookie is, where that decides nothing before it.
        if who is None and not (early and known and hub.is_open(known)):
            who = await asking.who()
        if known and await hub.lets_in(known, who):
            seat.host = await hub.hold(known)
        if seat.host and who is None and not (early and asking.shown()):
            who = await make_known(socket.scope, seat.host, late=early)
        return who
    finally:
        # Accept only once the room is there, so that whoever connects first comes first.
        if not early:
            await socket.accept(subprotocols=protocol)


def _speaks_ot(socket: Socket) -> bool:
    return SUBPROTOCOL in socket.scope["subprotocols"]


async def _converse_ot(
    socket: Socket,
    host: Host,
    who: Who | None,
    traffic: Traffic,
    pace: Pace,
    extensions: Extensions,
) -> None:
    """Wait for a join, for a limited time, then converse. A peer whose join is refused may send
    another within that time."""
    until = asyncio.get_running_loop().time() + traffic.limits.join_within
    refusal: PeerError | None = None
    while True:
        try:
            async with asyncio.timeout_at(until):
                if refusal:
                    await _send(socket, Error(refusal.code, refusal.message, refusal.seq))
                join = await _await_join(socket, pace, extensions)
                session = await ot_session(socket.scope, host, join, who) if join else None
        except TimeoutError as error:
            words = f"No join came within {traffic.limits.join_within:g} s."
            raise PeerError("join_timeout", words, close=4408) from error
        except PeerError as error:
            if error.close:
                raise
            refusal = error
            continue
        if session is None:
            return None
        try:
            return await _converse(socket, host, session, join, who, traffic, pace, extensions)
        except PeerError as error:
            if error.close:
                raise
            refusal = error


async def _await_join(socket: Socket, pace: Pace, extensions: Extensions) -> Join | None:
    """Return the peer's join; None when the peer goes. Raises PeerError for any other message."""
    while (message := await _next(socket, pace, extensions.decoder)) is not None:
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
                return message
            case _:
                raise PeerError("not_joined", "The first message is join.")
    return None


async def _converse(
    socket: Socket,
    host: Host,
    session: Session,
    join: Join | None,
    who: Who | None,
    traffic: Traffic,
    pace: Pace,
    extensions: Extensions,
) -> None:
    """Read and write until one of them ends. Raises PeerError when the join is wrong."""
    bind_contextvars(session=session.client)
    session.address = household(socket.client.host if socket.client else "")
    connection = Connection(socket, wire.writer(socket.scope), session, traffic, pace.account)
    messages, size = _more(join, host.room)
    # The pause comes before the socket's next message: a returning client gets its answer at once.
    pace.count(messages, size, _now())
    # But an address that joins again and again waits, because its answers are in memory.
    if pause := pace.account.take(0, size, _now()):
        await wire.rest(socket.scope, pause)
    who = await enter(socket.scope, host, connection, join)
    writer = asyncio.create_task(connection.run())
    reader = asyncio.create_task(_read(socket, host, session, who, pace, extensions))
    try:
        await asyncio.wait([writer, reader], return_when=asyncio.FIRST_COMPLETED)
    finally:
        host.leave(connection)
        extensions.parted(host, session, who)
        for task in (reader, writer):
            task.cancel()
        ended = await asyncio.gather(reader, writer, return_exceptions=True)
    for error in ended:
        # An OSError says that the peer has gone while frames wait for it, which is nobody's
        # mistake.
        if isinstance(error, Exception) and not isinstance(error, OSError):
            raise error


async def _read(
    socket: Socket,
    host: Host,
    session: Session,
    who: Who | None,
    pace: Pace,
    extensions: Extensions,
) -> None:
    await extensions.joined(host, session, who)
    decoder = extensions.decoder if isinstance(session, OtSession) else plain_decoder
    while (message := await _next(socket, pace, decoder)) is not None:
        if isinstance(message, PeerError):
            host.object(session, message)
        else:
            messages, size = _more(message, host.room)
            if (messages or size) and (pause := pace.ask(messages, size, _now())):
                await _hold_back(socket, pace, pause)
            try:
                if handle := extensions.messages.get(type(message)):
                    host.check(session, extensions.needs[type(message)])
                    cost = await handle(host.room_id, session, message)
                    if cost and (pause := pace.ask(0, cost, _now())):
                        await _hold_back(socket, pace, pause)
                else:
                    if isinstance(message, Profile):
                        await check_agent(socket.scope, session, message.name)
                    await host.receive(session, message)
            except PeerError as error:
                host.object(session, error)
            if size > _LARGE:
                await asyncio.sleep(0)  # others have their turn before the next long answer
            if pause := host.pause_for_log(session):
                await wire.rest(socket.scope, pause)


def _more(message: ClientMessage | PlainMessage | None, room: Room) -> tuple[float, int]:
    """Return what a message costs beyond its size, in messages and bytes. A plain client joins with
    None."""
    # A message of a domain may stand on a revision, too.
    revision: int | None = getattr(message, "revision", None)
    stands_on = 0 if revision is None else _unread(revision, room)
    match message:
        case None:
            return 0, room.length(room.state.main.id)
        case Read(file):
            return 0, room.length(file)
        case Join(revision=None, holds=holds) | Join(text=True, holds=holds):
            told = room.state.files if holds is None else holds
            return 0, _NODE * len(room.state.tree) + sum(room.length(file) for file in told)
        case Submit(revision=revision):
            return len(room.plain) / _PLAIN + _unread(revision, room), 0
        case Join(revision=int(revision)):
            return _unread(revision, room), 0
        case Presence(revision=revision):
            return room.count / _HEARERS + _unread(revision, room), 0
        case CodeUpdate(code):
            # The text is compared with those that the client may be showing.
            return len(room.plain) / _PLAIN, len(code)
        case Profile() | CursorUpdate():
            return room.count / _HEARERS, 0
        case _:
            return stands_on, 0


def _unread(revision: int, room: Room) -> float:
    """Return the cost, in messages, of reading a room's log back to a revision."""
    return max(0, room.past.oldest - revision) / _ENTRIES


async def _next(
    socket: Socket, pace: Pace, decoder: msgspec.json.Decoder[Any]
) -> ClientMessage | PlainMessage | PeerError | None:
    """Return the peer's next message, a PeerError for one that cannot be decoded, and None when the
    peer has gone.

    Raises PeerError when the peer has been too fast for too long.
    """
    event: dict[str, Any] = dict(await socket.receive())
    if event["type"] == "websocket.disconnect":
        return None
    if fault := event.get("fault"):
        raise fault
    text = event.get("text")
    if pause := pace.count(1, _size(text or event.get("bytes") or ""), _now()):
        await _hold_back(socket, pace, pause)
    if not isinstance(text, str):
        return PeerError("malformed", "A message is text, not binary.")
    try:
        if len(text) > SMALL:
            await check_parts(text, MOST_PARTS)
        message: ClientMessage | PlainMessage = decoder.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return _malformed(text, error)
    if len(text) > _LARGE:
        await asyncio.sleep(0)  # others have their turn before the room takes it
    return message


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

    Only the beginning of a large message is looked at, because skipping the rest takes long.
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
"""The beginning of a submission, as PROTOCOL.md describes it."""
_submission_decoder = msgspec.json.Decoder(_Submission)


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
