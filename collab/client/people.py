"""Who is in the room, and where their carets are in what is committed."""

from __future__ import annotations

from typing import Any

from collab.client.events import Event, Joined, Left, Person, Pointed, Selections
from ot import Operation


class Others:
    """The other people of one room, and the names of all who have written."""

    def __init__(self) -> None:
        self.here: dict[str, Person] = {}
        """By the id of the client."""
        self._names: dict[str, str] = {}

    def take(self, message: dict[str, Any]) -> Event | None:
        """Take what the server tells of somebody. Returns what it comes to, if anything."""
        match message:
            case {"type": "person"}:
                return Joined(self._introduce(message))
            case {"type": "left", "client": client} if client in self.here:
                return Left(self.here.pop(client))
            case {"type": "presence", "client": client} if client in self.here:
                person = self.here[client]
                person.file, person.selections = message["file"], _selections(message)
                return Pointed(person)
            case {"type": "authors", "authors": authors}:
                self._note(authors)
        return None

    def meet(self, joined: dict[str, Any]) -> None:
        """Take everybody of a `joined`, without carets: those are of the revision that it ends at,
        and entries up to there may be still to be read."""
        self.here = {}
        for told in joined["people"]:
            self._introduce(told | {"caret": None})
        self._note(joined.get("authors", ()))

    def place(self, joined: dict[str, Any]) -> None:
        """Put the carets of a `joined`, whose entries were read."""
        for told in joined["people"]:
            self._introduce(told)

    def name_of(self, who: str | int | None) -> str | None:
        """Return the name of somebody, as entries have them."""
        if isinstance(who, int):
            return next((p.name for p in self.here.values() if p.number == who), None)
        return self._names.get(who) if who else None

    def carry(self, file: str, edit: Operation, who: str | int | None) -> None:
        """Move the carets in a file over a committed edit of somebody."""
        for person in self.here.values():
            if person.file == file:
                mine = who in (person.client, person.number)
                person.selections = _carried(edit, person.selections, follows=mine)

    def _introduce(self, message: dict[str, Any]) -> Person:
        client = message["client"]
        person = self.here.setdefault(client, Person(client, message["name"]))
        person.name, person.colour = message["name"], message["colour"]
        person.person, person.role = message["person"], message.get("role", "editor")
        person.number, person.agent = message.get("number", 0), message.get("agent", "")
        if caret := message.get("caret"):
            person.file, person.selections = caret["file"], _selections(caret)
        self._names[client] = person.name
        return person

    def _note(self, authors: Any) -> None:
        self._names |= {author["client"]: author["name"] for author in authors}


def _selections(caret: dict[str, Any]) -> Selections:
    return [(anchor, head) for anchor, head in caret["selections"]]


def _carried(edit: Operation, selections: Selections, *, follows: bool) -> Selections:
    """Return carets after an edit. That of its author stands behind what was inserted last."""
    if not follows:
        return [(edit.map(anchor), edit.map(head)) for anchor, head in selections]
    at, end = 0, 0
    for c in edit.components:
        if isinstance(c, str):
            at = end = at + len(c)
        elif c > 0:
            at += c
        else:
            end = at
    return [(end, end)]
