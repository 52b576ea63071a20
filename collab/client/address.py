"""The address of a room, as people send it to each other."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from collab.client.errors import RoomError

_ID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}(?![0-9a-fA-F])")
_DEFAULT = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a room is. `server` has no slash at its end; `secret` is that of a role link."""

    server: str
    room: str
    secret: str | None = None

    @property
    def socket(self) -> str:
        """The address of the room's WebSocket."""
        return f"{self.server.replace('http', 'ws', 1)}/ws/{self.room}"

    @classmethod
    def parse(cls, text: str, server: str | None = None) -> Address:
        """Read a room's id or a whole link, such as https://HOST/r/ID#key=SECRET.

        An id alone is one of `server`, else of COLLAB_SERVER, else of this machine. Raises
        RoomError.
        """
        found = _ID.search(text)
        if found is None:
            words = f"{text[:80]!r} is neither the id of a room nor a link to one."
            raise RoomError("bad_address", words)
        if found[0] == text:
            return cls(server_of(server), str(UUID(text)))
        url = urlsplit(text)
        if url.scheme not in ("http", "https", "ws", "wss") or not url.netloc:
            raise RoomError("bad_address", "A link to a room begins with http:// or https://")
        before = url.path.partition(found[0])[0].rstrip("/")
        prefix = re.sub(r"/(r|ws|rooms)\Z", "", before)
        server = f"{url.scheme.replace('ws', 'http', 1)}://{url.netloc}{prefix}"
        secret = parse_qs(url.fragment).get("key", [None])[0]
        return cls(server, str(UUID(found[0])), secret)


def server_of(given: str | None) -> str:
    """Return the address of a server: the one given, else COLLAB_SERVER, else this machine's."""
    return (given or os.environ.get("COLLAB_SERVER") or _DEFAULT).rstrip("/")
