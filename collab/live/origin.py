"""Whether a page from somewhere may open a WebSocket here."""

from __future__ import annotations

from collections.abc import Container

_PORTS = {"http": "80", "https": "443"}


def is_welcome(origin: str | None, host: str, allowed: Container[str]) -> bool:
    """Whether `origin` is that of a page of `host`, or one of those allowed; "*" allows all.

    A program names no origin: what a browser guards against cannot be done through it.
    """
    if origin is None or "*" in allowed or origin in allowed:
        return True
    scheme, _, site = origin.lower().partition("://")
    return scheme in _PORTS and _with_port(site, scheme) == _with_port(host.lower(), scheme)


def _with_port(host: str, scheme: str) -> str:
    """A host and its port. One without a port means the scheme's; a colon may be IPv6's."""
    return host if host.rpartition(":")[2].isdecimal() else f"{host}:{_PORTS[scheme]}"
