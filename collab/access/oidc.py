"""Signs people in by an OpenID Connect issuer, or as GitHub does: the code flow with state, nonce
and PKCE.

Of the extra `collab[oidc]`. A person is the pair of issuer and subject. An address never leads to
an account that is there already: whoever runs an issuer could name any.
"""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct, json

from collab.access.sessions import new_secret

_FORGE = "github+"
_PATIENCE = 10.0
_KEPT = 3600.0
"""Seconds that what an issuer says of itself is believed."""
_MOST = 1024 * 1024
"""Bytes of an answer of an issuer."""
_CLOCKS = 60
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Those with two keys: with one key, whoever can verify a token can make one."""


class OidcFailed(Exception):
    """The issuer did not say who somebody is, in a way that can be believed; with a code."""


class Pending(Struct, frozen=True):
    """The values that a browser takes to the issuer and back, kept as the body of a ticket."""

    issuer: str
    nonce: str
    verifier: str
    guest: UUID | None = None
    account: UUID | None = None


class Claims(Struct, frozen=True):
    """The person, as the issuer describes them."""

    issuer: str
    subject: str
    name: str
    email: str | None


class Issuer:
    """One issuer, and what it says of itself."""

    _scope = "openid profile email"

    def __init__(self, url: str, client: str, secret: str, redirect: str) -> None:
        self.url = url
        self.name = urlsplit(url).hostname or url
        self._client = client
        self._secret = secret
        self._redirect = redirect
        self._described: tuple[float, dict[str, Any]] | None = None
        self._keys: KeySet | None = None

    async def begin(self, guest: UUID | None, account: UUID | None) -> tuple[str, str, Pending]:
        """Return where the browser goes, the state that must come back, and what to keep.

        Raises OidcFailed.
        """
        state, nonce, verifier = new_secret(), new_secret(), new_secret()
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._redirect,
            "scope": self._scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        endpoint = (await self._metadata())["authorization_endpoint"]
        joint = "&" if "?" in endpoint else "?"
        pending = Pending(self.url, nonce, verifier, guest, account)
        return f"{endpoint}{joint}{urlencode(query)}", state, pending

    async def finish(self, pending: Pending, code: str, iss: str | None) -> Claims:
        """Exchange a code for the person. `iss` is the issuer that came beside the code. Raises
        OidcFailed."""
        about = await self._metadata()
        told = about.get("authorization_response_iss_parameter_supported", False)
        if pending.issuer != self.url or (iss or (None if told else self.url)) != self.url:
            raise OidcFailed("issuer")  # the code is another issuer's
        answer = await self._ask(
            "POST",
            about["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._redirect,
                "code_verifier": pending.verifier,
                **self._own(about),
            },
            auth=self._basic(about),
        )
        return await self._person(answer, pending)

    async def _person(self, answer: dict[str, Any], pending: Pending) -> Claims:
        """Return whom the answer to the code is about."""
        return self._believe(await self._decode(_token(answer, "id_token")), pending)

    async def _decode(self, token: str) -> dict[str, Any]:
        for again in (False, True):
            if self._keys is None or again:  # the issuer may have new keys
                found = await self._ask("GET", (await self._metadata())["jwks_uri"])
                self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
            try:
                return dict(jwt.decode(token, self._keys, algorithms=_ALGORITHMS).claims)
            except (JoseError, ValueError, TypeError) as error:
                if again:
                    raise OidcFailed("signature") from error
        raise AssertionError

    def _believe(self, claims: dict[str, Any], pending: Pending) -> Claims:
        now = time.time()
        audience = claims.get("aud")
        audiences: list[Any] = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.url:
            raise OidcFailed("issuer")
        authorized = claims.get("azp") == self._client
        if self._client not in audiences or (
            (len(audiences) > 1 or "azp" in claims) and not authorized
        ):
            raise OidcFailed("audience")
        if claims.get("nonce") != pending.nonce:
            raise OidcFailed("nonce")
        expires, issued = claims.get("exp"), claims.get("iat")
        if not isinstance(expires, int | float) or expires < now - _CLOCKS:
            raise OidcFailed("expired")
        if not isinstance(issued, int | float) or issued > now + _CLOCKS:
            raise OidcFailed("expired")
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
            raise OidcFailed("subject")
        names = (claims.get(key) for key in ("preferred_username", "name", "nickname"))
        name = next((name for name in names if isinstance(name, str) and name.strip()), "Member")
        email = claims.get("email")
        verified = claims.get("email_verified") is True and isinstance(email, str)
        return Claims(self.url, subject, name, email if verified else None)

    async def _metadata(self) -> dict[str, Any]:
        now = time.monotonic()
        if self._described is None or self._described[0] < now - _KEPT:
            path = f"{self.url.rstrip('/')}/.well-known/openid-configuration"
            about = await self._ask("GET", path)
            if about.get("issuer") != self.url:
                raise OidcFailed("issuer")
            if not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= about.keys():
                raise OidcFailed("metadata")
            self._described = (now, about)
        return self._described[1]

    def _posts(self, about: dict[str, Any]) -> bool:
        """Return whether the secret goes into the body. Without a list, OpenID Connect has it in
        the header."""
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" not in ways

    def _own(self, about: dict[str, Any]) -> dict[str, str]:
        if not self._secret:
            return {"client_id": self._client}
        if self._posts(about):
            return {"client_id": self._client, "client_secret": self._secret}
        return {}

    def _basic(self, about: dict[str, Any]) -> tuple[str, str] | None:
        return (self._client, self._secret) if self._secret and not self._posts(about) else None

    async def _ask(
        self,
        method: str,
        url: str,
        data: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        bearer: str = "",
    ) -> dict[str, Any]:
        """Return the JSON of an answer. Raises OidcFailed."""
        headers = {"accept": "application/json"}
        if bearer:
            headers["authorization"] = f"Bearer {bearer}"
        try:
            async with (
                httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=False) as client,
                client.stream(method, url, data=data, auth=auth, headers=headers) as answer,
            ):
                body = b""
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _MOST:
                        raise OidcFailed("answer")
                if answer.status_code != 200:
                    raise OidcFailed("answer")
            found: dict[str, Any] = json.decode(body, type=dict[str, Any])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise OidcFailed("answer") from error
        return found


class Forge(Issuer):
    """GitHub, or a GitHub Enterprise Server. It speaks OAuth alone, so nobody is named in a signed
    token: it is asked whose its token is, which is good for nothing else, and not kept."""

    _scope = ""

    async def _person(self, answer: dict[str, Any], pending: Pending) -> Claims:
        where = (await self._metadata())["userinfo_endpoint"]
        user = await self._ask("GET", where, bearer=_token(answer, "access_token"))
        number, name = user.get("id"), user.get("login")
        if type(number) is not int:
            raise OidcFailed("subject")
        return Claims(self.url, str(number), name if isinstance(name, str) else "Member", None)

    async def _metadata(self) -> dict[str, Any]:
        public = self.url == "https://github.com"
        api = "https://api.github.com" if public else f"{self.url}/api/v3"
        return {
            "authorization_endpoint": f"{self.url}/login/oauth/authorize",
            "token_endpoint": f"{self.url}/login/oauth/access_token",
            "userinfo_endpoint": f"{api}/user",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


def issuer_of(entry: str, client: str, secret: str, redirect: str) -> Issuer:
    """Return the issuer of an entry of the settings; one like GitHub has `github+` before it."""
    if entry.startswith(_FORGE):
        return Forge(entry.removeprefix(_FORGE).rstrip("/"), client, secret, redirect)
    return Issuer(entry, client, secret, redirect)


def _token(answer: dict[str, Any], kind: str) -> str:
    token = answer.get(kind)
    if not isinstance(token, str):
        raise OidcFailed("token")
    return token
