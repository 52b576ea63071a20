"""`/auth`."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotAuthorizedException,
    PermissionDeniedException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg, JSONBody

from collab.access.answers import Conflict
from collab.access.asking import Asked, address_of, agent_of, asking_of
from collab.access.schemas import (
    AskReset,
    AuthWays,
    Confirm,
    GetToken,
    MeBody,
    Reset,
    SignIn,
    SignUp,
    TokenBody,
    me_body,
)
from collab.access.service import Accounts

_SIGN_UP = BodyKwarg(
    examples=[
        Example(
            summary="A name and a password", value={"name": "Ada", "password": "correct horse"}
        ),
        Example(
            summary="With an address",
            value={"name": "Ada", "password": "correct horse", "email": "ada@example.com"},
        ),
    ]
)
_SIGN_IN = BodyKwarg(
    examples=[Example(summary="By name", value={"name": "Ada", "password": "correct horse"})]
)
_TOKEN = BodyKwarg(
    examples=[Example(summary="An API token", value={"token": "collab_" + "x" * 43})]
)


class AuthController(Controller):
    path = "/auth"
    tags = ("accounts",)

    @get("/ways", summary="Tell how people sign up and in")
    async def ways(self, accounts: NamedDependency[Accounts]) -> AuthWays:
        """Tell whether anybody may sign up, and which other ways there are to sign in."""
        return accounts.ways()

    @post(
        "/signup",
        summary="Make an account",
        raises=[PermissionDeniedException, Conflict, TooManyRequestsException],
    )
    async def sign_up(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        data: Annotated[SignUp, _SIGN_UP],
    ) -> MeBody:
        """Make an account and sign in to it: the answer sets a cookie. What you did before as a
        guest comes along. Where addresses must be confirmed, the e-mail has a link that does."""
        asking = asking_of(request)
        account = await accounts.sign_up(
            asking,
            data.name,
            data.password,
            data.email,
            data.invitation,
            address_of(request),
            agent_of(request),
        )
        who = await asking.who()
        return me_body(account, who.scopes if who else frozenset())

    @post(
        "/signin",
        summary="Sign in",
        status_code=200,
        raises=[NotAuthorizedException, PermissionDeniedException, TooManyRequestsException],
    )
    async def sign_in(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        data: Annotated[SignIn, _SIGN_IN],
    ) -> MeBody:
        """Sign in by the name of the account or its confirmed address. The answer sets a cookie."""
        asking = asking_of(request)
        account = await accounts.sign_in(
            asking, data.name, data.password, address_of(request), agent_of(request)
        )
        who = await asking.who()
        return me_body(account, who.scopes if who else frozenset())

    @post("/signout", summary="Sign out", status_code=204, raises=[NotAuthorizedException])
    async def sign_out(self, request: Asked, accounts: NamedDependency[Accounts]) -> None:
        """End the session of the cookie, and the sockets that were opened with it."""
        await accounts.sign_out(asking_of(request))

    @post(
        "/token",
        summary="Get a JWT for an API token",
        status_code=200,
        raises=[NotAuthorizedException, TooManyRequestsException],
    )
    async def token(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        data: Annotated[GetToken, _TOKEN],
    ) -> TokenBody:
        """Make a JWT of an API token. Requests and sockets show it as `Authorization: Bearer`.
        It is valid for 15 minutes, and ends at once when the API token is revoked."""
        from collab.access.jwts import SECONDS  # noqa: PLC0415

        return TokenBody(await accounts.exchange(data.token, address_of(request)), SECONDS)

    @post(
        "/reset/ask",
        summary="Ask for a link that sets a password",
        status_code=202,
        raises=[Conflict, TooManyRequestsException],
    )
    async def ask_to_reset(
        self, request: Asked, accounts: NamedDependency[Accounts], data: JSONBody[AskReset]
    ) -> None:
        """Send a link that sets a new password to the confirmed address of the account, if it
        has one. The answer is the same if it has none."""
        await accounts.letters.ask_to_reset(data.name, address_of(request))

    @post(
        "/reset",
        summary="Set a password with a link",
        status_code=204,
        raises=[PermissionDeniedException, ValidationException, TooManyRequestsException],
    )
    async def reset(self, accounts: NamedDependency[Accounts], data: JSONBody[Reset]) -> None:
        """Set a new password with the secret of a link. This ends every session and API token of
        the account. Passkeys stay, unless you say so."""
        await accounts.letters.reset(data.secret, data.password, drop_passkeys=data.drop_passkeys)

    @post(
        "/confirm",
        summary="Confirm an address with a link",
        status_code=204,
        raises=[PermissionDeniedException],
    )
    async def confirm(self, accounts: NamedDependency[Accounts], data: JSONBody[Confirm]) -> None:
        """Confirm an address. From now on it signs in, and links that set a password can be sent
        to it."""
        await accounts.letters.confirm(data.secret)
