"""Makes the session of a socket: who somebody says they are, and who the server knows they are."""

from __future__ import annotations

import secrets
from typing import Any

from collab.errors import NotSignedIn, PeerError, SessionEnded
from collab.live.connection import Connection
from collab.live.host import Host
from collab.live.permits import watches
from collab.live.who import Who, caller
from collab.protocol import Join
from collab.room.plain import PlainSession
from collab.room.session import OtSession, Session, client_id


async def make_known(scope: Any, host: Host, *, late: bool) -> Who | None:
    """Give a browser that nobody knows a cookie where the room has an owner, who may want to give
    this person a role, or to remove them.

    It is `late` when the socket is accepted, with which the cookie would go. Raises SessionEnded
    then.
    """
    if host.room.door.owner is None or b"origin" not in dict(scope["headers"]):
        return None
    if late:
        raise SessionEnded
    return await caller(scope).guest()


async def ot_session(scope: Any, host: Host, join: Join, who: Who | None) -> OtSession:
    """Make the session of a client of the OT protocol.

    An agent that shows an account's token works for that account, whatever it says. Raises
    PeerError for an agent with the name of an account, and LogUnavailable.
    """
    # The join finds out whose a cookie is that nobody has looked up.
    secret = caller(scope).shown() if who is None and not join.agent else None
    if who is None and secret is None:
        who = await caller(scope).who()
    account = who.name if who and who.name else ""
    session = OtSession(
        client=client_id(host.secret, join.key),
        person=join.person,
        name=join.name,
        colour=join.colour,
        agent=join.agent and (account or join.agent),
    )
    session.secret = secret
    _introduce(session, who)
    await check_agent(scope, session, join.name)
    return session


def plain_session(host: Host, who: Who | None) -> PlainSession:
    client = client_id(host.secret, secrets.token_urlsafe())
    session = PlainSession(client, person=client, name="Guest", colour=ord(client[0]) % 8)
    _introduce(session, who)
    return session


async def enter(scope: Any, host: Host, connection: Connection, join: Join | None) -> Who | None:
    """Let a socket into the room. Returns who it is.

    Where the join has found that out, the rest of what is known of that person is looked up after
    the answer. Raises what `Host.join` does, and NotSignedIn.
    """
    asking = caller(scope)
    try:
        await host.join(connection, join)
    except PeerError:
        await asking.who()  # the next join with this cookie is told before
        raise
    try:
        who = await asking.who()
        if who is None and connection.session.who:
            raise NotSignedIn("signed_out", "You were signed out.")
    except BaseException:
        host.leave(connection)
        raise
    return who


async def check_agent(scope: Any, session: Session, name: str) -> None:
    """Raise PeerError for an agent that would have the name of an account. The room itself refuses
    the names of people who are there. Raises LogUnavailable."""
    if session.agent and await caller(scope).is_account(name):
        raise PeerError("name_taken", f"{name} is a person here: an agent needs another name.")


def _introduce(session: Session, who: Who | None) -> None:
    """Note whose session it is."""
    if who is not None:
        session.who, session.watches, session.login = who.id, watches(who), who.session
