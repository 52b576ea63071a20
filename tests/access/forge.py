"""The package oidc-provider-mock at the addresses of a GitHub Enterprise Server, and as an OAuth
server that signs no tokens: `python -m tests.access.forge --port PORT`."""

from __future__ import annotations

import sys
from typing import Any
from wsgiref.simple_server import make_server

import oidc_provider_mock  # type: ignore[import-untyped]

_NAMES = {
    "/login/oauth/authorize": "/oauth2/authorize",
    "/login/oauth/access_token": "/oauth2/token",
    "/api/v3/user": "/userinfo",
}


def main(port: int) -> None:
    inner = oidc_provider_mock.app()

    def renamed(environ: dict[str, Any], start: Any) -> Any:
        environ["PATH_INFO"] = _NAMES.get(environ["PATH_INFO"], environ["PATH_INFO"])
        return inner(environ, start)

    make_server("127.0.0.1", port, renamed).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[2]))
