"""The people in a room, in every process, and the messages about one another.

None of this is in the log, and nothing in the log depends on it. The log's head matters only for
carets: a caret is kept at the revision it was told at, and carried to the head when it is told to
somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import normalize

from msgspec import UNSET

from collab.errors import PeerError
from collab.protocol import (
    VERSION,
    Author,
    Caret,
    CursorUpdate,
    Joined,
    Left,
    Presence,
    Profile,
    RoomAccess,
    ServerMessage,
    Stretch,
    UserJoined,
    UserLeft,
    WireEntry,
    WireLimits,
)
from collab.room.between import Gone, Here, News
from collab.room.doors import Access, Door
from collab.room.past import Past
from collab.room.session import Participant, Remote, Session
from collab.room.state import Entry, Limits, State
from collab.room.stretches import held_of, since
from ot import OperationError

REPLACED = (4409, "The same key joined elsewhere")
GONE = (4410, "You have no access to this room any more")
ASK = (4423, "Ask to be let into this room")


class People:
    """Everybody in one room, as one process knows them.

    The room owns `state` and `past`: this class only reads them.
    """

    def __init__(self, state: State, past: Past, limits: Limits) -> None:
        self.state = state
        self.past = past
        self.limits = limits
        self.sessions: dict[str, Session] = {}
        self.elsewhere: dict[str, Remote] = {}
        """The people connected through other processes, by client."""
        self.news: list[News] = []
        """The news that this process has yet to send to the others."""
        self.door = Door()
        self.asked: int | None = None
        """The revision this room must reach before its people are named to a process that asked for
        them."""
        self._numbered = 0

    @property
    def revision(self) -> int:
        return self.state.revision

    @property
    def count(self) -> int:
        """The number of people in the room, through all processes."""
        return len(self.sessions) + len(self.elsewhere)

    def everybody(self) -> list[Participant]:
        return [*self.sessions.values(), *self.elsewhere.values()]

    def find(self, client: str) -> Session | Remote | None:
        return self.sessions.get(client) or self.elsewhere.get(client)

    # Coming and going

    def check_access(self, session: Session) -> None:
        """Raise PeerError for somebody who has no access.

        Where the room does not let people ask, it answers as a room that is not there.
        """
        assert session.seated == self.door.access, (session.seated, self.door.access)
        if session.role is None:
            raise no_access(self.door, is_out=session.is_out)

    def check_name(self, name: str, agent: str) -> None:
        """Raise PeerError where an agent has the name of a person."""
        if agent and _seen(name) in {
            _seen(one)
            for one in (agent, *(other.name for other in self.everybody() if not other.agent))
        }:
            words = f"{name} is a person here: an agent needs another name."
            raise PeerError("name_taken", words)

    def check_space(self) -> None:
        """Raise PeerError when the room is full."""
        if self.count >= (most := self.limits.sessions):
            words = f"This room is full: the limit is {most} at once. Try again later."
            raise PeerError("room_full", words, close=4429)

    def number(self, participant: Participant) -> None:
        """Give a participant a number that nobody here has had."""
        self._numbered += 1
        participant.number = self._numbered

    def number_of(self, client: str) -> int:
        """Return the number that stands for a client in entries; 0 if it is not in the room."""
        participant = self.find(client)
        return participant.number if participant else 0

    def greet(self, session: Session, revision: int | None, *, text: bool) -> None:
        """Tell an OT client that has a number the state of the room: see `Room.join`."""
        texts = revision is None or text
        news = (
            None
            if revision is None
            else since(self.past, revision, session.client, self.limits.steps)
        )
        joined = Joined(
            protocol=VERSION,
            client=session.client,
            number=session.number,
            seq=session.settled,
            revision=self.revision,
            updated_at=self.state.updated_at,
            people=[other.here(self.at_head(other.caret)) for other in self.everybody()],
            checksums=self.state.checksums(session.held),
            limits=_wire_limits(self.limits),
            files=self.state.wire(session.held) if texts else UNSET,
            folders=self.state.wire_folders() if texts else [],
            assets=self.state.wire_assets() if texts else [],
            entries=UNSET if news is None else held_of(news, session.held),
            authors=self._authors_in(news or [], session.client),
            facts=self.state.facts.copy(),
            role=session.role,
            open=self.door.open,
            locked=self.door.locked,
            owned=self.door.owner is not None,
        )
        session.tell(joined)

    def authors_of(self, entries: Iterable[Entry]) -> list[Author]:
        """Name the authors of entries who are not in the room."""
        away = {one.client: one for one in entries if one.author and not self.find(one.client)}
        return [Author(one.client, one.person or "", one.author) for one in away.values()]

    def enter(self, session: Session) -> None:
        """Add a session that has a number, and introduce it to everybody else."""
        self.sessions[session.client] = session
        self._introduce(session, UserJoined(self.count))

    def part(self, session: Session) -> None:
        """Remove a session, and tell everybody else."""
        del self.sessions[session.client]
        self.news.append(Gone(session.client, session.since))
        self.tell_others(session, Left(session.client), UserLeft(self.count))

    def supersede(self, session: Session) -> None:
        """Close a session because its client has joined again, here or in another process."""
        session.closing = session.closing or REPLACED
        self.part(session)

    def regulate(self, access: Access) -> list[Session]:
        """Take the door and everybody's role, and tell who is concerned. Returns those who have no
        access any more, whose sockets close."""
        self.door = door = access.door
        gone: list[Session] = []
        for session in list(self.sessions.values()):
            changed = session.seat(access)
            if session.role is None:
                gone.append(session)
                continue
            told = RoomAccess(session.role, door.open, door.locked, door.owner is not None)
            session.hear(told, None)
            if changed:
                self._introduce(session, None)
        for session in gone:
            if session.closing is None:
                session.closing = ASK if door.open == "ask" and not session.is_out else GONE
            self.part(session)
        return gone

    # What they say of themselves

    def rename(self, session: Session, profile: Profile) -> None:
        """Set a session's name and colour, and tell everybody else. Raises PeerError."""
        self.check_name(profile.name, session.agent)
        session.name, session.colour = profile.name, profile.colour
        self._introduce(session, None)

    def place(self, session: Session, presence: Presence) -> None:
        """Set an OT client's carets, and tell everybody else. Raises PeerError for impossible
        ones."""
        self.check_revision(presence.revision)
        if presence.file is None:
            session.caret = None
        elif presence.file not in self.state.files:
            raise PeerError("unknown_file", f"There is no file {presence.file} in this room.")
        else:
            caret = Caret(presence.file, presence.revision, presence.selections)
            try:
                session.caret = self.at_head(caret)
            except OperationError as error:
                raise PeerError("malformed", f"A caret is out of bounds: {error}") from error
        self.point(session)

    def point(self, session: Session) -> None:
        """Tell everybody else, in every process, where this session's caret is now."""
        self.news.append(self.here(session))
        self.show_caret(session)

    def show_caret(self, participant: Participant) -> None:
        """Tell everybody else connected here where a participant's caret is now."""
        caret = participant.caret
        position = (
            CursorUpdate(caret.selections[0][1], participant.client)
            if caret and caret.selections and caret.file == self.state.main.id
            else None
        )
        self.tell_others(participant, participant.carets(self.revision), position)

    def here(self, session: Session) -> Here:
        """Return the news that describes a session to other processes."""
        caret = self.at_head(session.caret)
        return Here(
            session.client,
            session.person,
            session.name,
            session.colour,
            session.since,
            self.revision,
            caret.file if caret else None,
            caret.selections if caret else [],
            session.role,
            session.who,
            session.agent,
        )

    def tell_others(
        self, participant: Participant, message: ServerMessage, plainly: ServerMessage | None
    ) -> None:
        """Tell `message` to the other OT clients here, and `plainly`, unless None, to the plain
        clients."""
        for other in self.sessions.values():
            if other is not participant:
                other.hear(message, plainly)

    def _authors_in(self, news: Sequence[WireEntry | Stretch], client: str) -> list[Author]:
        """Name the authors of the entries in news for a client, as far as they are not in the room.
        A stretch has no author."""
        told = {item[0] for item in news if len(item) != 2} - {client}
        entries = self.past.entries[-self.limits.steps :] if told else ()
        return self.authors_of(entry for entry in entries if entry.client in told)

    def _introduce(self, session: Session, plainly: ServerMessage | None) -> None:
        self.news.append(self.here(session))
        self.tell_others(session, session.introduce(), plainly)

    # Where the head is

    def check_revision(self, revision: int, seq: int | None = None) -> None:
        """Raise PeerError, about the change `seq` if any, for a revision above the head."""
        if revision > self.revision:
            raise PeerError(
                "unknown_revision",
                f"Revision {revision} is above the head of this room, {self.revision}.",
                seq=seq,
            )

    def at_head(self, caret: Caret | None) -> Caret | None:
        """Carry a caret to the head. Returns None if the caret is older than the past.

        Raises OperationError when it lies beyond the end of its text.
        """
        if caret is None or caret.revision < self.past.oldest:
            return None
        caret = self.past.carry_caret(caret)
        length = len(self.state.files[caret.file].text)
        for selection in caret.selections:
            if max(selection) > length:
                raise OperationError(f"position {max(selection)} is not in 0 … {length}")
        return caret

    def carry_carets(self) -> None:
        """Carry every caret to the head, so that none needs the past any more."""
        for participant in self.everybody():
            participant.caret = self.at_head(participant.caret)


def _seen(name: str) -> str:
    """Return a name without case, spaces and the forms of its letters."""
    return "".join(normalize("NFKC", normalize("NFKC", name).casefold()).split())


def no_access(door: Door, *, is_out: bool) -> PeerError:
    """Make the error for somebody whom a door does not let in."""
    if door.open == "ask" and not is_out:
        return PeerError("ask_to_enter", ASK[1], close=ASK[0])
    return PeerError("room_not_found", "Room not found", close=4404)


def _wire_limits(limits: Limits) -> WireLimits:
    return WireLimits(
        text=limits.text,
        message=limits.largest_message,
        operations=limits.operations,
        bytes=limits.bytes,
        files=limits.files,
        name=limits.name,
        path=limits.path,
        depth=limits.depth,
        asset=limits.asset,
        room=limits.room,
    )
