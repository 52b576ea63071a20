"""Makes the socket that a server listens on."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. On `::`, all IPv6 addresses, it also serves IPv4.

    Raises OSError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = is_every_ipv6(host) and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)


def is_every_ipv6(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return isinstance(address, IPv6Address) and address.is_unspecified
