"""As much of Yjs and of Hocuspocus's protocol as it takes to type and to see what others type.

Updates are of Yjs's first format (y-protocols, lib0): here each is of strings alone.
"""

from __future__ import annotations

from msgspec import Struct

_SYNC, _AUTH, _SYNC_REPLY, _SYNC_STATUS = 0, 2, 4, 8
_STEP_1, _STEP_2, _UPDATE = 0, 1, 2
_STRING, _SKIP = 4, 10
_RIGHT_ORIGIN, _LEFT_ORIGIN, _SUB = 0x40, 0x80, 0x20


class Run(Struct):
    """So many letters of one client, the first having this number."""

    client: int
    clock: int
    length: int


class Saved(Struct):
    """The server has taken an update of ours."""


class Text(Struct):
    """The letters of the document in no order, the client that wrote most of them, and how many
    letters that client wrote: these are the text that the document began with.
    """

    text: str
    client: int
    length: int


class Update(Struct):
    """Letters that somebody typed."""

    runs: list[Run]


def token(document: str) -> bytes:
    """Ask to be let in."""
    return _string(document) + bytes((_AUTH, 0)) + _string("")


def ask(document: str) -> bytes:
    """Ask for the document."""
    return _string(document) + bytes((_SYNC, _STEP_1)) + _bytes(b"\0")


def insertion(document: str, client: int, clock: int, place: tuple[int, int], letter: str) -> bytes:
    """The next letter of a client who types right of a letter that was there, (client, number)."""
    left = (client, clock - 1) if clock else place
    right = (place[0], place[1] + 1)
    origins = b"".join(map(_number, (*left, *right)))
    struct = bytes((_STRING | _LEFT_ORIGIN | _RIGHT_ORIGIN,)) + origins + _string(letter)
    update = b"\1\1" + _number(client) + _number(clock) + struct + b"\0"
    return _string(document) + bytes((_SYNC, _UPDATE)) + _bytes(update)


def read(message: bytes) -> Saved | Text | Update | None:
    """Return what a message of the server says; None for one that does not matter here."""
    decoder = _Decoder(message)
    decoder.skip(decoder.number())  # the document's name
    kind = decoder.number()
    if kind == _SYNC_STATUS:
        return Saved()
    if kind not in (_SYNC, _SYNC_REPLY):
        return None
    step = decoder.number()
    if step == _STEP_1:
        return None
    decoder.number()  # how many bytes follow
    runs = decoder.runs()
    if step == _UPDATE:
        return Update(runs)
    # Whoever typed before us is in it too; the first text has by far the most letters.
    first = max(runs, key=lambda run: run.length)
    return Text("".join(decoder.strings), first.client, first.length)


class _Decoder:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.strings: list[str] = []

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def skip(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def runs(self) -> list[Run]:
        """The strings of an update, those of a client that follow one another as one."""
        runs: list[Run] = []
        for _ in range(self.number()):
            structs, client, clock = self.number(), self.number(), self.number()
            for _ in range(structs):
                length = self._struct()
                if length > 0:
                    last = runs[-1] if runs else None
                    if last and (last.client, last.clock + last.length) == (client, clock):
                        last.length += length
                    else:
                        runs.append(Run(client, clock, length))
                clock += abs(length)
        return runs

    def _struct(self) -> int:
        """The letters of a struct; negative, where it only says that there are so many."""
        (info,) = self.skip(1)
        if info & 0x1F == _SKIP:
            return -self.number()
        if info & 0x1F != _STRING:
            raise ValueError(f"an update has a struct of the kind {info & 0x1F}")
        for _ in range(2 * bool(info & _LEFT_ORIGIN) + 2 * bool(info & _RIGHT_ORIGIN)):
            self.number()
        if not info & (_LEFT_ORIGIN | _RIGHT_ORIGIN):
            # The name of a root type, or the id of a parent.
            if self.number():
                self.skip(self.number())
            else:
                self.number()
                self.number()
            if info & _SUB:
                self.skip(self.number())
        self.strings.append(self.skip(self.number()).decode())
        return len(self.strings[-1])


def _number(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _bytes(data: bytes) -> bytes:
    return _number(len(data)) + data


def _string(text: str) -> bytes:
    return _bytes(text.encode())
