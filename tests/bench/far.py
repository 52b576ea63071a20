"""A link to a server that is far away: everything takes half a round trip each way."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter

from tests.support.proxy import Flows, Proxy, Says


class Far(Proxy):
    """A link of `round_trip` seconds. It has no limit in bytes.

    As with a real link, a connection takes a round trip before it can say anything.
    """

    def __init__(self, url: str, round_trip: float) -> None:
        super().__init__(url)
        self._round_trip = round_trip

    async def _pump(
        self, reader: StreamReader, writer: StreamWriter, flows: Flows, says: Says
    ) -> None:
        """Each piece arrives half a round trip after it was sent, however many are on the way."""
        loop = asyncio.get_running_loop()
        connected = loop.time() + self._round_trip
        late = asyncio.StreamReader()

        def arrive(data: bytes) -> None:
            late.feed_data(data) if data else late.feed_eof()

        async def send() -> None:
            data = b"some"
            while data:
                try:
                    data = await reader.read(65536)
                except OSError:
                    data = b""
                loop.call_at(max(loop.time(), connected) + self._round_trip / 2, arrive, data)

        await asyncio.gather(send(), super()._pump(late, writer, flows, says))
