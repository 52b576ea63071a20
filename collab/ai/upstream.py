"""Streams answers from the servers of models.

It connects to the Internet alone, and to hosts of the own network that the operator has named. A
name may have one address when it is looked at and another one a moment later, so the address that
was looked at is the one that is connected to. No redirect is followed, no proxy of the environment
is used, and nothing that such a server says is quoted, since it may hold the prompt or the key.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterable, Collection, Iterable, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from ipaddress import ip_address
from itertools import takewhile
from typing import Any

import httpcore
from msgspec import json

from collab.ai.cleaning import Cleaner
from collab.ai.dialects import Ask, Chat, Fill, Piece, ask, headers, read
from collab.ai.endpoint import Endpoint
from collab.ai.errors import ModelFailed
from collab.ai.options import AiLimits, Dialect
from collab.network import is_public

_CONNECT = 10.0
"""Seconds in which a server must take a connection."""
_KEPT = 30.0
"""Seconds that an idle connection is kept, so that the next answer need not wait for one."""
_JOINED = 0.02
"""Seconds for which the pieces of an answer are joined, after its first."""
_A_SECOND = 150
"""Joined pieces of all answers in a second. Where many answers come at once, more is joined, so
that people who type meanwhile do not wait."""
_BYTES = 4096
"""Bytes that the server of a model may send for a token of the longest answer, which are many."""
_STATUS = {
    400: "does not understand the question; the model or its dialect may be set wrongly",
    401: "does not take this server's key",
    403: "does not take this server's key",
    404: "does not have this model, or its address is set wrongly",
    413: "says that the question is too long",
    429: "has too much to do; try again in a moment",
}


class Models:
    """Connects to the servers of models. Make it in the loop that uses it."""

    def __init__(
        self, limits: AiLimits, hosts: Collection[str], *, connect: float = _CONNECT
    ) -> None:
        self._limits = limits
        self._connect = connect
        self._under_way = 0
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=2 * limits.at_once,
            keepalive_expiry=_KEPT,
            network_backend=_Guarded({host.lower().strip("[]") for host in hosts}),
        )

    async def close(self) -> None:
        await self._pool.aclose()

    async def stream(self, endpoint: Endpoint, what: Chat | Fill) -> AsyncGenerator[Piece]:
        """Yield an answer in pieces: the first at once, then what has come in a while. Closing the
        generator ends it at the model's server.

        Raises ModelFailed, also after some pieces: for a server that cannot be reached, refuses,
        is silent or sends what is no answer, and for an answer that is too long.
        """
        begun = False
        reading = _Reading(endpoint.dialect, 8 * self._limits.answer)
        self._under_way += 1
        try:
            async with aclosing(self._lines(endpoint, ask(endpoint, what))) as parts:
                async for lines in parts:
                    piece = reading.read(lines)
                    if piece.text or piece.tokens_in is not None or piece.tokens_out is not None:
                        yield piece
                    if reading.failed:
                        raise reading.failed
                    if piece.last:
                        return
                    begun = begun or piece.text != ""
                    if begun:
                        await asyncio.sleep(max(_JOINED, self._under_way / _A_SECOND))
        finally:
            self._under_way -= 1

    async def _lines(self, endpoint: Endpoint, request: Ask) -> AsyncGenerator[list[bytes]]:
        silence = self._limits.silence
        deadline = asyncio.get_running_loop().time() + self._limits.seconds
        timeout = {
            "connect": self._connect,
            "pool": self._connect,
            "read": silence,
            "write": silence,
        }
        answering = self._pool.stream(
            "POST",
            endpoint.url + request.path,
            headers=headers(endpoint.dialect, endpoint.key),
            content=json.encode(request.body),
            extensions={"timeout": timeout},
        )
        try:
            async with AsyncExitStack() as stack:
                # Answers that are preliminary may come without end.
                async with asyncio.timeout(2 * self._connect + silence):
                    response = await stack.enter_async_context(answering)
                _check(response)
                assert isinstance(response.stream, AsyncIterable)
                most = _BYTES * self._limits.answer
                chunks = bounded(response.aiter_stream(), most, deadline)
                async with aclosing(split(chunks, self._limits.line)) as parts:
                    async for lines in parts:
                        yield lines
        except _NotPublic:
            words = "is in this server's own network; the operator names it in --ai-hosts"
            raise ModelFailed("model_refused", f"{endpoint.host} {words}.") from None
        except (httpcore.TimeoutException, TimeoutError):
            raise _cut(f"{endpoint.host} said nothing for too long.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            words = f"{endpoint.host} cannot be reached, or broke off."
            raise ModelFailed("model_unreachable", words) from None


class _Reading:
    """What has been read of an answer that may have so many characters: more than any tokenizer
    has for its tokens."""

    def __init__(self, dialect: Dialect, most: int) -> None:
        self._dialect = dialect
        self._left = most
        self._cleaner = Cleaner()
        self.failed: ModelFailed | None = None
        """Why the answer ends after the last piece."""

    def read(self, lines: Sequence[bytes]) -> Piece:
        """Read some lines, up to the last one of the answer, or one that makes no sense."""
        text = ""
        tokens_in = tokens_out = None
        last = False
        try:
            for line in lines:
                piece = read(self._dialect, line)
                text += self._cleaner.clean(piece.text)
                if len(text) > self._left:
                    raise _cut("The answer was too long and was cut.")
                tokens_in = tokens_in if piece.tokens_in is None else piece.tokens_in
                tokens_out = tokens_out if piece.tokens_out is None else piece.tokens_out
                last = piece.last
                if last:
                    break
        except ModelFailed as error:
            self.failed = error
        text = text[: self._left]
        self._left -= len(text)
        return Piece(text, tokens_in, tokens_out, last)


def _check(response: httpcore.Response) -> None:
    """Raise ModelFailed for an answer that is no stream of text."""
    encoded = any(name.lower() == b"content-encoding" for name, _ in response.headers)
    status = response.status
    if 300 <= status < 400:
        raise ModelFailed(
            "model_redirects", "The model's server leads elsewhere, and is not followed."
        )
    if status != 200:
        words = _STATUS.get(status, f"answered with the status {status}")
        raise ModelFailed("model_failed", f"The model's server {words}.")
    if encoded:
        raise ModelFailed("model_malformed", "The model's server sent what cannot be read.")


async def bounded(
    chunks: AsyncIterable[bytes], most: int, deadline: float
) -> AsyncGenerator[bytes]:
    """Yield the chunks of a stream. Raises ModelFailed for one that is longer than `most` bytes, or
    goes on after the deadline."""
    async for chunk in chunks:
        most -= len(chunk)
        if most < 0:
            raise _cut("The answer was too long and was cut.")
        if asyncio.get_running_loop().time() > deadline:
            raise _cut("The answer took too long and was cut.")
        yield chunk


async def split(chunks: AsyncIterable[bytes], most: int) -> AsyncGenerator[list[bytes]]:
    """Yield the lines of a stream, as many at a time as have come, but for empty ones and comments.
    LF alone ends one. Raises ModelFailed for one that is longer than `most` bytes, before more of
    it is kept."""
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        if b"\n" in chunk:
            *lines, rest = buffer.split(b"\n")
            buffer = rest
            short = list(takewhile(lambda line: len(line) <= most, lines))
            if kept := [bytes(line) for line in short if line and not line.startswith(b":")]:
                yield kept
            if len(short) < len(lines):
                raise _cut("The model's server sent a line without an end.")
        if len(buffer) > most:
            raise _cut("The model's server sent a line without an end.")
    if buffer:
        yield [bytes(buffer)]


def _cut(words: str) -> ModelFailed:
    return ModelFailed("model_cut", words)


async def _addresses(name: str, port: int) -> list[str]:
    """Look up the addresses of a name. For an address there is nothing to look up."""
    with suppress(ValueError):
        return [str(ip_address(name))]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(at[0]) for *_, at in found]


class _NotPublic(Exception):
    """A name leads into our own network."""


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and of `hosts` to any."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        name = host.strip("[]")
        addresses = await _addresses(name, port)
        if name.lower() not in self._hosts and not all(map(is_public, addresses)):
            raise _NotPublic
        error: Exception = OSError("the name has no address")
        for address in addresses:
            try:
                return await self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
