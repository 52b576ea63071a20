"""`/auth/oidc`: the way to an issuer of OpenID Connect, and back."""

from __future__ import annotations

import secrets
from logging import getLogger

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import json

from collab.access.asking import Asked, agent_of, asking_of
from collab.access.ground import Refused
from collab.access.oidc import Issuer, OidcFailed, Pending
from collab.access.service import Accounts
from collab.access.who import is_safe

_LOG = getLogger(__name__)
_SECONDS = 600
_STATE = "collab-oidc"


class OidcController(Controller):
    path = "/auth/oidc"
    include_in_schema = False

    @get("/{number:int}")
    async def begin(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        issuers: NamedDependency[list[Issuer]],
        number: FromPath[int],
    ) -> Response[None]:
        """Send the browser to an issuer. From a page of ours, somebody who is signed in links the
        account with the issuer; any other page only signs in."""
        issuer = _issuer(issuers, number)
        asking = asking_of(request)
        own = request.headers.get("sec-fetch-site") == "same-origin"
        who = await asking.who() if own else None
        guest = who.id if who and who.kind == "guest" else None
        account = who.id if who and who.kind == "account" else None
        try:
            where, state, pending = await issuer.begin(guest, account)
        except OidcFailed as error:
            return _failed(accounts, request, str(error))
        body = json.encode(pending).decode()
        await accounts.store.give_ticket(state, "oidc", None, body, _SECONDS)
        return _go(where, _cookie(request, state, _SECONDS))

    @get("/{number:int}/callback")
    async def finish(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        issuers: NamedDependency[list[Issuer]],
        number: FromPath[int],
    ) -> Response[None]:
        """Sign in whoever comes back. The same browser must have gone, and each state works
        once."""
        issuer = _issuer(issuers, number)
        query = request.query_params
        state, code = query.get("state", ""), query.get("code", "")
        held = request.cookies.get(_name(request), "")
        if not state.isascii() or not held.isascii() or not secrets.compare_digest(state, held):
            return _failed(accounts, request, "state")
        ticket = await accounts.store.use_ticket(state, "oidc")
        if ticket is None:
            return _failed(accounts, request, "state")
        if not code:
            return _failed(accounts, request, "denied")
        pending = json.decode(ticket.body, type=Pending)
        try:
            claims = await issuer.finish(pending, code, query.get("iss"))
            account = await accounts.known_by(claims, pending)
            await accounts.enter(asking_of(request), account, agent_of(request))
        except OidcFailed as error:
            _LOG.warning("signing in with %s failed: %s", issuer.name, error)
            return _failed(accounts, request, str(error))
        except Refused as error:
            return _failed(accounts, request, error.code)
        return _go(_home(accounts, "signed-in"), _cookie(request, "", 0))


def _issuer(issuers: list[Issuer], number: int) -> Issuer:
    if not 0 <= number < len(issuers):
        raise NotFoundException("There is no such issuer.")
    return issuers[number]


def _failed(accounts: Accounts, request: Asked, code: str) -> Response[None]:
    return _go(_home(accounts, f"sign-in-failed={code}"), _cookie(request, "", 0))


def _home(accounts: Accounts, fragment: str) -> str:
    """Return our own start page. No request names where somebody goes."""
    return f"{accounts.options.url.rstrip('/')}/#{fragment}"


def _go(where: str, cookie: str) -> Response[None]:
    headers = {"location": where, "set-cookie": cookie, "cache-control": "no-store"}
    return Response(None, status_code=302, headers=headers)


def _name(request: Asked) -> str:
    return f"__Host-{_STATE}" if is_safe(request.scope) else _STATE


def _cookie(request: Asked, value: str, seconds: int) -> str:
    secure = "; Secure" if is_safe(request.scope) else ""
    rest = f"Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    return f"{_name(request)}={value}; {rest}"
