"""What an operator can set: on the command line, or as COLLAB_… in the environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct, field

from collab.room.state import Limits


class Settings(Struct, frozen=True):
    """How one server process runs. Times in seconds, sizes as named."""

    host: str = "127.0.0.1"
    port: int = 8000
    """0 picks a free one."""
    data_dir: Path | None = None
    """Where the embedded PostgreSQL keeps its data; None: the user's data folder."""
    database_url: str | None = None
    """postgresql://…; None: the embedded PostgreSQL."""
    limits: Limits = field(default_factory=Limits)
    tick: float = 1.0
    """How often a process asks the log whether a room has gone on without it."""
    statement_timeout: float = 10.0
    drain_timeout: float = 3.0
    """How long a stopping server goes on committing what it has received."""
    heartbeat: float = 4.0
    """Between two WebSocket pings, and how long a pong may take."""

    @property
    def largest_message(self) -> int:
        """Bytes of a WebSocket message: a text can take six times its length in JSON escapes."""
        return 6 * self.limits.text + 65_536

    @classmethod
    def read(
        cls, arguments: Sequence[str], environment: Mapping[str, str] = os.environ
    ) -> Settings:
        """From a command line, then the environment, then the defaults. Exits with usage when
        they make no sense."""
        parser = _parser(environment)
        given = parser.parse_args(arguments)
        url = given.database_url
        if url is not None and urlsplit(url).scheme not in ("postgresql", "postgres"):
            parser.error("--database-url starts with postgresql://")
        if not 0 <= given.port <= 65535:
            parser.error(f"--port is 0 to 65535, not {given.port}")
        return cls(given.host, given.port, given.data_dir, url)


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    defaults = Settings()
    parser = argparse.ArgumentParser(
        prog="collab",
        description="Rooms in which people write code together.",
        epilog="Every option can be given in the environment too: --port as COLLAB_PORT.",
    )
    parser.add_argument("command", nargs="?", choices=["serve"], default="serve", help="default")

    def option(name: str, default: str | None, words: str, kind: type = str) -> None:
        variable = "COLLAB_" + name.removeprefix("--").replace("-", "_").upper()
        parser.add_argument(
            name, type=kind, default=environment.get(variable) or default, help=words
        )

    option("--host", defaults.host, "address to listen on (default: %(default)s)")
    option("--port", str(defaults.port), "port; 0 picks one (default: %(default)s)", int)
    option("--data-dir", None, "data of the embedded PostgreSQL (default: the user's)", Path)
    option("--database-url", None, "postgresql://… to use instead of the embedded one")
    return parser
