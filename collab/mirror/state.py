"""Keeps what a mirror remembers while it does not run: for each file, what both sides had last."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from collab.client import RoomError

_FILE = "mirror.sqlite"
_TABLES = """
create table if not exists room (address text not null);
create table if not exists file (
    path text primary key, node text not null, base text, blob text not null
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that both sides had: the `base` of a text, the SHA-256 `blob` of other bytes."""

    node: str
    base: str | None
    blob: str


class State:
    """The table in the mirror's own folder. With `dry` it is read if it is there, and not written.

    Raises RoomError where the folder belongs to another room, or another mirror is at work there.
    """

    def __init__(self, own: Path, room: str, *, dry: bool = False) -> None:
        self._dry = dry
        self.kept: dict[str, Kept] = {}
        """The remembered files, by path."""
        file = own / _FILE
        if dry and not file.exists():
            self._database = sqlite3.connect(":memory:")
            return
        own.mkdir(exist_ok=True)
        (own / ".gitignore").write_text("*\n")  # Git says nothing of the folder
        self._database = sqlite3.connect(
            f"{file.as_uri()}?mode={'ro' if dry else 'rwc'}", uri=True, timeout=0
        )
        try:
            self._open(room)
        except sqlite3.Error as error:
            self._database.close()
            words = f"{file} cannot be used: is another mirror at work here? {error}"
            raise RoomError("no_state", words) from error
        except RoomError:
            self._database.close()
            raise

    def _open(self, room: str) -> None:
        if not self._dry:
            self._database.execute("pragma locking_mode = exclusive")
            self._database.execute("pragma synchronous = normal")
            self._database.executescript(_TABLES)
        with closing(self._database.execute("select address from room")) as rows:
            known = [address for (address,) in rows]
        if known and known != [room]:
            words = f"This folder is a mirror of {known[0]}. Take another folder for another room."
            raise RoomError("other_room", words)
        if not known and not self._dry:
            with self._database:  # which also takes the lock, for as long as this is open
                self._database.execute("insert into room values (?)", (room,))
        elif not self._dry:
            with self._database:
                self._database.execute("update room set address = address")
        with closing(self._database.execute("select path, node, base, blob from file")) as rows:
            self.kept = {path: Kept(*rest) for path, *rest in rows}

    def keep(self, changed: dict[str, Kept], gone: set[str]) -> None:
        """Remember what has changed, at once."""
        if self._dry or not (changed or gone):
            return
        with self._database:
            self._database.executemany("delete from file where path = ?", [(p,) for p in gone])
            rows = [(path, k.node, k.base, k.blob) for path, k in changed.items()]
            self._database.executemany("replace into file values (?, ?, ?, ?)", rows)
        for path in gone:
            self.kept.pop(path, None)
        self.kept |= changed

    def close(self) -> None:
        """Let another mirror have the folder."""
        self._database.close()
