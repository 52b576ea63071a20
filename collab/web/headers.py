"""Adds the headers that restrict what a browser may do with an answer."""

from __future__ import annotations

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

_ALWAYS = {
    "x-content-type-options": "nosniff",
    # The address of a room is its key: no other site is told it.
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_DOCS = "; ".join(
    [
        "default-src 'none'",
        # Swagger's page starts itself, and styles itself, inline; nobody's words are on it.
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
_UNKEPT = ("/rooms", "/autocomplete", "/auth", "/me", "/admin")
"""Paths whose answers hold people's texts, so no cache may keep them."""
_UNSEARCHED = ("/r/", "/rooms/")


async def harden(message: Message, scope: Scope) -> None:
    """Add the headers that an HTTP answer does not set itself; for `before_send`."""
    if message["type"] != "http.response.start":
        return
    path = scope["path"]
    headers = MutableScopeHeaders.from_message(message)
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault(
        "content-security-policy", _DOCS if path.rstrip("/") == "/docs" else _NOTHING
    )
    if path.startswith(_UNKEPT):
        headers["cache-control"] = "no-store"
    if path.startswith(_UNSEARCHED):
        headers["x-robots-tag"] = "noindex"
    if scope["scheme"] == "https":
        # Over plain HTTP, as in a local network, browsers only complain of it.
        headers["cross-origin-opener-policy"] = "same-origin"
