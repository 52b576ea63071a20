"""Who asked, and for which host, as the proxies say that the operator trusts."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


class Forwarded:
    """Believes X-Forwarded-For, -Proto and -Host of these networks alone, from right to left.

    uvicorn's middleware knows the first two; it replaces the address that the third depends on.
    """

    def __init__(self, app: Any, proxies: Sequence[str]) -> None:
        self._networks = [ip_network(proxy) for proxy in proxies]
        self._app = ProxyHeadersMiddleware(app, list(proxies))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan" and self._trusts(scope["client"]):
            headers = scope["headers"]
            hosts = [value for name, value in headers if name == b"x-forwarded-host"]
            if hosts:
                # The last is the one that our proxy itself has seen.
                host = hosts[-1].rpartition(b",")[2].strip()
                others = [header for header in headers if header[0] != b"host"]
                scope["headers"] = [(b"host", host), *others]
        await self._app(scope, receive, send)

    def _trusts(self, client: tuple[str, int] | None) -> bool:
        if client is None:
            return False
        address = ip_address(client[0])
        return any(address in network for network in self._networks)
