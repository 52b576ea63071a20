"""Who is in a room: anybody, and those whose socket is connected here."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import blake2b

from collab.protocol import Caret, Carets, Person, PersonHere, ServerMessage
from collab.room.between import Here
from collab.room.bridge import Bridge


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
        """What others are told of `caret`, which is at `revision`."""
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
    """Who is on the other end of a socket here, what it was told, and what it has yet to be told.

    `settled` is the highest seq of this client that is known to be in the log, or that this
    session was refused. `closing` is the close code and reason, once the socket has to go.
    """

    settled: int = 0
    outbox: list[ServerMessage] = field(default_factory=list)
    closing: tuple[int, str] | None = None

    def tell(self, message: ServerMessage) -> None:
        if self.closing is None:
            self.outbox.append(message)

    def hear(self, message: ServerMessage | None, plainly: ServerMessage | None) -> None:
        """Be told one thing in the words of one's own protocol, which may have none for it."""
        raise NotImplementedError


@dataclass(eq=False, slots=True)
class OtSession(Session):
    """A client of the OT protocol."""

    def hear(self, message: ServerMessage | None, plainly: ServerMessage | None) -> None:
        if message is not None:
            self.tell(message)


@dataclass(eq=False, slots=True)
class PlainSession(Session):
    """A plain client, and our side of its conversation."""

    bridge: Bridge = field(default_factory=Bridge)

    def hear(self, message: ServerMessage | None, plainly: ServerMessage | None) -> None:
        if plainly is not None:
            self.tell(plainly)


def client_id(secret: bytes, key: str) -> str:
    """The public id of the client that holds `key`: nobody can find a key from it.

    48 bits of a hash keyed with the room's own secret, so that no key with a given id can be
    searched for offline.
    """
    return urlsafe_b64encode(blake2b(key.encode(), key=secret, digest_size=6).digest()).decode()
