"""The participants of a room: in other processes, and the sessions of sockets connected here."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Container
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol
from uuid import UUID

from collab.errors import Refusal
from collab.protocol import (
    Caret,
    Carets,
    Change,
    FileId,
    Origin,
    Person,
    PersonHere,
    PlainMessage,
    Refused,
    ServerMessage,
)
from collab.room.between import Here
from collab.room.doors import Access, Role
from collab.room.state import Limits, State


@dataclass(eq=False, slots=True)
class Participant:
    """A person in the room, with what everybody else is told of them.

    `number` stands for the client in entries; each participant of a room has its own. `since`
    orders the joins of one client: first by the client's clock, since only the client knows the
    order of what it did; where that does not tell, by the number that the log gave the arrival.
    `who` is the person as the server knows them, None for somebody unknown; others cannot claim it,
    as they can `person`. `agent` says for whom an agent works, and is empty for people.
    """

    client: str
    person: str
    name: str
    colour: int
    number: int = 0
    since: tuple[int, int] = (0, 0)
    caret: Caret | None = None
    who: UUID | None = None
    role: Role | None = "editor"
    agent: str = ""

    def introduce(self) -> Person:
        return Person(
            self.client,
            self.person,
            self.name,
            self.colour,
            self.number,
            self.role,
            self.who,
            self.agent,
        )

    def here(self, caret: Caret | None) -> PersonHere:
        return PersonHere(
            self.client,
            self.person,
            self.name,
            self.colour,
            caret,
            self.number,
            self.role,
            self.who,
            self.agent,
        )

    def carets(self, revision: int) -> Carets:
        """Return the message that tells others of `caret`, which is at `revision`."""
        if self.caret is None:
            return Carets(self.client, None, revision, [])
        return Carets(self.client, self.caret.file, revision, self.caret.selections)


@dataclass(eq=False, kw_only=True, slots=True)
class Remote(Participant):
    """A participant whose socket another process has.

    `ahead` is the latest news of it, if that is of a revision that is not read here yet. It is
    `doubtful` while its process calls the roll and has not named it yet.
    """

    process: str
    ahead: Here | None = None
    doubtful: bool = False


@dataclass(eq=False, slots=True)
class Session(Participant):
    """The client of a socket that is connected here, and the messages it has yet to be sent.

    `settled` is the highest seq of this client that is known to be in the log, or that this session
    was refused. `closing` is the close code and reason, once the socket has to go. `held` are the
    files whose texts the client has, None for all; the room keeps those texts in memory. `role`
    follows from the room's access at the number `seated`; one who `watches` has shown credentials
    that are not good for writing, one with a `link` a link that gives this role. `login` is the
    session of an account or guest that the client has shown, and `secret` the hash of its cookie
    where the join is to find out whose it is. `address` is where the socket comes
    from, as limits count addresses.
    """

    settled: int = 0
    outbox: list[ServerMessage] = field(default_factory=list)
    closing: tuple[int, str] | None = None
    held: set[FileId] | None = field(default_factory=set)
    watches: bool = False
    link: Role | None = None
    login: UUID | None = None
    secret: bytes | None = None
    address: str = ""
    seated: int = 0
    is_out: bool = False
    """Whether the person was removed, and is not to ask again."""

    def seat(self, access: Access) -> bool:
        """Take the role that the access gives. Returns whether it is another one."""
        before, self.role = self.role, access.role(self.who, watches=self.watches, link=self.link)
        self.seated, self.is_out = access.door.access, access.is_out(self.who)
        return self.role != before

    def tell(self, message: ServerMessage) -> None:
        if self.closing is None:
            self.outbox.append(message)

    def depart(self) -> None:
        """Note that the socket is gone."""

    def hear(self, message: ServerMessage | None, plainly: ServerMessage | None) -> None:
        """Send `message` to an OT client, `plainly` to a plain one. None is not sent."""
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
        """The clients that have a change waiting."""

    @property
    def count(self) -> int: ...

    @property
    def revision(self) -> int: ...

    def submit(self, session: Session, seq: int, change: Change, origin: Origin) -> None: ...

    def point(self, session: Session) -> None: ...


def client_id(secret: bytes, key: str) -> str:
    """Derive the public id of the client that holds `key`. Nobody can find the key from the id.

    The id is 48 bits of a hash keyed with the room's own secret, so that nobody can search offline
    for a key with a given id.
    """
    return urlsafe_b64encode(blake2b(key.encode(), key=secret, digest_size=6).digest()).decode()
