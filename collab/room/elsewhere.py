"""People connected to this room through other server processes.

News may be late, lost, or of a revision that this process has not read yet. Only what people see of
one another depends on it, and every loss heals: a process that has missed news makes the others
call the roll, which names all their people.
"""

from __future__ import annotations

from collab.protocol import Caret, Left, UserJoined, UserLeft
from collab.room import carets
from collab.room.between import Ask, Gone, Here, News
from collab.room.people import People
from collab.room.session import Remote, Session
from ot import OperationError


def hear(people: People, process: str, news: News) -> Session | None:
    """Take news from another process. Returns the session here that the news closes, if any."""
    match news:
        case Here():
            return _meet(people, process, news)
        case Gone(client, since):
            known = people.elsewhere.get(client)
            if known and known.process == process and known.since <= since:
                leave(people, known)
        case Ask(revision):
            people.asked = revision
            answer(people)
    return None


def answer(people: People) -> None:
    """Name the people here if another process has asked, once the room is at its revision."""
    if people.asked is not None and people.asked <= people.revision:
        people.asked = None
        people.news += roll(people)


def roll(people: People) -> list[Here]:
    """Return the news that names everybody connected here."""
    return [people.here(session) for session in people.sessions.values()]


def doubt(people: People, process: str) -> None:
    """Doubt the people of a process that begins to name them all."""
    for remote in _of(people, process):
        remote.doubtful = True


def drop_doubtful(people: People, process: str) -> None:
    """Remove the people whom a process has not named, once it has named them all."""
    for remote in _of(people, process):
        if remote.doubtful:
            leave(people, remote)


def forget(people: People, process: str) -> None:
    """Remove the people of a process that has ended."""
    for remote in _of(people, process):
        leave(people, remote)


def leave(people: People, remote: Remote) -> None:
    del people.elsewhere[remote.client]
    people.tell_others(remote, Left(remote.client), UserLeft(people.count))


def catch_up(people: People) -> None:
    """Show the carets that were ahead of the room, now that it has gone on."""
    for remote in people.elsewhere.values():
        if remote.ahead and remote.ahead.revision <= people.revision:
            _point(people, remote, remote.ahead)
    answer(people)


def _of(people: People, process: str) -> list[Remote]:
    return [remote for remote in people.elsewhere.values() if remote.process == process]


def _meet(people: People, process: str, news: Here) -> Session | None:
    own = people.sessions.get(news.client)
    if own is not None:
        if news.since < own.since:
            # That process does not know yet that the client has joined here since.
            people.news.append(people.here(own))
        if news.since <= own.since:
            return None
        people.supersede(own)
    _note(people, process, news)
    return own


def _note(people: People, process: str, news: Here) -> None:
    known = people.elsewhere.get(news.client)
    if known and known.process != process and known.since > news.since:
        return
    now = (news.person, news.name, news.colour, news.role, news.who)
    if known is None:
        known = Remote(
            news.client,
            news.person,
            news.name,
            news.colour,
            process=process,
            role=news.role,
            who=news.who,
            agent=news.agent,
        )
        people.number(known)
        people.elsewhere[news.client] = known
        people.tell_others(known, known.introduce(), UserJoined(people.count))
    elif now != (known.person, known.name, known.colour, known.role, known.who):
        known.person, known.name, known.colour = news.person, news.name, news.colour
        known.role, known.who = news.role, news.who
        people.tell_others(known, known.introduce(), None)
    known.process, known.since, known.doubtful = process, news.since, False
    _point(people, known, news)


def _point(people: People, remote: Remote, news: Here) -> None:
    """Show a caret carried to the head. If the news is ahead of the room, keep it for later."""
    remote.ahead = None
    if news.revision > people.revision:
        remote.ahead = news
    elif news.revision < people.past.oldest:
        # The other process is far behind. Ask it to tell again once it has caught up.
        people.news.append(Ask(people.revision))
    else:
        caret = _at_head(people, news)
        if caret != people.at_head(remote.caret):
            remote.caret = caret
            people.show_caret(remote)


def _at_head(people: People, news: Here) -> Caret | None:
    """Return the caret of the news at the head: where its owner's later edits left it, or carried
    there."""
    caret = Caret(news.file, news.revision, news.selections) if news.file else None
    for entry in reversed(people.past.after(news.revision)):
        if entry.client == news.client and (left := carets.after(entry)):
            caret = left
            break
    if caret is None or caret.file not in people.state.files:
        return None
    try:
        return people.at_head(caret)
    except OperationError:
        return None  # no honest process sends a caret beyond the end
