"""The domain of access: who people are, and what each may do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from itertools import zip_longest
from typing import TYPE_CHECKING

from collab.access.options import AccessLimits, AccessOptions
from collab.domain import Domain, Parts
from collab.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.types import ControllerRouterHandler

    from collab.access.oidc import Issuer


_MOST_BODY = 64 * 1024
_BODIES = (
    "/auth/signup",
    "/auth/signin",
    "/auth/signout",
    "/auth/token",
    "/auth/reset/ask",
    "/auth/reset",
    "/auth/confirm",
    "/auth/passkeys",
    "/auth/passkeys/ask",
    "/me",
    "/me/guest",
    "/me/passkeys",
    "/me/passkeys/ask",
    "/me/password",
    "/me/delete",
    "/me/tokens",
    "/me/rooms/{room_id}",
    "/admin/accounts",
    "/admin/accounts/{account}",
    "/admin/accounts/{account}/reset",
    "/admin/invitations",
)


def _parts(settings: Settings) -> Parts:
    import asyncio  # noqa: PLC0415

    from litestar.di import Provide  # noqa: PLC0415

    from collab.access.admin_controller import AdminController  # noqa: PLC0415
    from collab.access.answers import (  # noqa: PLC0415
        answer_busy,
        answer_not_signed_in,
        answer_refused,
    )
    from collab.access.auth_controller import AuthController  # noqa: PLC0415
    from collab.access.ground import Refused  # noqa: PLC0415
    from collab.access.me_controller import MeController  # noqa: PLC0415
    from collab.access.passwords import TooBusy  # noqa: PLC0415
    from collab.access.rooms import OpenedRooms  # noqa: PLC0415
    from collab.access.service import Accounts  # noqa: PLC0415
    from collab.access.sessions import Sessions  # noqa: PLC0415
    from collab.access.store import AccountStore  # noqa: PLC0415
    from collab.access.who import Callers, Watch  # noqa: PLC0415
    from collab.errors import NotSignedIn  # noqa: PLC0415
    from collab.live.extension import Extension  # noqa: PLC0415
    from collab.store.attempts import Attempts  # noqa: PLC0415

    options = settings.options("access", AccessOptions)
    watch = Watch()
    callers = Callers(watch)
    rooms = OpenedRooms()
    accounts = Accounts(options, settings.options("limit_access", AccessLimits), watch, rooms)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        connections = app.state.log.connections
        sessions = Sessions(connections, options.session_days, options.guest_days)
        callers.sessions = sessions
        rooms.begin(connections)
        accounts.begin(AccountStore(connections, sessions), Attempts(connections))
        sweeping = asyncio.create_task(accounts.sweep())
        async with watch.watching(sessions):
            yield
        sweeping.cancel()
        await accounts.close()

    routes: list[ControllerRouterHandler] = [AuthController, MeController, AdminController]
    dependencies = {"accounts": Provide(lambda: accounts, sync_to_thread=False)}
    if options.oidc_issuers:
        from collab.access.oidc_controller import OidcController  # noqa: PLC0415

        issuers = _issuers(options)
        accounts.issuers = [issuer.name for issuer in issuers]
        routes.append(OidcController)
        dependencies["issuers"] = Provide(lambda: issuers, sync_to_thread=False)

    if find_spec("webauthn"):
        from collab.access.passkeys import Passkeys  # noqa: PLC0415
        from collab.access.passkeys_controller import PasskeysController  # noqa: PLC0415

        passkeys = Passkeys(accounts)
        accounts.has_passkeys = True
        routes.append(PasskeysController)
        dependencies["passkeys"] = Provide(lambda: passkeys, sync_to_thread=False)

    return Parts(
        routes=routes,
        dependencies=dependencies,
        errors={
            NotSignedIn: answer_not_signed_in,
            Refused: answer_refused,
            TooBusy: answer_busy,
        },
        bodies=dict.fromkeys(_BODIES, _MOST_BODY),
        extension=Extension(
            joined=rooms.joined,
            parted=rooms.parted,
            visited=rooms.visited,
        ),
        middleware=[callers],
        lifespan=lifespan,
    )


def _issuers(options: AccessOptions) -> list[Issuer]:
    from collab.access.oidc import issuer_of  # noqa: PLC0415

    redirect = f"{options.url.rstrip('/')}/auth/oidc"
    parts = zip_longest(
        options.oidc_issuers, options.oidc_clients, options.oidc_secrets, fillvalue=""
    )
    return [
        issuer_of(issuer, client, secret, f"{redirect}/{number}/callback")
        for number, (issuer, client, secret) in enumerate(parts)
    ]


def _warn(settings: Settings) -> str:
    options = settings.options("access", AccessOptions)
    if options.oidc_issuers and not options.url:
        return "--access-oidc-issuers needs --access-url, which issuers send people back to"
    if len(options.oidc_clients) != len(options.oidc_issuers):
        return "--access-oidc-clients needs one client id for each of --access-oidc-issuers"
    if options.domains and not options.mails:
        return "--access-sign-up by domain needs --access-url, -smtp-url and -mail-from"
    return ""


ACCESS = Domain("access", _parts, AccessOptions, AccessLimits, _warn)
