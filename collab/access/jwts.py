"""The JWTs that programs show: signed with a key that only the API token gives.

The Ed25519 key is derived from the API token, and the row of the token has the public half. So
nothing in the database signs a JWT, and there is no key of the server to keep or to change.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ALGORITHM = "EdDSA"
_AUDIENCE = "collab"
_DERIVED = b"collab jwt 1\0"
_CLOCKS = 30
"""Seconds that the clocks of two servers may differ."""
_MOST = 2048
"""Characters of a JWT that is looked at."""
SECONDS = 900
"""The time that a JWT is valid."""


class BadJwt(Exception):
    """A JWT that this server did not sign, or that has expired; with words."""


def public_key(token: str) -> bytes:
    """Return the key that verifies the JWTs of an API token."""
    return _private(token).public_key().public_bytes_raw()


def sign(token: str, account: UUID, session: UUID) -> str:
    """Make a JWT from an API token."""
    now = int(time.time())
    claims = {
        "sub": str(account),
        "sid": str(session),
        "aud": _AUDIENCE,
        "iat": now,
        "exp": now + SECONDS,
    }
    return jwt.encode(claims, _private(token), algorithm=_ALGORITHM)


def session_of(text: str) -> UUID:
    """Return the session that a JWT names, which proves nothing. Raises BadJwt."""
    if len(text) > _MOST:
        raise BadJwt("The token is too long.")
    try:
        header = jwt.get_unverified_header(text)
        if header.keys() - {"alg", "typ"} or header.get("alg") != _ALGORITHM:
            raise BadJwt("The token has a header that this server does not make.")
        claims: dict[str, Any] = jwt.decode(text, options={"verify_signature": False})
        return UUID(claims["sid"])
    except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadJwt("The token is no JWT of this server.") from error


def verify(text: str, key: bytes) -> UUID:
    """Return the account of a JWT that was signed with the other half of `key`. Raises BadJwt."""
    try:
        claims: dict[str, Any] = jwt.decode(
            text,
            Ed25519PublicKey.from_public_bytes(key),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            leeway=_CLOCKS,
            options={"require": ["aud", "exp", "iat", "sid", "sub"]},
        )
        return UUID(claims["sub"])
    except jwt.ExpiredSignatureError as error:
        raise BadJwt("The token has expired; POST /auth/token gives another.") from error
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise BadJwt("The token is no JWT of this server.") from error


def _private(token: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_DERIVED + token.encode()).digest())
