"""The peers that run in Python, at the same work; cases are as in engine_ot.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any, Protocol

from ot import Patch
from tests.bench.engine_data import Concurrent, Sides, Typing
from tests.bench.engine_ot import Case, parts, same

Updates = list[bytes]


class Replica(Protocol):
    """A text that is merged with what other replicas send."""

    def __init__(self, client: int, text: str = "") -> None: ...
    def edit(self, patches: Iterable[Patch]) -> None: ...
    def read(self) -> str: ...
    def save(self) -> bytes: ...
    def sent(self, patches: Iterable[Patch]) -> bytes:
        """Edit, and return what other replicas are told of it."""

    def receive(self, updates: Sequence[bytes]) -> None: ...


class Pycrdt:
    def __init__(self, client: int, text: str = "") -> None:
        pycrdt: Any = import_module("pycrdt")
        self._doc = pycrdt.Doc(client_id=client)
        self._text = self._doc.get("text", type=pycrdt.Text)
        self.edit([(0, 0, text)])

    def edit(self, patches: Iterable[Patch]) -> None:
        text = self._text
        for position, deleted, inserted in patches:
            if deleted:
                del text[position : position + deleted]
            if inserted:
                text.insert(position, inserted)

    def read(self) -> str:
        return str(self._text)

    def save(self) -> bytes:
        saved: bytes = self._doc.get_update()
        return saved

    def sent(self, patches: Iterable[Patch]) -> bytes:
        updates: Updates = []
        subscription = self._doc.observe(lambda event: updates.append(event.update))
        with self._doc.transaction():
            self.edit(patches)
        self._doc.unobserve(subscription)
        (update,) = updates
        return update

    def receive(self, updates: Sequence[bytes]) -> None:
        for update in updates:
            self._doc.apply_update(update)


class Loro:
    def __init__(self, client: int, text: str = "") -> None:
        self._loro: Any = import_module("loro")
        self._doc = self._loro.LoroDoc()
        self._doc.peer_id = client
        self._text = self._doc.get_text("text")
        self.edit([(0, 0, text)])

    def edit(self, patches: Iterable[Patch]) -> None:
        text = self._text
        for position, deleted, inserted in patches:
            if deleted:
                text.delete(position, deleted)
            if inserted:
                text.insert(position, inserted)

    def read(self) -> str:
        text: str = self._text.to_string()
        return text

    def save(self) -> bytes:
        return self._exported(self._loro.VersionVector())

    def sent(self, patches: Iterable[Patch]) -> bytes:
        before = self._doc.oplog_vv
        self.edit(patches)
        return self._exported(before)

    def _exported(self, since: Any) -> bytes:
        update: bytes = self._doc.export(self._loro.ExportMode.Updates(since))
        return update

    def receive(self, updates: Sequence[bytes]) -> None:
        for update in updates:
            self._doc.import_(update)


def cases(replica: type[Replica]) -> dict[str, Case]:
    def typing(given: Typing) -> Callable[[], str]:
        def run() -> str:
            typist = replica(1, given.text)
            for part in parts(given.patches):
                typist.edit(part)
                typist.read()
            return typist.read()

        return run

    def keystrokes(given: Concurrent) -> Updates:
        """Return the update that the author of each key would send."""
        authors = [replica(1 + author) for author in range(given.authors)]
        known = [0] * given.authors
        sent: Updates = []
        for key in given.keys:
            author, heard = authors[key.author], range(known[key.author], key.seen)
            author.receive([sent[n] for n in heard if given.keys[n].author != key.author])
            known[key.author] = key.seen
            sent.append(author.sent(key.patches))
        return sent

    def merged(given: Concurrent) -> Updates:
        everybody = replica(1 + given.authors)
        everybody.receive(keystrokes(given))
        return [everybody.save()]

    def received(updates: Updates) -> Callable[[], str]:
        def run() -> str:
            reader = replica(100)
            reader.receive(updates)
            return reader.read()

        return run

    def apart(given: Sides) -> Updates:
        updates = [replica(1, given.text).save()]
        for client, patches in enumerate(given.sides, start=2):
            side = replica(client)
            side.receive(updates[:1])
            updates.append(side.sent(patches))
        return updates

    def joined(updates: Updates) -> Callable[[], str]:
        reader = replica(100)
        reader.receive(updates[:1])

        def run() -> str:
            reader.receive(updates[1:])
            return reader.read()

        return run

    def save(given: Typing) -> Updates:
        typist = replica(1, given.text)
        typist.edit(given.patches)
        return [typist.save()]

    return {
        "typing": (same, typing),
        "merge": (merged, received),
        "live": (keystrokes, received),
        "offline": (apart, joined),
        "load": (save, received),
    }


CASES: dict[tuple[str, str], Case] = {
    (row, name): case
    for name, replica in (("pycrdt", Pycrdt), ("loro", Loro))
    for row, case in cases(replica).items()
}
del CASES["merge", "pycrdt"]  # what it sends of a history is merged already: that is loading it
