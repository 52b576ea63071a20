"""A load balancer as simple as they come: the next server in turn, whoever asks."""

from __future__ import annotations

from asyncio import StreamReader, StreamWriter, open_connection
from collections.abc import Iterable
from urllib.parse import urlsplit

from tests.support.proxy import Proxy


class Balancer(Proxy):
    """Relays each connection to the next of several servers that takes it, and knows nobody again.

    A server that refuses connections is passed over, and so takes part again once it is back.
    """

    def __init__(self, urls: Iterable[str]) -> None:
        super().__init__("")
        self._servers = [urlsplit(url) for url in urls]
        self._turn = 0

    async def _dial(self) -> tuple[StreamReader, StreamWriter]:
        self._turn += 1
        turn = self._turn % len(self._servers)
        for server in self._servers[turn:] + self._servers[:turn]:
            try:
                return await open_connection(server.hostname, server.port)
            except OSError:
                continue
        raise ConnectionRefusedError("no server takes connections")
