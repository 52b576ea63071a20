"""The messages that hostile and broken programs send, all from one seed."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from random import Random
from typing import Any

from tests.support.sockets import person

HUGE = 300_000
"""Code points of a large frame: much, and still sent in a moment."""
_NESTED = 50_000
_MASK = b"\x01\x02\x03\x04"

Frame = str | bytes


class Fuzz:
    """Frames of every wrong kind, and some right ones, about the room's file "main".

    What is inserted by chance is made of "#", so that others find their own letters. Whole texts
    may take those away: they are sent only if `rewrites`.
    """

    def __init__(self, random: Random, *, rewrites: bool = False) -> None:
        self._random = random
        self._rewrites = rewrites
        self._revision = 0
        self._said: list[str] = []

    def frame(self, text: str, revision: int) -> Frame:
        """The next one. The room's file was `text` at `revision`."""
        self._revision = revision
        kinds: list[Callable[[str], Frame]] = [
            self._noise,
            self._binary,
            self._nested,
            self._huge,
            self._wrong_type,
            self._cut,
            self._cut,
            self._out_of_order,
            self._out_of_order,
            self._nearly_right,
            self._again,
            self._again,
        ]
        frame = self._random.choice(kinds)(text)
        if isinstance(frame, str) and len(frame) < 1000:
            self._said.append(frame)
        return frame

    def joins(self) -> bool:
        """Choose whether this client joins first, as half of them do."""
        return self._random.random() < 0.5

    def join(self) -> str:
        return _json({"type": "join", **person(f"fuzz{self._random.randrange(3)}")})

    def insertion(self, text: str, revision: int) -> str:
        """Return an insertion that an honest client might submit after it has joined."""
        seq = self._random.randrange(1, 2**40)
        change = ["edit", "main", ["#", len(text)]]
        return _json({"type": "submit", "seq": seq, "revision": revision, "change": change})

    def message(self, text: str) -> dict[str, Any]:
        """A message as an OT or a plain client might mean it."""
        random = self._random
        number = random.choice([0, 1, 2, 3, 50, 2**31, 2**53, -1])
        revision = random.choice([self._revision, self._revision, self._revision - 1, number])
        operation: list[Any] = [number, "#", max(0, len(text) - number)]
        return random.choice(
            [
                {"type": "join", **person(f"fuzz{random.randrange(3)}"), "revision": number},
                {"type": "join", **person(f"fuzz{random.randrange(3)}")},
                {"type": "ping"},
                {"type": "read", "file": random.choice(["main", "other", "ma in", ""])},
                {"type": "profile", "name": "#" * random.randrange(50), "colour": number},
                {
                    "type": "presence",
                    "file": random.choice(["main", None, "x"]),
                    "revision": number,
                    "selections": [[number, number]] * random.randrange(40),
                },
                *(
                    {"type": "submit", "seq": seq, "revision": revision, "change": change}
                    for seq in (1, random.randrange(1, 2**40), number)
                    for change in (
                        ["edit", "main", operation],
                        ["edit", "main", ["#", len(text)]],
                        ["edit", "main", ["#" * 100, -1, -1]],
                        ["edit", "main", [1] * 100],
                        ["language", "main", random.choice(["python", "cobol"])],
                        ["add", "two", "two.py", "python", "#"],
                        ["name", "#" * random.randrange(200)],
                        ["nonsense"],
                    )
                ),
                {"type": "cursor_update", "position": number},
                {"type": "entries", "revision": 1},
                *self._texts(text),
            ]
        )

    def _texts(self, text: str) -> list[dict[str, Any]]:
        codes = [f"#{text}", text, "", "\0", "\r", "#" * HUGE] if self._rewrites else []
        return [{"type": "code_update", "code": code} for code in codes]

    def _noise(self, _text: str) -> Frame:
        return "".join(chr(self._random.choice([*range(1, 127), 0x1F9A6])) for _ in range(50))

    def _binary(self, text: str) -> Frame:
        noise = self._random.randbytes(self._random.randrange(200))
        return self._random.choice([noise, _json(self.message(text)).encode()])

    def _nested(self, _text: str) -> Frame:
        opening = self._random.choice(["[", '{"a":', '["edit","main",['])
        return opening * _NESTED

    def _huge(self, text: str) -> Frame:
        return self._random.choice(
            [
                _json({"type": "#" * HUGE}),
                _json(self.message(text) | {"more": "#" * HUGE}),
                _json({"type": "submit", "seq": 1, "revision": 1, "change": ["#"] * HUGE}),
                '{"type": "submit", "seq": ' + "9" * HUGE + "}",
                "[" + "1," * HUGE,
            ]
        )

    def _wrong_type(self, text: str) -> Frame:
        message = self.message(text)
        name = self._random.choice(list(message))
        message[name] = self._random.choice([None, True, -1, 1.5, "", [], {}, "\ud800", [[]]])
        return _json(message)

    def _cut(self, text: str) -> Frame:
        frame = _json(self.message(text))
        return frame[: self._random.randrange(len(frame))]

    def _out_of_order(self, text: str) -> Frame:
        return _json(self.message(text))

    def _nearly_right(self, text: str) -> Frame:
        frame = list(_json(self.message(text)))
        for _ in range(self._random.randrange(1, 4)):
            frame[self._random.randrange(len(frame))] = self._random.choice('{}[]",:0-9e\\u')
        return "".join(frame)

    def _again(self, text: str) -> Frame:
        return self._random.choice(self._said) if self._said else self._out_of_order(text)

    # Below the protocol

    def handshake(self, path: str) -> bytes:
        """The beginning of a connection that does not come to be, or hardly."""
        right = handshake(path)
        random = self._random
        return random.choice(
            [
                random.randbytes(300),
                right[: random.randrange(1, len(right))],
                right.replace(b"Version: 13", b"Version: 7"),
                right.replace(b"Sec-WebSocket-Key", b"Sec-Nothing"),
                right.replace(b"AAAAAAAAAAAAAAAAAAAAAA==", b"short"),
                right.replace(b"GET", b"POST"),
                right.replace(b"HTTP/1.1", b"HTTP/9.9"),
                right.replace(b"Host: here\r\n", b""),
                right.replace(b"Host: here", b"Host: here\r\nHost: there"),
                right.replace(b"\r\n\r\n", b"\r\nOrigin: \xff\xfe\r\n\r\n"),
                right.replace(b"\r\n\r\n", b"\r\nX: " + b"#" * 100_000 + b"\r\n\r\n"),
                right.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: ,,\xe9\r\n\r\n"),
                right.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: x; =\r\n\r\n"),
                right.replace(path.encode(), path.encode() + b"/%ff%00%2e%2e"),
                right.replace(path.encode(), b"//[::1"),
                right.replace(path.encode(), b"/ws/" + b"%F0%9F" * 50),
                b"POST /rooms HTTP/1.1\r\nHost: here\r\nContent-Length: -1\r\n\r\n",
                b"POST /rooms HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + random.randbytes(100),
                right + right,
            ]
        )

    def wire(self) -> bytes:
        """Bytes on an open connection that are no frame, or no frame that may come."""
        random = self._random
        return random.choice(
            [
                random.randbytes(random.randrange(1, 500)),
                frame(b"{", opcode=1)[: random.randrange(1, 6)],
                frame(b"{}", opcode=0),  # continues nothing
                frame(b"{}", opcode=3),
                frame(b"{}", opcode=1, reserved=0x40),
                frame(b"{}", opcode=1, masked=False),
                frame(b"\xff\xfe\xc0", opcode=1),
                frame(b"{", opcode=1, final=False) + frame(b"{}", opcode=1),
                frame(b"{", opcode=1, final=False),
                frame(b"p" * 126, opcode=9),
                frame(b"p", opcode=9, final=False),
                frame(b"p" * 125, opcode=9) * 50,
                frame(b"never asked", opcode=10),
                frame(b"\x03", opcode=8),
                frame(struct.pack("!H", 999), opcode=8),
                frame(struct.pack("!H", 1000) + b"\xff", opcode=8),
                frame(struct.pack("!H", 1000), opcode=8) * 2,
                b"\x81\xff" + struct.pack("!Q", 2**63) + _MASK,
                b"\x81\xff" + struct.pack("!Q", 2**40) + _MASK + b"#" * 1000,
                frame(b"", opcode=1) * 100,
                b"".join(frame(b"#", opcode=0 if n else 1, final=False) for n in range(200)),
            ]
        )


def _json(message: object) -> str:
    # No blank that a minus could stand for: a retain would become a deletion.
    return json.dumps(message, separators=(",", ":"))


def handshake(path: str) -> bytes:
    """Return the HTTP request that opens a WebSocket."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def frame(
    payload: bytes, *, opcode: int, final: bool = True, masked: bool = True, reserved: int = 0
) -> bytes:
    """A WebSocket frame of less than 64 KiB, as right or wrong as asked."""
    first = (0x80 if final else 0) | reserved | opcode
    mask_bit = 0x80 if masked else 0
    size = len(payload)
    head = bytes([first, mask_bit | size]) if size < 126 else bytes([first, mask_bit | 126])
    if size >= 126:
        head += struct.pack("!H", size)
    if not masked:
        return head + payload
    return head + _MASK + bytes(byte ^ _MASK[i % 4] for i, byte in enumerate(payload))
