"""`/auth/passkeys` and `/me/passkeys`, for the pages of this server."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotAuthorizedException,
    NotFoundException,
    TooManyRequestsException,
)
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg, FromPath
from msgspec import Struct

from collab.access.answers import RAISES, Conflict
from collab.access.asking import (
    Asked,
    account_of,
    address_of,
    agent_of,
    asking_of,
    browser_of,
)
from collab.access.passkeys import PasskeyRow, Passkeys, text_of
from collab.access.schemas import Label, MeBody, Password, me_body, millis
from collab.access.service import Accounts


class AskPasskey(Struct, frozen=True):
    """The password, where the account has one."""

    password: Password | None = None


class MakePasskey(Struct, frozen=True):
    """A browser's answer to the options for a new passkey, and the owner's name for the passkey."""

    label: Label
    credential: dict[str, Any]


class UsePasskey(Struct, frozen=True):
    """A browser's signed answer to the options for signing in."""

    credential: dict[str, Any]


class PasskeyBody(Struct, frozen=True):
    """A passkey. Times in milliseconds since 1970."""

    id: str
    label: str
    created_at: int
    used_at: int | None


_SIGNED = {
    "id": "jUTPfoRdzLU0",
    "rawId": "jUTPfoRdzLU0",
    "type": "public-key",
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
        "authenticatorData": "SZYN5YgOjGh0NBcP",
        "signature": "MEUCIQDk",
    },
}
_MADE = _SIGNED | {
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0",
        "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YQ",
    }
}
_ASK = BodyKwarg(
    examples=[Example(summary="With the password", value={"password": "correct horse"})]
)
_MAKE = BodyKwarg(
    examples=[
        Example(
            summary="As `credential.toJSON()` has it",
            value={"label": "My phone", "credential": _MADE},
        )
    ]
)
_USE = BodyKwarg(
    examples=[Example(summary="As `credential.toJSON()` has it", value={"credential": _SIGNED})]
)


class PasskeysController(Controller):
    tags = ("accounts",)

    @post(
        "/auth/passkeys/ask",
        summary="Ask to sign in with a passkey",
        status_code=200,
        raises=[Conflict, TooManyRequestsException],
    )
    async def ask_to_sign_in(
        self, request: Asked, passkeys: NamedDependency[Passkeys]
    ) -> dict[str, Any]:
        """Returns the options of `navigator.credentials.get`, with a challenge that works once. 409
        for a server whose address is a number, since passkeys are for a name."""
        return await passkeys.ask_to_sign_in(_origin(request), address_of(request))

    @post(
        "/auth/passkeys",
        summary="Sign in with a passkey",
        status_code=200,
        raises=[NotAuthorizedException, Conflict],
    )
    async def sign_in(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        passkeys: NamedDependency[Passkeys],
        data: Annotated[UsePasskey, _USE],
    ) -> MeBody:
        """Sign in with the browser's signed answer. The answer sets a cookie."""
        origin = _origin(request)
        whose, passkey = await passkeys.sign_in(origin, data.credential, address_of(request))
        asking = asking_of(request)
        account = await accounts.enter(asking, whose, agent_of(request), passkey)
        who = await asking.who()
        return me_body(account, who.scopes if who else frozenset())

    @get("/me/passkeys", summary="List my passkeys", raises=RAISES)
    async def list(self, request: Asked, passkeys: NamedDependency[Passkeys]) -> list[PasskeyBody]:
        """List the devices that can sign in without a password."""
        found = await account_of(request)
        return [_body(row) for row in await passkeys.of(found.who.id)]

    @post(
        "/me/passkeys/ask",
        summary="Ask to make a passkey",
        status_code=200,
        raises=[*RAISES, Conflict, TooManyRequestsException],
    )
    async def ask_to_make(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        passkeys: NamedDependency[Passkeys],
        data: Annotated[AskPasskey, _ASK],
    ) -> dict[str, Any]:
        """Returns the options of `navigator.credentials.create`. Whoever finds a browser signed in
        makes no key that outlasts the session: that takes the password."""
        origin = _origin(request)
        found = await browser_of(request)
        account = await accounts.known(found.who.id)
        await accounts.check_password(account, data.password or "")
        return await passkeys.ask_to_make(account.id, origin)

    @post("/me/passkeys", summary="Make a passkey", raises=[*RAISES, Conflict])
    async def make(
        self,
        request: Asked,
        passkeys: NamedDependency[Passkeys],
        data: Annotated[MakePasskey, _MAKE],
    ) -> PasskeyBody:
        """Keep the passkey that the browser has made."""
        origin = _origin(request)
        found = await browser_of(request)
        return _body(await passkeys.make(found.who.id, origin, data.label, data.credential))

    @delete(
        "/me/passkeys/{passkey:str}",
        summary="Remove a passkey",
        status_code=204,
        raises=[*RAISES, NotFoundException],
    )
    async def remove(
        self, request: Asked, passkeys: NamedDependency[Passkeys], passkey: FromPath[str]
    ) -> None:
        """Remove a passkey. Its device cannot sign in any more."""
        found = await browser_of(request)
        if not await passkeys.remove(found.who.id, passkey):
            raise NotFoundException("There is no such passkey.")


def _origin(request: Asked) -> str:
    """Return the origin of this server as the browser has it, whatever page the request is of."""
    return f"{request.scope['scheme']}://{request.headers.get('host', '')}"


def _body(row: PasskeyRow) -> PasskeyBody:
    used = millis(row.used_at) if row.used_at else None
    return PasskeyBody(text_of(row.id), row.label, millis(row.created_at), used)
