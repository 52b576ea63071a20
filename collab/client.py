"""A complete client of the OT protocol, for one file of a room. PROTOCOL.md tells the reasons.

async with Editor("ws://127.0.0.1:8000/ws/ROOM", name="Bot") as editor:
    editor.replace(0, 0, "# written by a program\\n")
    await editor.saved()
"""

import asyncio
import json
import secrets
import time
from functools import reduce
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from ot import Operation, OperationError, checksum, transform


class Editor:
    def __init__(self, url: str, *, name: str, colour: int = 0, file: str = "main") -> None:
        self._url, self._file = url, file
        self._join = {"type": "join", "protocol": 3, "name": name, "colour": colour}
        self._join |= {"person": secrets.token_urlsafe(12), "key": secrets.token_urlsafe(24)}
        self.committed, self.revision = "", -1  # below 0 the text is fetched anew
        self.pending: list[Operation] = []  # on what is committed, each on the one before it
        self.set_aside: list[str] = []  # what was typed here and will not be saved
        self._flying, self._seq, self._sent = False, 0, 0  # is `pending[0]` sent as number `_seq`?
        self._socket: ClientConnection | None = None  # once it has joined
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(lambda _: self._changed.set())
        await self.saved()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    @property
    def text(self) -> str:
        return reduce(lambda text, own: own.apply(text), self.pending, self.committed)

    def replace(self, start: int, end: int, text: str) -> None:  # in code points
        edit = Operation([start, text, start - end, len(self.text) - end])
        if len(self.pending) > self._flying:  # what has not been sent
            edit = self.pending.pop().compose_pending(edit)
        self.pending += edit.split(most_components=1000, most_inserted=9000)  # below 64 kB each
        self._sending = asyncio.create_task(self._send())
        self._sending.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def saved(self) -> None:
        """Wait until all is saved or set aside. Raises ConnectionError when nothing can be."""
        while self.pending or self.revision < 0:
            await self.changed()

    async def changed(self) -> None:  # waits until the server says something
        if self._task.done():
            self._task.result()
        self._changed.clear()
        await self._changed.wait()

    async def _run(self) -> None:
        options: Any = {"subprotocols": ["collab"], "compression": None, "max_size": None}
        wait, code = 0.0, 0
        while code not in {4403, 4404, 4406, 4409}:
            await asyncio.sleep(wait * (100 + secrets.randbelow(100)) / 200)
            self._socket = None
            try:
                async with connect(self._url, **options) as socket:
                    known = {"revision": self.revision} if self.revision >= 0 else {}
                    known["at"] = time.time_ns() // 10**6
                    await socket.send(json.dumps(self._join | known))
                    while True:
                        self._hear(json.loads(await socket.recv()), socket)
                        wait *= self._socket is None
                        self._changed.set()
                        await self._send()
            except (ConnectionClosed, InvalidHandshake, OSError) as lost:
                code = lost.rcvd.code if isinstance(lost, ConnectionClosed) and lost.rcvd else 1006
                if code == 1009:
                    self._refused()
            except OperationError:  # what we hold is not what the server has
                self._give_up(self.pending)
                self.pending, self.revision = [], -1
            wait = min(30, 2 * wait + 0.5)
        raise ConnectionError(f"the server closed with {code}")

    async def _send(self) -> None:
        if self._socket and self.pending and not (self._flying and self._sent == self._seq):
            self._seq += not self._flying
            self._flying, self._sent = True, self._seq
            submit = {"type": "submit", "seq": self._seq, "revision": self.revision}
            submit |= {"change": ["edit", self._file, self.pending[0].components], "origin": "tool"}
            await self._socket.send(json.dumps(submit, ensure_ascii=False))

    def _hear(self, message: Any, socket: ClientConnection) -> None:
        checksums: dict[str, int] = {}
        match message:
            case [int(), *entries]:
                self._read(entries)
            case {"type": "joined", "seq": seq, "checksums": checksums}:
                self._self, self._sent = (message["client"], message["number"]), 0
                if "files" in message:
                    texts = {file["id"]: file["text"] for file in message["files"]}
                    self.committed, self.revision = texts[self._file], message["revision"]
                else:
                    self._read(message["entries"])
                if self._seq <= seq:  # not in the log: it was refused, and we did not hear so
                    self._refused()
                self._seq, self._socket = max(self._seq, seq), socket
            case {"type": "checksum", "files": checksums}:
                pass
            case {"type": "refused", "seq": self._seq}:
                self._refused()
            case {"type": "error", "seq": _} | {"type": "error", "code": "unknown_revision"}:
                raise OperationError(message["message"])
        if self._file in checksums and checksums[self._file] != checksum(self.committed):
            raise OperationError("the server has another text")

    def _read(self, entries: list[Any]) -> None:
        for who, *entry in entries:
            stretch = len(entry) == 1  # what `who` entries of others come to
            self.revision += who if stretch else 1
            changes = entry[0] if stretch else [["edit", *entry[1:]]] if entry[2:] else entry[1:]
            changes += [part for c in changes if c[0] == "many" for part in c[1]]
            own = not stretch and self._flying and (who in self._self and entry[0] == self._seq)
            self._flying &= not own
            for edit in [Operation.decode(c[2]) for c in changes if c[:2] == ["edit", self._file]]:
                self.committed = edit.apply(self.committed)
                if not own:
                    self._carry(edit)
                elif self.pending.pop(0) != edit:
                    raise OperationError("the log has another edit than the one in flight")

    def _carry(self, edit: Operation) -> None:
        for index, own in enumerate(self.pending):
            edit, self.pending[index] = transform(edit, own)

    def _refused(self) -> None:
        if self._flying:
            self._give_up(self.pending[:1])
            self._carry(self.pending.pop(0).invert(self.committed))

    def _give_up(self, edits: list[Operation]) -> None:
        self._flying = False
        self.set_aside += [c for edit in edits for c in edit.components if isinstance(c, str)]
