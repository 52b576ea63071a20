"""Keeps the texts of a room in memory while somebody holds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from collab.errors import PeerError
from collab.protocol import FileId, Read, Text
from collab.room.people import People
from collab.room.session import Session
from collab.room.snapshot import Snapshot
from collab.room.state import State


class Keeping:
    """The texts of a room, and who holds each. The others are dropped: the log has them."""

    def __init__(self, state: State, people: People) -> None:
        self.state = state
        self.people = people
        self.asked: list[tuple[Session, FileId]] = []
        """The sessions that wait for a text which is not in memory."""
        self._pins: list[Collection[FileId]] = []
        """The files whose texts stay in memory for a while: see `pinned`."""

    @property
    def revision(self) -> int:
        return self.state.revision

    def unready(self, holds: Collection[FileId] | None, *, texts: bool) -> list[FileId]:
        """List the files that must be loaded before a client that holds these, or all, is told of
        them.

        With `texts`, the client needs the texts of its files; without, their checksums.
        """
        absent = self.state.absent(holds)
        if texts:
            return absent
        return [file for file in absent if not self.state.files[file].text.is_summed]

    def answer(self) -> None:
        """Send the texts that are in memory now to the sessions that have asked for them."""
        asked, self.asked = self.asked, []
        for session, id_ in asked:
            text = self.state.files[id_].text
            if not text.is_here:
                self.asked.append((session, id_))
            elif self.people.sessions.get(session.client) is session:
                session.tell(Text(id_, self.revision, str(text)))

    @contextmanager
    def pinned(self, files: Collection[FileId]) -> Iterator[None]:
        """Keep the texts of these files in memory until the block ends, once they are there."""
        self._pins.append(files)
        try:
            yield
        finally:
            self._pins.remove(files)

    def keep(self, snapshot: Snapshot) -> None:
        """Note that the log keeps a snapshot, and drop the texts that nobody holds from memory."""
        for id_, kept in snapshot.texts.items():
            self.state.files[id_].text.keep(kept)
        self._release()

    def _hold(self, session: Session, file: FileId) -> None:
        if session.held is not None:
            session.held.add(file)

    def _release(self) -> None:
        held = {self.state.main_id, *(file for _, file in self.asked)}
        held.update(*self._pins)
        for session in self.people.sessions.values():
            if session.held is None:
                return
            held |= session.held
        for file in self.state.files.values():
            if file.id not in held:
                file.text.release()

    def _answer(self, session: Session, message: Read) -> None:
        if message.file not in self.state.files:
            raise PeerError("unknown_file", f"There is no file {message.file} in this room.")
        self._hold(session, message.file)
        self.asked.append((session, message.file))
        self.answer()
