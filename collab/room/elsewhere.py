"""Who is in the room in other server processes, as far as those tell.

News may be late, lost, or of a revision that is not read here yet. Nothing rests on it but what
people see of one another, and everything heals: who missed something has the roll called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.protocol import Caret, Left, UserJoined, UserLeft
from collab.room import carets
from collab.room.between import Ask, Gone, Here, News
from collab.room.session import Participant
from ot import OperationError

if TYPE_CHECKING:
    from collab.room.room import Room


@dataclass(eq=False, kw_only=True, slots=True)
class Remote(Participant):
    """A participant whose socket another process has.

    `ahead` is what was told of it at a revision that is not read here yet. While `doubtful`, the
    roll is being called, and it has not been named.
    """

    process: str
    ahead: Here | None = None
    doubtful: bool = False


def hear(room: Room, process: str, news: News) -> None:
    """Take what another process says of this room."""
    match news:
        case Here():
            _meet(room, process, news)
        case Gone(client, since):
            known = room.elsewhere.get(client)
            if known and known.process == process and known.since <= since:
                leave(room, known)
        case Ask(revision):
            room.asked = revision
            answer(room)


def answer(room: Room) -> None:
    """Tell who is here, if somebody has asked and the room has been read so far."""
    if room.asked is not None and room.asked <= room.revision:
        room.asked = None
        room.news += roll(room)


def roll(room: Room) -> list[Here]:
    """Everybody who is here."""
    return [room.here(session) for session in room.sessions.values()]


def doubt(room: Room, process: str) -> None:
    """A process begins to call its roll."""
    for remote in _of(room, process):
        remote.doubtful = True


def drop_doubtful(room: Room, process: str) -> None:
    """A process has called its roll: who was not named has gone."""
    for remote in _of(room, process):
        if remote.doubtful:
            leave(room, remote)


def forget(room: Room, process: str) -> None:
    """A process is no more."""
    for remote in _of(room, process):
        leave(room, remote)


def leave(room: Room, remote: Remote) -> None:
    del room.elsewhere[remote.client]
    room.tell_others(remote, Left(remote.client), UserLeft(room.count))


def catch_up(room: Room) -> None:
    """The room has gone on: to where some carets have been waiting for it."""
    for remote in room.elsewhere.values():
        if remote.ahead and remote.ahead.revision <= room.revision:
            _point(room, remote, remote.ahead)
    answer(room)


def _of(room: Room, process: str) -> list[Remote]:
    return [remote for remote in room.elsewhere.values() if remote.process == process]


def _meet(room: Room, process: str, news: Here) -> None:
    if own := room.sessions.get(news.client):
        if news.since > own.since:
            room.supersede(own)
        elif news.since < own.since:
            # That process has yet to hear that its session is superseded.
            room.news.append(room.here(own))
            return
        else:
            return
    known = room.elsewhere.get(news.client)
    if known and known.process != process and known.since > news.since:
        return
    now = (news.person, news.name, news.colour)
    if known is None:
        known = Remote(news.client, *now, process=process)
        room.number(known)
        room.elsewhere[news.client] = known
        room.tell_others(known, known.introduce(), UserJoined(room.count))
    elif now != (known.person, known.name, known.colour):
        known.person, known.name, known.colour = now
        room.tell_others(known, known.introduce(), None)
    known.process, known.since, known.doubtful = process, news.since, False
    _point(room, known, news)


def _point(room: Room, remote: Remote, news: Here) -> None:
    """Show a caret where it is at the head; or later, if it is ahead of that."""
    remote.ahead = None
    if news.revision > room.revision:
        remote.ahead = news
    elif news.revision < room.past.oldest:
        # The other process is far behind: it shall tell again once it is not.
        room.news.append(Ask(room.revision))
    else:
        caret = _at_head(room, news)
        if caret != room.at_head(remote.caret):
            remote.caret = caret
            room.show_caret(remote)


def _at_head(room: Room, news: Here) -> Caret | None:
    """A caret at the head: where its owner's edits since have left it, or carried there."""
    caret = Caret(news.file, news.revision, news.selections) if news.file else None
    for entry in reversed(room.past.entries[news.revision - room.past.oldest :]):
        if entry.client == news.client and (left := carets.after(entry)):
            caret = left
            break
    if caret is None or caret.file not in room.state.files:
        return None
    try:
        return room.at_head(caret)
    except OperationError:
        return None  # no honest process says so
