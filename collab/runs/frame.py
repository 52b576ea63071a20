"""The frame in which a page runs programs: the rung `browser`.

The policy makes it a site of its own, which shares nothing with Collab, nor with another frame: no
cookie, no storage, no address to ask. Its one script starts a worker with the texts that the page
hands it, and leaves. A worker has the policy of who started it, so nothing that runs there can ask
for an address either. What it needs, the page has brought.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

_SCRIPT = """
addEventListener("message", ({ data, ports: [port] }) => {
  const text = new Blob([data.relay], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(text));
  worker.postMessage(data, [port, ...Object.values(data.brought)]);
}, { once: true });
"""
_HASH = b64encode(sha256(_SCRIPT.encode()).digest()).decode()
FRAME = f"<!doctype html><html lang=en><title>A program</title><script>{_SCRIPT}</script></html>"
FRAME_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": "; ".join(
        [
            "sandbox allow-scripts",
            "default-src 'none'",
            # Only this script, and what those workers make of texts.
            f"script-src 'sha256-{_HASH}' blob: 'unsafe-eval' 'wasm-unsafe-eval'",
            "worker-src blob:",
            "frame-ancestors 'self'",
        ]
    ),
    "x-frame-options": "SAMEORIGIN",
}
