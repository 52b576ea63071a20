"""The part of PostgreSQL's protocol that is needed to ask whether a server answers.

Message formats: https://www.postgresql.org/docs/18/protocol-message-formats.html
"""

from __future__ import annotations

import socket
import struct
from pathlib import Path

USER = "postgres"
TIMEOUT = 5.0
"""Seconds for one answer. A server that accepts connections but hangs counts as silent."""

_PROTOCOL_3_0 = 196608


class Refused(Exception):
    """The server answered with an error; `code` is its SQLSTATE."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def execute(path: Path, database: str, sql: str) -> None:
    """Connect to the socket at `path`, run `sql` (may be empty) and disconnect.

    Raises OSError if nothing answers, and Refused if the server answers with an error.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(TIMEOUT)
        connection.connect(str(path))
        names = f"user\0{USER}\0database\0{database}\0\0".encode()
        connection.sendall(struct.pack("!ii", 8 + len(names), _PROTOCOL_3_0) + names)
        _await_ready(connection)
        query = sql.encode() + b"\0"
        connection.sendall(b"Q" + struct.pack("!i", 4 + len(query)) + query)
        _await_ready(connection)
        connection.sendall(b"X" + struct.pack("!i", 4))


def _await_ready(connection: socket.socket) -> None:
    while True:
        kind, length = struct.unpack("!ci", _read(connection, 5))
        body = _read(connection, length - 4)
        if kind == b"E":
            fields = {field[:1]: field[1:] for field in body.split(b"\0") if field}
            raise Refused(fields[b"C"].decode(), fields[b"M"].decode(errors="replace"))
        if kind == b"Z":
            return


def _read(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        if not (part := connection.recv(size - len(data))):
            raise ConnectionResetError("the server closed the connection")
        data += part
    return data
