"""The language server protocol over a process's input and output, as a client.

https://microsoft.github.io/language-server-protocol/ describes it. This is the part of it that
completions and diagnostics need. Positions are lines and bytes of UTF-8, from 0.
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

_LARGEST = 64 * 1024 * 1024
"""Bytes of a message. A server that sends more is broken."""


class ServerFailed(Exception):
    """A server has answered with an error."""


class ServerGone(Exception):
    """The process has ended, or has sent what is no message."""


class _Head(msgspec.Struct):
    """What tells a request, an answer and a notification apart."""

    id: int | str | None = None
    method: str | None = None
    params: Any = None
    error: Any = None
    result: msgspec.Raw = msgspec.Raw(b"null")


class Connection:
    """Sends requests to a server, and reads its messages until it ends.

    `settings` is the server's answer when it asks for its configuration, by section.
    """

    def __init__(self, process: Process, settings: Mapping[str, Any]) -> None:
        self._process = process
        self._settings = settings
        self._number = 0
        self._waiting: dict[int | str, asyncio.Future[msgspec.Raw]] = {}
        self._reading = asyncio.create_task(self._read())

    async def request(self, method: str, params: Any) -> msgspec.Raw:
        """Return the result as it was sent. Raises ServerFailed and ServerGone.

        The request is cancelled at the server when the caller is cancelled.
        """
        if self._reading.done():
            raise ServerGone
        self._number += 1
        number = self._number
        waiting: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        self._send({"id": number, "method": method, "params": params})
        try:
            return await waiting
        except asyncio.CancelledError:
            self.notify("$/cancelRequest", {"id": number})
            raise
        finally:
            self._waiting.pop(number, None)

    def notify(self, method: str, params: Any) -> None:
        """Tell the server something that it does not answer."""
        self._send({"method": method, "params": params})

    async def close(self) -> None:
        """Kill the process. Who waits for an answer gets ServerGone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await asyncio.wait({self._reading})

    def _send(self, message: dict[str, Any]) -> None:
        body = msgspec.json.encode({"jsonrpc": "2.0", **message})
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _read(self) -> None:
        decoder = msgspec.json.Decoder(_Head)
        try:
            while True:
                self._take(decoder.decode(await self._message()))
        except (EOFError, OSError, ValueError, asyncio.LimitOverrunError):
            # The process has ended, or what it has sent cannot be read.
            pass
        finally:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(ServerGone())

    async def _message(self) -> bytes:
        assert self._process.stdout
        length = 0
        while (line := await self._process.stdout.readuntil(b"\n")) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not 0 < length <= _LARGEST:
            raise ValueError(length)
        return await self._process.stdout.readexactly(length)

    def _take(self, message: _Head) -> None:
        if message.method is not None:
            if message.id is not None:
                self._send({"id": message.id, "result": self._answer(message)})
            return
        waiting = self._waiting.get(message.id) if message.id is not None else None
        if waiting is None or waiting.done():
            return
        if message.error is None:
            waiting.set_result(message.result)
        else:
            waiting.set_exception(ServerFailed(str(message.error)))

    def _answer(self, message: _Head) -> Any:
        """Return the answer to a request of the server."""
        if message.method != "workspace/configuration":
            return None
        return [self._settings.get(item.get("section", "")) for item in message.params["items"]]
