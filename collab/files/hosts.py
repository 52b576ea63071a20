"""Connects to machines of the Internet, and to none of our own network.

A name may have one address when it is looked at and another one a moment later. So the address that
was looked at is the one that is connected to, for every connection, those of redirects included.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection
from typing import Any

from urllib3 import HTTPSConnectionPool, PoolManager, Retry, Timeout
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.poolmanager import key_fn_by_scheme

from collab.network import is_public

_REDIRECTS = 3
_SILENCE = 30.0
"""Seconds that a server may say nothing."""


class NotPublic(NewConnectionError):
    """A name leads into our own network."""


def pool(hosts: Collection[str]) -> PoolManager:
    """Make what connects. Of `hosts` any address is taken."""

    class Connection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            host, port = self._dns_host, self.port or 443
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                addresses = [str(at[0]) for *_, at in found]
                if host.lower() not in hosts and not all(map(is_public, addresses)):
                    raise NotPublic(self, f"{host} is an address of this server's own network.")
                return _connect(addresses, port)
            except OSError as error:
                raise NewConnectionError(self, f"{host} cannot be reached.") from error

    class Pool(HTTPSConnectionPool):
        ConnectionCls: Any = Connection

    manager = PoolManager(
        ssl_context=ssl.create_default_context(),
        timeout=Timeout(_SILENCE),
        retries=Retry(connect=0, read=0, redirect=_REDIRECTS, status=0, other=0),
    )
    # No other scheme is known, so no redirect leads to one.
    manager.pool_classes_by_scheme = {"https": Pool}
    manager.key_fn_by_scheme = {"https": key_fn_by_scheme["https"]}
    return manager


def _connect(addresses: list[str], port: int) -> socket.socket:
    error: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), _SILENCE)
        except OSError as failed:
            error = failed
    raise error or OSError("there is no address")
