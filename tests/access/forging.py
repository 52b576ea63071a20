"""Somebody who has a valid JWT, and the key that signs it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx
import jwt as pyjwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.server import DEADLINE, Server


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def ask_with(
    server: Server, jwt: str, method: str = "GET", path: str = "/me", body: Any = None
) -> httpx.Response:
    bearer = {"authorization": f"Bearer {jwt}"}
    url = f"{server.url}{path}"
    return httpx.request(method, url, headers=bearer, json=body, timeout=DEADLINE)


class Forger:
    """Has a valid JWT and the key that signs it, and changes what it says."""

    def __init__(self, token: str, jwt: str) -> None:
        secret = token.removeprefix("collab_").encode()
        self.key = Ed25519PrivateKey.from_private_bytes(
            hashlib.sha256(b"collab jwt 1\0" + secret).digest()
        )
        self.claims: dict[str, Any] = pyjwt.decode(jwt, options={"verify_signature": False})

    def sign(self, header: dict[str, Any] | None = None, **changed: Any) -> str:
        """Sign with the right key; a claim that is None is left out."""
        claims = {k: v for k, v in (self.claims | changed).items() if v is not None}
        text = f"{encoded(header or {'alg': 'EdDSA', 'typ': 'JWT'})}.{encoded(claims)}"
        return f"{text}.{encoded(self.key.sign(text.encode()))}"

    def hmac(self, header: dict[str, Any], key: bytes) -> str:
        text = f"{encoded(header)}.{encoded(self.claims)}"
        return f"{text}.{encoded(hmac.digest(key, text.encode(), 'sha256'))}"
