"""One process of a language server, over a folder with the files of one room.

A room has a process of its own, so its texts cannot reach those of another room, and one that makes
a server spin, swell or fail costs nobody else anything. The folder is in memory where it can be,
and is removed with the process.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import msgspec

from collab.confining.environment import environment
from collab.languages.answers import Item, Items, Problem, Report, Resolved, items_of, place_at
from collab.languages.confine import Order
from collab.languages.lsp import Connection
from collab.languages.servers import Server, language_of

MEMORY = 3 * 1024**3
"""Bytes of address space of a process. Its servers reserve far more than they use."""
SECONDS = 120
"""Seconds on the processor after which a process is killed. The next question starts another."""
_START = 10.0
"""Seconds that a server may take until it is ready."""
_CHANGED, _CREATED, _DELETED = 2, 1, 3
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the folder in it has a random name and is for us alone
_PREFIX = "collab-language-server-"


class Workspace:
    """A server with a folder. Ask it one thing at a time."""

    def __init__(self, server: Server, connection: Connection, folder: Path, lock: int) -> None:
        self._server = server
        self._connection = connection
        self._folder = folder
        self._lock = lock
        self._files: dict[str, str] = {}
        self._opened: dict[str, tuple[int, str]] = {}

    @classmethod
    async def start(cls, server: Server) -> Workspace:
        """Start the process. Raises ServerGone, ServerFailed, TimeoutError and OSError."""
        folder, lock = _folder(server)
        order = Order(
            server.argv,
            str(folder),
            server.visible,
            MEMORY,
            SECONDS,
            {"HOME": str(folder), "LANG": "C.UTF-8", **server.environment},
        )
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "collab.languages.confine"),
                msgspec.json.encode(order).decode(),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                cwd=folder,
                env=environment(),  # of the program that confines: the server gets none of it
            )
        except BaseException:
            os.close(lock)
            shutil.rmtree(folder, ignore_errors=True)
            raise
        workspace = cls(server, Connection(process, server.settings), folder, lock)
        try:
            async with asyncio.timeout(_START):
                await workspace._initialize()
        except BaseException:
            await workspace.close()
            raise
        return workspace

    async def close(self) -> None:
        """Kill the process and remove the folder."""
        try:
            await self._connection.close()
        finally:
            self._remove()

    def show(self, files: Mapping[str, str]) -> None:
        """Make these the files of the folder: texts by path. Paths that lead out of it are left
        out."""
        wanted = {**self._server.files}
        wanted |= {path: text for path, text in files.items() if self._reads(path)}
        changes: list[tuple[str, int]] = []
        for path in self._files.keys() - wanted.keys():
            (self._folder / path).unlink(missing_ok=True)
            changes.append((path, _DELETED))
            if self._opened.pop(path, None):
                document = {"textDocument": {"uri": self._uri(path)}}
                self._connection.notify("textDocument/didClose", document)
        for path, text in wanted.items():
            if self._files.get(path) != text:
                with suppress(OSError):  # a name that is too long, or a folder's
                    place = self._folder / path
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_text(text, encoding="utf-8")
                    changes.append((path, _CHANGED if path in self._files else _CREATED))
                    if path in self._opened:
                        self._open(path, text)
        self._files = wanted
        if changes:
            events = [{"uri": self._uri(path), "type": kind} for path, kind in changes]
            self._connection.notify("workspace/didChangeWatchedFiles", {"changes": events})

    async def items(self, path: str, text: str, position: int) -> Sequence[Item]:
        """Return what may stand at a position (code points) of a file with this text.

        Raises ServerGone and ServerFailed.
        """
        self._open(path, text)
        found = await self._ask("completion", path, position=place_at(text, position))
        return items_of(_items.decode(found))

    async def resolved(self, item: Item) -> Resolved:
        """Return the type and the documentation of one item. Raises ServerGone and ServerFailed."""
        if item.data is None:
            return Resolved(item.detail, item.documentation)
        found = await self._connection.request("completionItem/resolve", item)
        return _resolved.decode(found)

    async def problems(self, path: str, text: str) -> Sequence[Problem]:
        """Return what is wrong in a file with this text. Raises ServerGone and ServerFailed."""
        self._open(path, text)
        return _report.decode(await self._ask("diagnostic", path)).items

    def _reads(self, path: str) -> bool:
        parts = PurePosixPath(path).parts
        safe = bool(parts) and parts[0] != "/" and ".." not in parts and "\0" not in path
        return safe and parts[0] != "node_modules" and path.endswith(tuple(self._server.suffixes))

    def _uri(self, path: str) -> str:
        return "file://" + quote(str(self._folder / path))

    async def _ask(self, what: str, path: str, **parameters: Any) -> msgspec.Raw:
        document = {"textDocument": {"uri": self._uri(path)}, **parameters}
        return await self._connection.request(f"textDocument/{what}", document)

    def _open(self, path: str, text: str) -> None:
        """Tell the server the text of a file, which it then prefers to that in the folder."""
        version, known = self._opened.get(path, (0, ""))
        if version and known == text:
            return
        self._opened[path] = version + 1, text
        document = {"uri": self._uri(path), "version": version + 1}
        if version:
            changes = {"textDocument": document, "contentChanges": [{"text": text}]}
            self._connection.notify("textDocument/didChange", changes)
            return
        opened = {**document, "languageId": language_of(path), "text": text}
        self._connection.notify("textDocument/didOpen", {"textDocument": opened})

    def _remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)

    async def _initialize(self) -> None:
        root = "file://" + quote(str(self._folder))
        await self._connection.request(
            "initialize",
            {
                "processId": None,
                "rootUri": root,
                "workspaceFolders": [{"uri": root, "name": "room"}],
                "initializationOptions": self._server.options,
                "capabilities": _CAPABILITIES,
            },
        )
        self._connection.notify("initialized", {})


_CAPABILITIES = {
    "general": {"positionEncodings": ["utf-8"]},
    "textDocument": {
        "completion": {
            "completionItem": {
                "documentationFormat": ["plaintext"],
                "resolveSupport": {"properties": ["documentation", "detail"]},
            }
        },
        "diagnostic": {},
    },
    "workspace": {"configuration": True, "workspaceFolders": True},
}
_items: msgspec.json.Decoder[Items] = msgspec.json.Decoder(Items)
_resolved = msgspec.json.Decoder(Resolved)
_report = msgspec.json.Decoder(Report)


def remove_left() -> None:
    """Remove the folders of server processes that were killed before they could do so."""
    for folder in Path(_home()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _folder(server: Server) -> tuple[Path, int]:
    """Make a folder for us alone, with the links that a server needs.

    The descriptor holds a lock of it, which the kernel drops when this process ends.
    """
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_home())).resolve()
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    for name, target in server.linked.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
    return folder, lock


def _home() -> str:
    return _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else tempfile.gettempdir()
