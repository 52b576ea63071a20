"""The one page, and what it may do in a browser."""

from __future__ import annotations

import re
import secrets
from typing import Any

from litestar import Request, Response
from litestar.enums import MediaType

_NONCE = "__NONCE__"
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?")


class Page:
    """Answers with index.html. Each answer has a nonce of its own: CodeMirror writes its styles
    into an element that needs one. So the page is not kept by browsers; it is small."""

    def __init__(self, html: bytes) -> None:
        self._html = html.decode()

    def respond(self, request: Request[Any, Any, Any]) -> Response[str]:
        nonce = secrets.token_urlsafe(16)
        headers = {
            "cache-control": "no-cache",
            "content-security-policy": _policy(nonce, request.headers.get("host", "")),
        }
        html = self._html.replace(_NONCE, nonce)
        return Response(html, headers=headers, media_type=MediaType.HTML)


def _policy(nonce: str, host: str) -> str:
    # To some browsers 'self' means no WebSocket.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self'{sockets}",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
