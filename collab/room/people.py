"""The people in a room, in every process, and the messages about one another.

None of this is in the log, and nothing in the log rests on it. It needs the log's head for one
thing: a caret is kept at the revision it was told of, and carried to the head for who asks.
"""

from __future__ import annotations

from msgspec import UNSET

from collab.errors import PeerError
from collab.protocol import (
    VERSION,
    Caret,
    CursorUpdate,
    Joined,
    Left,
    Presence,
    Profile,
    ServerMessage,
    UserJoined,
    UserLeft,
    WireLimits,
)
from collab.room.between import Gone, Here, News
from collab.room.past import Past
from collab.room.session import Participant, Remote, Session
from collab.room.state import Limits, State
from collab.room.stretches import since
from ot import OperationError

REPLACED = (4409, "The same key joined elsewhere")


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
        """The people who are connected through other processes, by client."""
        self.news: list[News] = []
        """The news that this process has yet to send to the others."""
        self.asked: int | None = None
        """The revision from which on another process wants to hear who is here."""
        self._numbered = 0

    @property
    def revision(self) -> int:
        return self.state.revision

    @property
    def count(self) -> int:
        """The number of people in the room, in every process."""
        return len(self.sessions) + len(self.elsewhere)

    def everybody(self) -> list[Participant]:
        return [*self.sessions.values(), *self.elsewhere.values()]

    def find(self, client: str) -> Session | Remote | None:
        return self.sessions.get(client) or self.elsewhere.get(client)

    # Coming and going

    def check_space(self) -> None:
        """Raises PeerError when the room is full."""
        if self.count >= (most := self.limits.sessions):
            words = f"This room is full: the limit is {most} at once. Try again later."
            raise PeerError("room_full", words, close=4429)

    def number(self, participant: Participant) -> None:
        """Give somebody a number that nobody here has had."""
        self._numbered += 1
        participant.number = self._numbered

    def number_of(self, client: str) -> int:
        """Return the number that stands for a client in entries; 0 if it is not in the room."""
        participant = self.find(client)
        return participant.number if participant else 0

    def greet(self, session: Session, revision: int | None, *, text: bool) -> None:
        """Tell a numbered OT client the state of the room: see `Room.join`."""
        texts = revision is None or text
        joined = Joined(
            protocol=VERSION,
            client=session.client,
            number=session.number,
            seq=session.settled,
            revision=self.revision,
            updated_at=self.state.updated_at,
            people=[other.here(self.at_head(other.caret)) for other in self.everybody()],
            checksums=self.state.checksums(),
            limits=_wire_limits(self.limits),
            files=self.state.wire() if texts else UNSET,
            folders=self.state.wire_folders() if texts else [],
            assets=self.state.wire_assets() if texts else [],
            entries=UNSET
            if revision is None
            else since(self.past, revision, session.client, self.limits.steps),
            facts=self.state.facts.copy(),
        )
        session.tell(joined)

    def enter(self, session: Session) -> None:
        """A numbered session is here from now on."""
        self.sessions[session.client] = session
        self._introduce(session, UserJoined(self.count))

    def part(self, session: Session) -> None:
        """A session is here no more."""
        del self.sessions[session.client]
        self.news.append(Gone(session.client, session.since))
        self.tell_others(session, Left(session.client), UserLeft(self.count))

    def supersede(self, session: Session) -> None:
        """Close a session because its client has joined again, here or in another process."""
        session.closing = session.closing or REPLACED
        self.part(session)

    # What they say of themselves

    def rename(self, session: Session, profile: Profile) -> None:
        """Take a new name and colour."""
        session.name, session.colour = profile.name, profile.colour
        self._introduce(session, None)

    def place(self, session: Session, presence: Presence) -> None:
        """Take where an OT client's carets are. Raises PeerError when they cannot be there."""
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
        """Tell everybody else here where somebody's caret is now."""
        caret = participant.caret
        position = (
            CursorUpdate(caret.selections[0][1], participant.client)
            if caret and caret.selections and caret.file == self.state.main.id
            else None
        )
        self.tell_others(participant, participant.carets(self.revision), position)

    def here(self, session: Session) -> Here:
        """Return the news that tells other processes of a session."""
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
        )

    def tell_others(
        self, participant: Participant, message: ServerMessage, plainly: ServerMessage | None
    ) -> None:
        """One message for OT clients, another, if any, for plain ones."""
        for other in self.sessions.values():
            if other is not participant:
                other.hear(message, plainly)

    def _introduce(self, session: Session, plainly: ServerMessage | None) -> None:
        self.news.append(self.here(session))
        self.tell_others(session, session.introduce(), plainly)

    # Where the head is

    def check_revision(self, revision: int, seq: int | None = None) -> None:
        """Raises PeerError, about the change `seq` if any, for a revision above the head."""
        if revision > self.revision:
            raise PeerError(
                "unknown_revision",
                f"Revision {revision} is above the head of this room, {self.revision}.",
                seq=seq,
            )

    def at_head(self, caret: Caret | None) -> Caret | None:
        """A caret where it is now; None if it is older than the past.

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
        """Have every caret at the head, so that the past is needed for none."""
        for participant in self.everybody():
            participant.caret = self.at_head(participant.caret)


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
