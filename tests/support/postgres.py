"""A PostgreSQL of a test's own, which it may stop and kill."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from collab.postgres.embedded import Server
from collab.postgres.home import Home
from tests.postgres.processes import answers, eventually, postmaster


class Postgres:
    """An embedded server: whoever watches over it starts it again whenever it ends."""

    def __init__(self, data_dir: Path, server: Server) -> None:
        self._home = Home(data_dir)
        self.url = server.url

    @property
    def socket(self) -> Path:
        """Return the place of the socket that the database listens on."""
        return self._home.socket

    def restart(self) -> None:
        """As `pg_ctl restart -m fast` does: it ends every connection, and comes up again."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As `kill -9` of its first process does; then it recovers."""
        self._end(signal.SIGKILL)

    def answers(self) -> None:
        """Wait until it does."""
        eventually(lambda: answers(self.url))

    def _end(self, how: signal.Signals) -> None:
        ending = postmaster(self._home)
        os.kill(ending, how)
        eventually(lambda: self._is_new(ending))

    def _is_new(self, before: int) -> bool:
        try:
            return postmaster(self._home) != before
        except (FileNotFoundError, IndexError, ValueError):
            return False  # its file is being written
