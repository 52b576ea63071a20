"""The secrets that work once, in links: to set a password, to confirm an address, to be invited."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct, json

from collab.access.ground import Ground, Refused
from collab.access.names import key_of, tidy_email
from collab.access.sessions import new_secret
from collab.access.store import Taken
from collab.live.addresses import household
from collab.store.attempts import TooManyTries

_DAY = 86_400
_RESET_SECONDS = 3600
_CONFIRM_SECONDS = 7 * _DAY
_INVITE_SECONDS = 14 * _DAY


class Address(Struct, frozen=True):
    """An address that is to be confirmed."""

    email: str


class Letters:
    """Makes such secrets, sends them where the server can send e-mails, and takes them back."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def ask_to_reset(self, name: str, address: str) -> None:
        """Send a link that sets a new password, if there is such an account. Raises Refused."""
        if self._ground.mail is None:
            words = "This server sends no e-mails. Ask its operator for `collab user reset`."
            raise Refused(409, "no_mail", words)
        key = key_of(name)[:320]
        await self._ground.take_try(
            (f"reset {household(address)}", self._ground.limits.tries_network)
        )
        account = await self._ground.store.named(key)
        try:
            await self._ground.attempts.take((f"mail {key}", self._ground.limits.mails))
        except TooManyTries:
            return  # said to nobody, or it would tell who has an account
        secret = new_secret()
        if account is None or not account.email_confirmed or not account.email:
            await self._ground.store.see_ticket(secret, "reset")  # a query, as if there were one
            return
        if account.disabled_at:
            return
        await self._ground.store.give_ticket(secret, "reset", account.id, "{}", _RESET_SECONDS)
        self._ground.mail.send_soon(
            account.email,
            "Set a new password",
            f"Somebody, perhaps you, asked to set a new password for {account.name} at"
            f" {self._ground.options.url}.\n\nTo set one, open this link within an hour:\n\n"
            f"    {self.link('reset', secret)}\n\nIf it was not you, do nothing.\n",
        )

    async def reset(self, secret: str, password: str, *, drop_passkeys: bool) -> None:
        """Set a new password with the secret of a link. Ends every session, and on demand the
        passkeys. Raises Refused."""
        kept = await self._ground.hash(password)
        ticket = await self._ground.store.use_ticket(secret, "reset")
        if ticket is None or ticket.account is None:
            raise Refused(403, "bad_link", "The link was used or has expired. Ask for another.")
        await self._ground.store.set_password(ticket.account, kept)
        if drop_passkeys:
            await self._ground.store.drop_passkeys(ticket.account)
        await self._ground.store.drop_tickets(ticket.account, "reset")
        await self._ground.end_sessions(ticket.account)
        await self._ground.store.note("reset the password", ticket.account, ticket.account)

    async def reset_link(self, account: UUID) -> str:
        """Make the secret of a link that sets a password, for the operator to pass on."""
        secret = new_secret()
        await self._ground.store.drop_tickets(account, "reset")
        await self._ground.store.give_ticket(secret, "reset", account, "{}", _DAY)
        return secret

    async def confirm(self, secret: str) -> None:
        """Confirm an address with the secret of a link. Raises Refused."""
        ticket = await self._ground.store.use_ticket(secret, "confirm")
        if ticket is None or ticket.account is None:
            raise Refused(403, "bad_link", "The link was used or has expired.")
        email, key = tidy_email(json.decode(ticket.body, type=Address).email)
        try:
            await self._ground.store.confirm_email(ticket.account, email, key)
        except Taken as error:
            raise Refused(403, "bad_link", "The link was used or has expired.") from error
        await self._ground.store.note("confirmed an address", ticket.account, ticket.account)

    async def invite(self, actor: UUID) -> str:
        """Make the secret of an invitation."""
        secret = new_secret()
        await self._ground.store.give_ticket(secret, "invite", None, "{}", _INVITE_SECONDS)
        await self._ground.store.note("made an invitation", actor, None)
        return secret

    def link(self, kind: str, secret: str) -> str:
        """Return the address of a page that uses a secret. It is in the fragment, which no server
        and no Referer is told."""
        return f"{self._ground.options.url.rstrip('/')}/#{kind}={secret}"

    async def ask_to_confirm(self, account: UUID, email: str) -> None:
        """Send a link that confirms an address, or say there that it is another account's."""
        site = self._ground.options.url
        if self._ground.mail is None:
            return
        try:
            await self._ground.attempts.take((f"mail {key_of(email)}", self._ground.limits.mails))
        except TooManyTries:
            return
        if await self._ground.store.named(key_of(email)):
            # Told to the owner of the address alone.
            self._ground.mail.send_soon(
                email,
                "You have an account already",
                f"Somebody, perhaps you, gave this address at {site}. It is that of an account that"
                " is there already: sign in to it, or set a new password.\n",
            )
            return
        secret = new_secret()
        body = json.encode(Address(email)).decode()
        await self._ground.store.drop_tickets(account, "confirm")
        await self._ground.store.give_ticket(secret, "confirm", account, body, _CONFIRM_SECONDS)
        self._ground.mail.send_soon(
            email,
            "Confirm your address",
            f"Somebody, perhaps you, gave this address at {site}.\n\nTo confirm it, open this link"
            f" within a week:\n\n    {self.link('confirm', secret)}\n\n"
            "If it was not you, do nothing.\n",
        )
