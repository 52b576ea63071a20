"""The participants of a room: in other processes, and the sessions of sockets connected here."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Container
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from collab.errors import Refusal
from collab.protocol import (
    Caret,
    Carets,
    Change,
    Person,
    PersonHere,
    PlainMessage,
    Refused,
    ServerMessage,
)
from collab.room.between import Here
from collab.room.state import Limits, State


@dataclass(eq=False, slots=True)
class Participant:
    """Somebody in the room, as everybody else is told of them.

    `number` stands for the client in entries; in a room each participant has one of its own.
    `since` is when it joined: by the client's clock, since only that knows what it did in which
    order; where it does not tell, as the log numbers arrivals.
    """

    client: str
    person: str
    name: str
    colour: int
    number: int = 0
    since: tuple[int, int] = (0, 0)
    caret: Caret | None = None

    def introduce(self) -> Person:
        return Person(self.client, self.person, self.name, self.colour, self.number)

    def here(self, caret: Caret | None) -> PersonHere:
        return PersonHere(self.client, self.person, self.name, self.colour, caret, self.number)

    def carets(self, revision: int) -> Carets:
        """Return the message that tells others of `caret`, which is at `revision`."""
        if self.caret is None:
            return Carets(self.client, None, revision, [])
        return Carets(self.client, self.caret.file, revision, self.caret.selections)


@dataclass(eq=False, kw_only=True, slots=True)
class Remote(Participant):
    """A participant whose socket another process has.

    `ahead` is what was told of it at a revision that is not read here yet. While `doubtful`, the
    roll is being called, and it has not been named.
    """

    process: str
    ahead: Here | None = None
    doubtful: bool = False


@dataclass(eq=False, slots=True)
class Session(Participant):
    """The client of a socket that is connected here, and the messages it has yet to be told.

    `settled` is the highest seq of this client that is known to be in the log, or that this
    session was refused. `closing` is the close code and reason, once the socket has to go.
    """

    settled: int = 0
    outbox: list[ServerMessage] = field(default_factory=list)
    closing: tuple[int, str] | None = None

    def tell(self, message: ServerMessage) -> None:
        if self.closing is None:
            self.outbox.append(message)

    def depart(self) -> None:
        """Note that the socket is gone."""

    def hear(self, message: ServerMessage | None, plainly: ServerMessage | None) -> None:
        """Tell `message` to an OT client, `plainly` to a plain one; None tells it nothing."""
        raise NotImplementedError

    def receive(self, room: Desk, message: PlainMessage) -> None:
        """Take a message that only plain clients send. Raises PeerError."""
        raise NotImplementedError

    def refuse(self, room: Desk, seq: int, refusal: Refusal) -> None:
        """Tell the client that its change `seq` is refused."""
        raise NotImplementedError


@dataclass(eq=False, slots=True)
class OtSession(Session):
    """A client of the OT protocol."""

    def hear(self, message: ServerMessage | None, plainly: ServerMessage | None) -> None:
        if message is not None:
            self.tell(message)

    def refuse(self, room: Desk, seq: int, refusal: Refusal) -> None:
        self.tell(Refused(seq, refusal.code, refusal.message))


class Desk(Protocol):
    """The part of the room that the session of a plain client uses."""

    state: State
    limits: Limits

    @property
    def queue(self) -> Container[str]:
        """The clients whose change waits."""

    @property
    def count(self) -> int: ...

    @property
    def revision(self) -> int: ...

    def submit(self, session: Session, seq: int, change: Change) -> None: ...

    def point(self, session: Session) -> None: ...


def client_id(secret: bytes, key: str) -> str:
    """The public id of the client that holds `key`: nobody can find a key from it.

    48 bits of a hash keyed with the room's own secret, so that no key with a given id can be
    searched for offline.
    """
    return urlsafe_b64encode(blake2b(key.encode(), key=secret, digest_size=6).digest()).decode()
