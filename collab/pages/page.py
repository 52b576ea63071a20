"""Answers with the pages of the front end and the policy that restricts them in a browser."""

from __future__ import annotations

import re
import secrets
from typing import Any

from litestar import Request, Response
from litestar.enums import MediaType
from litestar.exceptions.responses import create_exception_response
from msgspec import Struct

_NONCE = "__NONCE__"
_BASE = "__BASE__"
_EARLY = "<!-- early -->"
_PRELOAD = '<link rel="preload" as="fetch" crossorigin href="{}" />'
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?")


class Pages(Struct, frozen=True):
    """The pages that the server answers browsers with."""

    landing: Page
    """The start page. It also tells a browser that nothing is at an address."""
    room: Page


class Page:
    """Answers with an HTML file of the front end.

    Each answer has its own nonce, because CodeMirror writes its styles into an element that needs
    one. So browsers must not cache the page, which is small.
    """

    def __init__(self, html: bytes, base_path: str = "") -> None:
        # The build writes addresses that start at "/".
        addressed = re.sub(r'( (?:src|href)=")/', rf"\1{base_path}/", html.decode())
        self._html = addressed.replace(_BASE, base_path)
        self._base_path = base_path

    def respond(
        self, request: Request[Any, Any, Any], status_code: int = 200, *, early: str | None = None
    ) -> Response[str]:
        """Answer with the page. The browser fetches the address `early` along with the scripts."""
        nonce = secrets.token_urlsafe(16)
        headers = {
            "cache-control": "no-cache",
            "content-security-policy": _policy(nonce, request.headers.get("host", "")),
        }
        asked = _PRELOAD.format(self._base_path + early) if early else ""
        html = self._html.replace(_NONCE, nonce).replace(_EARLY, asked)
        return Response(html, status_code=status_code, headers=headers, media_type=MediaType.HTML)

    def answer_nowhere(self, request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        """Answer for an unknown address: with a page to browsers, with the error to programs."""
        scope = dict(request.scope)
        looks = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if looks and "route_handler" not in scope:
            return self.respond(request, status_code=404)
        return create_exception_response(request, error)


def _policy(nonce: str, host: str) -> str:
    # In some browsers 'self' does not allow WebSockets.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'none'",
            # The formatter for Python is a WebAssembly program.
            "script-src 'self' 'wasm-unsafe-eval'",
            f"style-src 'self' 'nonce-{nonce}'",
            # A picture that a program drew is shown from the memory of the page.
            "img-src 'self' data: blob:",
            "media-src 'self'",
            "font-src 'self'",
            f"connect-src 'self'{sockets}",
            "manifest-src 'self'",
            "worker-src 'self'",
            # The one in which a page runs programs.
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
