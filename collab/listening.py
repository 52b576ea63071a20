"""Makes the sockets that a server listens on, and names the address that reaches them."""

from __future__ import annotations

import errno
import os
import socket
from ipaddress import ip_address
from typing import Any

BACKLOG = 2048
_HAS_BOTH = socket.has_dualstack_ipv6()
_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""Errors of an address that a name has and this machine does not."""


class CannotListen(Exception):
    """Nothing can listen on an address; the words say why. `taken` if another program does."""

    def __init__(self, host: str, port: int, words: str, *, taken: bool = False) -> None:
        super().__init__(f"cannot listen on {_bracketed(host)}:{port}: {words}")
        self.taken = taken


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on every address that `host` names, on one port.

    On `::`, all IPv6 addresses, they also serve IPv4. Raises CannotListen.
    """
    sockets: list[socket.socket] = []
    failed: OSError | None = None
    try:
        for family, (address, _, *rest) in _places(host, port):
            # Where the system chooses the port, it does so once.
            place = (address, sockets[0].getsockname()[1] if sockets else port, *rest)
            both = family == socket.AF_INET6 and _is_every(address) and _HAS_BOTH
            try:
                sockets.append(
                    socket.create_server(place, family=family, backlog=BACKLOG, dualstack_ipv6=both)
                )
            except OSError as error:
                failed = error
                if error.errno not in _NOT_HERE:
                    raise
        if not sockets and failed:
            raise failed
    except socket.gaierror as error:
        raise CannotListen(host, port, error.strerror or str(error)) from error
    except UnicodeError as error:
        raise CannotListen(host, port, "this is no name of a host") from error
    except OSError as error:
        for opened in sockets:
            opened.close()
        words = os.strerror(error.errno) if error.errno else str(error)
        raise CannotListen(host, port, words, taken=error.errno == errno.EADDRINUSE) from error
    return sockets


def url(host: str, port: int) -> str:
    """Return an address to open in a browser of this machine, for a server that listens there."""
    if _is_every(host):
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://{_bracketed(host)}:{port}"


def _places(host: str, port: int) -> list[tuple[socket.AddressFamily, Any]]:
    """Resolve a host name to its addresses, each once. Raises socket.gaierror, UnicodeError."""
    # Bytes, or Python imports its tables of international names for every host.
    name = host.encode() if host.isascii() else host
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, place) for family, _, _, _, place in found))


def _is_every(host: str) -> bool:
    """Tell whether a host is every address of this machine, of IPv4 or of IPv6."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
