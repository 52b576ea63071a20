"""Which addresses belong to the Internet, and which to this machine or its own network."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""For protocols, which some versions of `ipaddress` take to be of the Internet."""
_UNICAST = IPv6Network("2000::/3")
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Teredo and 6to4: they lead to an address of IPv4 that stands in them."""


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the Internet, and not to this machine."""
    ip = ip_address(address)
    if not ip.is_global or ip.is_multicast or _is_ours(ip):
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _SPECIAL)
    # None that stands for an address of IPv4 either: mapped, translated, in a tunnel.
    return ip in _UNICAST and not any(ip in tunnel for tunnel in _TUNNELS)


def _is_ours(ip: IPv4Address | IPv6Address) -> bool:
    """Tell whether this machine has an address. A machine can listen on its own addresses alone."""
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(ip), 0))
    except OSError:
        return False
    return True
