"""Finds the address at which other machines of the network reach this server."""

from __future__ import annotations

import socket
from ipaddress import ip_address

_ALL = ("0.0.0.0", "::")  # noqa: S104
_ELSEWHERE = ("192.0.2.1", 9)
"""An address reserved for documentation. It is only used to ask the system for a route."""


def lan_address(host: str) -> str | None:
    """Return the IPv4 address of this machine in its network, if the server listens on it.

    Returns None if the option `host` does not listen on it, or the machine is in no network.
    """
    if host not in _ALL:
        return None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            # Connecting a UDP socket sends nothing: it picks the address that packets would have.
            asking.connect(_ELSEWHERE)
        except OSError:
            return None
        address: str = asking.getsockname()[0]
    return None if ip_address(address).is_loopback else address
