"""Decides which sites' pages may use this server, and by which host names."""

from __future__ import annotations

from collections.abc import Collection, Container
from logging import getLogger
from typing import Any

from collab.errors import PeerError

_LOG = getLogger(__name__)
_PORTS = {"http": "80", "https": "443"}
_OTHER_SITES = ("cross-site", "same-site")
"""Values of Sec-Fetch-Site for a request that a page of another origin makes."""
_REMEMBERED = 1000
"""The most refused origins and hosts that are logged, each once."""


class Welcome:
    """Holds the operator's allowed sites and host names."""

    def __init__(self, origins: Collection[str], hosts: Collection[str]) -> None:
        self._origins = frozenset(origins)
        self._hosts = frozenset(host.lower() for host in hosts)
        self._logged: set[tuple[str, str]] = set()

    def check(self, scope: Any) -> None:
        """Raise PeerError for a request from a foreign page, or for a foreign host name."""
        # Not Litestar's own dictionary of headers: it would be kept as long as the socket.
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        self.check_host(scope)
        origin, host = headers.get(b"origin"), headers.get(b"host", "")
        if origin is None and headers.get(b"sec-fetch-site") in _OTHER_SITES:
            origin = "null"  # the browser tells only that the page is of another site
        any_port = bool((scope.get("state") or {}).get("any_port"))
        if not is_welcome(origin, host, self._origins, any_port=any_port):
            self._log_once(f"origin {origin}", host, f"--allowed-origins {origin}")
            raise PeerError(
                "origin_not_allowed",
                "Pages of this site may not use this server, unless it has --allowed-origins.",
                close=4403,
            )

    def check_host(self, scope: Any) -> None:
        """Raise PeerError when the request is for a host name that is not the server's."""
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
        if self._hosts and _without_port(host) not in self._hosts:
            self._log_once("host", host, f"--allowed-hosts {_without_port(host)}")
            raise PeerError(
                "host_not_allowed",
                "This server has another name, unless it has --allowed-hosts.",
                close=4403,
            )

    def _log_once(self, what: str, host: str, option: str) -> None:
        if (what, host) not in self._logged and len(self._logged) < _REMEMBERED:
            self._logged.add((what, host))
            _LOG.warning(
                "%.200s is refused; asked for as host %.200s. To allow it: %.200s",
                *(repr(text)[1:-1] for text in (what, host, option)),
            )


def is_welcome(
    origin: str | None, host: str, allowed: Container[str], *, any_port: bool = False
) -> bool:
    """Return whether `origin` is a page of `host` or an allowed site; "*" allows all.

    A program sends no origin and is welcome, because the attacks that browsers guard against need a
    browser. With `any_port`, the port is not known, and not compared.
    """
    if origin is None or "*" in allowed or origin in allowed:
        return True
    scheme, _, site = origin.lower().partition("://")
    if scheme not in _PORTS:
        return False
    if any_port:
        return _without_port(site) == _without_port(host.lower()) != ""
    return _with_port(site, scheme) == _with_port(host.lower(), scheme)


def has_port(host: str) -> bool:
    """Return whether a host has a port. A colon may be part of an IPv6 address."""
    name, colon, port = host.rpartition(":")
    return bool(colon) and port.isdecimal() and (":" not in name or name.endswith("]"))


def _without_port(host: str) -> str:
    return host.rpartition(":")[0] if has_port(host) else host


def _with_port(host: str, scheme: str) -> str:
    """Return a host with its port. Without one, the port is the scheme's."""
    return host if has_port(host) else f"{host}:{_PORTS[scheme]}"
