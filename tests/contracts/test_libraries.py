"""The names of libraries that no documentation promises, and that the service uses all the same.

Whoever allows a newer minor version in pyproject.toml sees here what has gone. A name that is there
may still have changed: tests/http, tests/socket and tests/live try what each is used for.
"""

from __future__ import annotations

import asyncio
import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import h11
import pytest
import uvicorn
from h11._receivebuffer import ReceiveBuffer
from litestar import Request
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.server import ServerProtocol
from websockets.streams import StreamReader

from collab import app

ROOT = Path(__file__).parents[2]

CLASSES: dict[type, str] = {
    uvicorn.Server: "capture_signals startup shutdown",
    H11Protocol: "connection_made connection_lost data_received handle_events pause_writing"
    " resume_writing on_response_complete send_400_response shutdown timeout_keep_alive_handler",
    FlowControl: "pause_reading resume_reading pause_writing resume_writing",
    WebSocketsSansIOProtocol: "connection_lost data_received handle_bytes handle_cont"
    " handle_events handle_parser_exception handle_ping handle_text keepalive_timeout"
    " pause_writing receive resume_writing run_asgi schedule_ping send send_receive_event_to_app"
    " stop_keepalive",
    h11.Connection: "_process_error next_event",
    ReceiveBuffer: "maybe_extract_lines __len__ __bytes__",
    ServerProtocol: "data_to_send send_close",
}
"""By class, the methods that are called or overridden."""

HTTP = "conn cycle flow headers logger loop timeout_keep_alive timeout_keep_alive_task transport"
CYCLE = "disconnected message_event more_body response_complete response_started"
SOCKET = (
    "close_sent close_timeout conn curr_msg_data_type disconnected frames handshake_complete"
    " handshake_initiated logger loop queue read_paused scope transport writable"
)
SOCKET_LATER = "request response"
WIRE = "close_sent debug events handshake_exc logger reader"


@pytest.mark.parametrize(
    ("owner", "name"), [(owner, name) for owner, names in CLASSES.items() for name in names.split()]
)
def test_a_class_has_the_method_that_is_used(owner: type, name: str) -> None:
    assert hasattr(owner, name)


async def _nothing(_scope: Any, _receive: Any, _send: Any) -> None:
    pass


def lacking(owner: object, names: str) -> set[str]:
    return {
        name
        for name in names.split()
        if not hasattr(owner, name) and name not in getattr(type(owner), "__annotations__", {})
    }


async def test_a_connection_of_uvicorn_has_the_attributes_that_are_used() -> None:
    config = uvicorn.Config(_nothing, log_config=None)
    config.load()
    protocol = H11Protocol(config, ServerState(), {})
    transport = asyncio.Transport()
    protocol.transport = transport
    protocol.flow = FlowControl(transport)
    assert not lacking(protocol, HTTP)
    assert not lacking(protocol.flow, "read_paused write_paused")
    known = RequestResponseCycle.__init__.__code__.co_names
    assert set(CYCLE.split()) <= set(known)


async def test_a_websocket_of_uvicorn_has_the_attributes_that_are_used() -> None:
    config = uvicorn.Config(_nothing, log_config=None)
    config.load()
    protocol = WebSocketsSansIOProtocol(config, ServerState(), {})
    protocol.transport = asyncio.Transport()
    assert not lacking(protocol, SOCKET.replace("curr_msg_data_type", "").replace("scope", ""))
    names = {
        name
        for method in vars(WebSocketsSansIOProtocol).values()
        if (code := getattr(method, "__code__", None))
        for name in code.co_names
    }
    assert {"curr_msg_data_type", "scope", *SOCKET_LATER.split()} <= names
    assert not lacking(protocol.conn, WIRE)
    assert isinstance(protocol.conn.reader, StreamReader)
    assert isinstance(protocol.conn.reader.buffer, bytearray)


def test_a_server_of_uvicorn_keeps_the_signals_that_it_has_caught() -> None:
    assert uvicorn.Server(uvicorn.Config(_nothing))._captured_signals == []


def test_a_connection_of_h11_parses_out_of_one_buffer() -> None:
    assert isinstance(h11.Connection(h11.SERVER)._receive_buffer, ReceiveBuffer)


def test_who_writes_to_a_socket_that_is_gone_gets_an_error_of_the_network() -> None:
    assert issubclass(ClientDisconnected, OSError)


def test_litestar_says_that_a_request_was_broken_off_in_these_words() -> None:
    source = Path(inspect.getfile(Request)).read_text(encoding="utf-8")
    assert f'InternalServerException("{app._WENT_AWAY}")' in source


@pytest.mark.parametrize("name", ["uvicorn", "litestar", "h11", "websockets"])
def test_only_the_minor_version_that_was_tried_is_allowed(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = [line for line in project["dependencies"] if line.startswith(f"{name}>")]
    major, minor = version(name).split(".")[:2]
    assert wanted.endswith(f",<{major}.{int(minor) + 1}")
