"""Finds the client's address and the host it asked for in the headers of trusted proxies."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from ipaddress import ip_network
from typing import Any

from collab.live.addresses import parse_address
from collab.live.origin import has_port

_PORTS = {"http": b"80", "ws": b"80", "https": b"443", "wss": b"443"}
_SECURE = {"http": "https", "ws": "wss"}
ANY_PORT = "any_port"
"""A key in a scope's state. It is set when a trusted proxy did not tell the port."""


class Forwarded:
    """Believes X-Forwarded-For, -Proto, -Host and -Port of these networks alone.

    Each proxy adds to the right of what it was sent. So the client is the first from the right
    that is no proxy of ours, and of the others the last is what our own proxy has seen.
    """

    def __init__(self, app: Any, proxies: Sequence[str]) -> None:
        self._networks = [ip_network(proxy) for proxy in proxies]
        self._app = app

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        if scope["type"] != "lifespan" and scope["client"]:
            host, port = scope["client"]
            scope["client"] = (_plain(host), port)
            if self._trusts(host):
                self._believe(scope)
        # Not awaited, so that a socket keeps no frame of this as long as it lasts.
        served: Awaitable[None] = self._app(scope, receive, send)
        return served

    def _believe(self, scope: Any) -> None:
        headers = scope["headers"]
        if proto := _last(headers, b"x-forwarded-proto"):
            plain = scope["scheme"].replace("https", "http").replace("wss", "ws")
            secure = proto.lower() in (b"https", b"wss")
            scope["scheme"] = _SECURE.get(plain, plain) if secure else plain
        hops = b",".join(v for n, v in headers if n == b"x-forwarded-for").decode("latin-1")
        for hop in reversed([hop.strip() for hop in hops.split(",") if hop.strip()]):
            scope["client"] = (_plain(hop), 0)
            if not self._trusts(hop):
                break
        host = _last(headers, b"x-forwarded-host") or _last(headers, b"host")
        if not has_port(host.decode("latin-1")):
            port = _last(headers, b"x-forwarded-port")
            if port.isdigit():
                default = port == _PORTS[scope["scheme"]]
                host = host if default else host + b":" + port
            else:
                scope.setdefault("state", {})[ANY_PORT] = True
        scope["headers"] = [(b"host", host), *(h for h in headers if h[0] != b"host")]

    def _trusts(self, host: str) -> bool:
        address = parse_address(host)
        return address is not None and any(address in network for network in self._networks)


def _plain(host: str) -> str:
    """Return an address in the form in which it is counted. Other text stays as it is."""
    address = parse_address(host)
    return str(address) if address else host


def _last(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> bytes:
    """Return the rightmost value of a header, or "" where there is none."""
    return next((v.rpartition(b",")[2].strip() for n, v in reversed(headers) if n == name), b"")
