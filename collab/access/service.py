"""Carries out what people do with accounts. One function for each act changes the rows, ends the
sessions, and writes the audit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from logging import getLogger
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import convert

from collab.access import leaving
from collab.access.ground import Ground, Refused
from collab.access.letters import Letters
from collab.access.names import BadName, key_of, tidy_email, tidy_name
from collab.access.options import AccessLimits, AccessOptions
from collab.access.rooms import OpenedRooms
from collab.access.schemas import AuthWays, SignUpWay
from collab.access.sessions import PREFIX, Found, new_secret
from collab.access.store import Account, SessionRow, Taken
from collab.access.who import Asking, Watch
from collab.errors import LogError, NotSignedIn
from collab.live.addresses import household
from collab.live.who import SCOPES, Who

if TYPE_CHECKING:
    from collab.access.oidc import Claims, Pending

_LOG = getLogger(__name__)
_MOST_LABEL = 200
_SWEEP_EVERY = 600.0
_WRONG = "The name or the password is wrong."


class Accounts(Ground):
    """The service."""

    def __init__(
        self, options: AccessOptions, limits: AccessLimits, watch: Watch, rooms: OpenedRooms
    ) -> None:
        super().__init__(options, limits, watch)
        self.rooms = rooms
        self.letters = Letters(self)
        self.issuers: Sequence[str] = ()
        """The names of issuers that people can sign in with."""
        self.has_passkeys = False

    def ways(self) -> AuthWays:
        """Tell what this server offers."""
        domains = sorted(self.options.domains)
        way = "domains" if domains else self.options.sign_up
        return AuthWays(
            convert(way, SignUpWay),
            domains,
            self.mail is not None,
            list(self.issuers),
            passkeys=self.has_passkeys,
        )

    async def sweep(self) -> None:
        """Forget what has expired, now and then."""
        while True:
            try:
                await self.store.sweep()
                await self.attempts.sweep()
                await self.rooms.sweep(self.options.trash_days)
            except LogError as error:
                _LOG.info("nothing could be swept: %s", error)
            await asyncio.sleep(_SWEEP_EVERY)

    async def close(self) -> None:
        await self.rooms.close()
        await super().close()

    # Coming and going

    async def sign_up(
        self,
        asking: Asking,
        name: str,
        password: str,
        email: str | None,
        invitation: str | None,
        address: str,
        agent: str,
    ) -> Account:
        """Make an account and sign its owner in, unless the address must be confirmed first.

        Raises Refused.
        """
        guest = await asking.who()
        if guest and guest.kind == "account":
            raise Refused(409, "signed_in", "You are signed in. Sign out first.")
        try:
            name, key = tidy_name(name)
            plain = tidy_email(email)[0] if email else None
        except BadName as error:
            raise Refused(400, "bad_name", str(error)) from error
        await self._check_may_sign_up(plain, invitation)
        await self.take_try((f"up {household(address)}", self.limits.sign_ups))
        kept = await self.hash(password)
        invited = invitation is not None and self.options.sign_up == "invited"
        if invited and not await self.store.use_ticket(invitation or "", "invite"):
            raise Refused(403, "bad_invitation", "The invitation was used or has expired.")
        try:
            account = await self.store.make(
                name,
                key,
                email=plain,
                password=kept,
                confirmed=not self.options.domains,
                guest=guest.id if guest else None,
            )
        except Taken as error:
            raise Refused(409, "name_taken", "Another account has this name.") from error
        await self.store.note("signed up", account, account, household(address))
        if plain:
            await self.letters.ask_to_confirm(account, plain)
        found = await self.known(account)
        if not self.options.domains:
            await self._enter(asking, found, agent)
        else:
            asking.forget()
        return found

    async def sign_in(
        self, asking: Asking, name: str, password: str, address: str, agent: str
    ) -> Account:
        """Sign somebody in. An unknown name takes as long as a wrong password. Raises Refused."""
        key, network = key_of(name)[:320], household(address)
        tries = (f"in {key} {network}", f"in {key}", f"in {network}")
        limits = (self.limits.tries, self.limits.tries_account, self.limits.tries_network)
        await self.take_try(*zip(tries, limits, strict=True))
        account = await self.store.named(key)
        kept = account.password if account else None
        right = await self.verify(kept, password)
        if account is None or kept is None or not right or account.disabled_at:
            raise Refused(401, "wrong_credentials", _WRONG)
        if not account.confirmed:
            words = "Follow the link in the e-mail that you were sent first."
            raise Refused(403, "not_confirmed", words)
        await self.attempts.give_back(*tries)
        if self.passwords.is_old(kept):
            before, kept = kept, await self.hash(password)
            await self.store.set_password(account.id, kept, before=before)
        await self._enter(asking, account, agent, password=kept)
        await self.store.note("signed in", account.id, account.id, network)
        return account

    async def sign_out(self, asking: Asking) -> None:
        """End the session of the request, here at once and elsewhere within a second."""
        found = await asking.found()
        if found and found.kind == "browser":
            await self.store.end(found.who.id, found.who.session, found.kind)
            self.watch.end(found.who.session)
            await self.store.note("signed out", found.who.id, found.who.id)
            asking.forget()

    async def enter(
        self, asking: Asking, account: UUID, agent: str, passkey: bytes | None = None
    ) -> Account:
        """Sign somebody in who has proved by other means who they are. Raises Refused."""
        found = await self.known(account)
        if found.disabled_at or not found.confirmed:
            raise Refused(401, "wrong_credentials", "This account cannot be signed in to.")
        await self._enter(asking, found, agent, passkey=passkey)
        await self.store.note("signed in", account, account)
        return found

    async def known_by(self, claims: Claims, pending: Pending) -> UUID:
        """Return the account of somebody whom an issuer knows; make or link one. Raises Refused."""
        account = await self.store.identified(claims.issuer, claims.subject)
        if account is None and pending.account:
            account = pending.account
            await self.store.identify(claims.issuer, claims.subject, account)
            await self.store.note("linked an issuer", account, account)
        elif account is None:
            account = await self._made_of(claims, pending)
        elif pending.account and pending.account != account:
            words = "Another account signs in with this."
            raise Refused(409, "identity_taken", words)
        if pending.guest:
            await self.store.absorb(pending.guest, account)
        return account

    async def _made_of(self, claims: Claims, pending: Pending) -> UUID:
        """Make an account of what an issuer says. Raises Refused."""
        if self.options.sign_up in ("closed", "invited"):
            raise Refused(403, "sign_up_closed", "This server's operator makes all accounts.")
        if self.options.domains:
            if claims.email is None:
                raise Refused(403, "email_needed", "The issuer tells no confirmed address.")
            self.check_domain(claims.email)
        account = None
        for name in _names_like(claims.name):
            with suppress(Taken):
                account = await self.store.make(*name, guest=pending.guest)
                break
        assert account
        await self.store.identify(claims.issuer, claims.subject, account)
        if claims.email:
            # Nobody else's: an address of another account stays that account's.
            with suppress(Taken, BadName):
                await self.store.confirm_email(account, *tidy_email(claims.email))
        await self.store.note("signed up", account, account)
        return account

    async def _enter(self, asking: Asking, account: Account, agent: str, **proof: Any) -> None:
        """Begin a new session. The one before ends, so that nobody knows the new one's secret.

        `proof` is the `password` or `passkey` that was checked. Raises Refused where the account
        does not have it any more, or has been disabled.
        """
        before = await asking.found()
        secret = new_secret()
        label = agent[:_MOST_LABEL]
        begin = self.store.sessions.begin
        session = await begin(account.id, "browser", secret, label=label, **proof)
        if session is None:
            raise Refused(401, "wrong_credentials", _WRONG)
        if before and before.kind != "token":
            await self.store.end(before.who.id, before.who.session, before.kind)
            self.watch.end(before.who.session)
            if before.kind == "guest" and before.who.id != account.id:
                await self.store.absorb(before.who.id, account.id)
        scopes = frozenset(SCOPES if account.admin else SCOPES[:3])
        who = Who(account.id, "account", account.name, scopes, session)
        asking.become(Found(who, "browser", None), secret)

    # The own account

    async def change_password(
        self, found: Found, old: str, new: str, *, drop_passkeys: bool
    ) -> None:
        """Change the password, which ends every other session and all tokens, and on demand the
        passkeys. Raises Refused."""
        account = await self.known(found.who.id)
        await self.check_password(account, old)
        await self.store.set_password(account.id, await self.hash(new))
        if drop_passkeys:
            await self.store.drop_passkeys(account.id)
        await self.store.drop_tickets(account.id, "reset")
        await self.end_sessions(account.id, but=found.who.session)
        await self.store.note("changed the password", account.id, account.id)

    async def check_password(self, account: Account, password: str) -> None:
        """Raises Refused where it is wrong, or was tried too often."""
        if account.password is None:
            return  # signs in by other means, and has a session
        name = f"own {account.id}"
        await self.take_try((name, self.limits.tries))
        if not await self.verify(account.password, password):
            raise Refused(403, "wrong_password", "The password is wrong.")
        await self.attempts.give_back(name)

    async def rename(self, account: UUID, name: str) -> None:
        """Raises Refused."""
        try:
            await self.store.rename(account, *tidy_name(name))
        except BadName as error:
            raise Refused(400, "bad_name", str(error)) from error
        except Taken as error:
            raise Refused(409, "name_taken", "Another account has this name.") from error

    async def change_email(self, account: UUID, email: str | None) -> None:
        """Ask for the confirmation of another address, or forget the address. Raises Refused."""
        if not email:
            if self.options.domains:
                words = "Accounts of this server have an e-mail address."
                raise Refused(400, "email_needed", words)
            await self.store.drop_email(account)
            return
        try:
            plain = tidy_email(email)[0]
        except BadName as error:
            raise Refused(400, "bad_email", str(error)) from error
        self.check_domain(plain)
        if self.mail is None:
            words = "This server sends no e-mails, so it cannot confirm an address."
            raise Refused(409, "no_mail", words)
        await self.letters.ask_to_confirm(account, plain)

    async def end_session(self, account: UUID, session: UUID, kind: str) -> bool:
        """End one session and its sockets; False where there is none such."""
        ended = await self.store.end(account, session, kind)
        if ended:
            self.watch.end(session)
        return ended

    async def make_token(
        self, who: Who, label: str, scopes: Sequence[str], days: float
    ) -> tuple[str, SessionRow]:
        """Make an API token, which is told only now. Raises Refused."""
        from collab.access import jwts  # noqa: PLC0415 - only programs need it

        beyond = set(scopes) - who.scopes
        if beyond:
            words = f"You do not have the scope {min(beyond)} yourself."
            raise Refused(403, "beyond_scope", words)
        if len(await self.store.sessions_of(who.id, "token")) >= self.limits.tokens:
            words = f"The limit is {self.limits.tokens} API tokens. Revoke one first."
            raise Refused(409, "too_many_tokens", words)
        secret = new_secret()
        session = await self.store.sessions.begin(
            who.id,
            "token",
            secret,
            label=label,
            scopes=[scope for scope in SCOPES if scope in scopes],
            key=jwts.public_key(secret),
            days=days,
            maker=who.session,
        )
        if session is None:
            raise NotSignedIn("signed_out", "You were signed out.")
        await self.store.note("made an API token", who.id, who.id)
        rows = await self.store.sessions_of(who.id, "token")
        return PREFIX + secret, next(row for row in rows if row.id == session)

    async def exchange(self, token: str, address: str) -> str:
        """Make a JWT from an API token. Raises Refused."""
        from collab.access import jwts  # noqa: PLC0415

        secret = token.removeprefix(PREFIX)
        found = await self.store.sessions.of_secret(secret)
        if found is None or found.kind != "token":
            # Those who have a token are not limited by those of their network who guess.
            await self.take_try((f"token {household(address)}", self.limits.tries_network))
            raise Refused(401, "bad_token", "The API token is wrong, was revoked or has expired.")
        return jwts.sign(secret, found.who.id, found.who.session)

    # Other people's accounts

    async def add(
        self, name: str, email: str | None, actor: UUID | None, *, admin: bool = False
    ) -> UUID:
        """Make an account without a password. Raises Refused."""
        try:
            name, key = tidy_name(name)
            address = tidy_email(email) if email else None
            account = await self.store.make(name, key, admin=admin)
            if address:
                # The operator says whose it is.
                await self.store.confirm_email(account, *address)
        except BadName as error:
            raise Refused(400, "bad_name", str(error)) from error
        except Taken as error:
            words = "Another account has this name or this address."
            raise Refused(409, "name_taken", words) from error
        await self.store.note("added an account", actor, account)
        return account

    async def disable(self, account: UUID, actor: UUID, *, disabled: bool) -> None:
        """Disable an account, which ends its sessions and tokens, or enable it."""
        if disabled:
            await self.end_sessions(account)
        await self.store.set_disabled(account, disabled=disabled)
        await self.store.note("disabled" if disabled else "enabled", actor, account)

    async def make_admin(self, account: UUID, actor: UUID | None, *, admin: bool) -> None:
        """Make somebody an admin, or no admin any more."""
        await self.store.set_admin(account, admin=admin)
        await self.store.note("made an admin" if admin else "made no admin", actor, account)

    async def delete(self, account: UUID) -> None:
        """Delete an account and its name wherever it wrote."""
        for session in await leaving.erase(self.store, account):
            self.watch.end(session)

    async def export(self, account: UUID) -> dict[str, object]:
        return await leaving.export(self.store, account)

    async def _check_may_sign_up(self, email: str | None, invitation: str | None) -> None:
        way = self.options.sign_up
        if way == "closed":
            words = "This server's operator makes all accounts."
            raise Refused(403, "sign_up_closed", words)
        if way == "invited" and not (
            invitation and await self.store.see_ticket(invitation, "invite")
        ):
            raise Refused(403, "bad_invitation", "You need an invitation that was not used yet.")
        if self.options.domains:
            if email is None:
                raise Refused(400, "email_needed", "Sign up with your e-mail address.")
            if self.mail is None:
                raise Refused(403, "no_mail", "This server cannot send e-mails yet.")
            self.check_domain(email)


def _names_like(name: str) -> Iterator[tuple[str, str]]:
    """Yield names for somebody whom an issuer calls so. The last is nobody else's."""
    for tail in ("", " 2", " 3", f" {token_hex(4)}"):
        try:
            yield tidy_name(f"{name.partition('@')[0].strip()[:28]}{tail}")
        except BadName:
            yield tidy_name(f"Member{tail or ' 1'}")
