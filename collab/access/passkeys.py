"""Passkeys (WebAuthn) of accounts: made, used to sign in, and removed.

A passkey belongs to one site, by its name. It signs a challenge, which is the secret of a ticket:
it works once, within minutes, for what it was made for.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct, convert, json

from collab.access.ground import Ground, Refused
from collab.access.sessions import new_secret
from collab.errors import NotStorable
from collab.live.addresses import household, parse_address

if TYPE_CHECKING:
    from collab.access.webauthn_calls import Site

_SECONDS = 300
_MAKE, _SIGN_IN = "passkey", "passkey-in"
_OF = """
select id, label, created_at, used_at from passkey where account_id = $1 order by created_at, id
"""
_ONE = "select account_id, public_key, sign_count from passkey where id = $1"
_ADD = """
insert into passkey (id, account_id, public_key, sign_count, label, created_at)
values ($1, $2, $3, $4, $5, now())
"""
_USE = "update passkey set sign_count = $2, used_at = now() where id = $1"
_DROP = "delete from passkey where id = $1 and account_id = $2"


class PasskeyRow(Struct, frozen=True):
    """A passkey as its owner sees it."""

    id: bytes
    label: str
    created_at: datetime
    used_at: datetime | None


class _Said(Struct, frozen=True):
    clientDataJSON: str  # noqa: N815 - as browsers write it


class _Credential(Struct, frozen=True):
    """The part of a browser's answer that this module reads. The library reads the rest."""

    id: str
    response: _Said


class _ClientData(Struct, frozen=True):
    challenge: str


class Passkeys:
    """`origin` is this server's as the browser has it, and `address` where a request comes from."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def of(self, account: UUID) -> list[PasskeyRow]:
        rows = await self._ground.store.fetch(_OF, account)
        return [PasskeyRow(*row) for row in rows]

    async def ask_to_make(self, account: UUID, origin: str) -> dict[str, Any]:
        """Return the options with which a browser makes a passkey. Raises Refused."""
        calls = await _calls()
        site = self._site(calls, origin)
        known = await self._ground.known(account)
        held = [row.id for row in await self.of(account)]
        if len(held) >= (most := self._ground.limits.passkeys):
            words = f"The limit is {most} passkeys. Remove one first."
            raise Refused(409, "too_many_passkeys", words)
        challenge = await self._challenge(_MAKE, account)
        name = known.name or ""
        found: dict[str, Any] = calls.options_to_make(
            site, challenge, account.bytes, name, held, _SECONDS
        )
        return found

    async def make(
        self, account: UUID, origin: str, label: str, credential: dict[str, Any]
    ) -> PasskeyRow:
        """Keep the passkey that a browser has made. Raises Refused."""
        calls = await _calls()
        site = self._site(calls, origin)
        challenge, whose, _ = await self._taken(_MAKE, credential)
        if whose != account:
            raise _wrong()
        try:
            made = calls.check_made(site, challenge, credential)
        except calls.BadPasskey as error:
            raise _wrong() from error
        row = (made.id, account, made.public_key, made.sign_count, label)
        try:
            await self._ground.store.connections.execute(_ADD, *row)
        except NotStorable as error:
            raise Refused(409, "passkey_taken", "This passkey is known already.") from error
        await self._ground.store.note("made a passkey", account, account)
        return next(row for row in await self.of(account) if row.id == made.id)

    async def remove(self, account: UUID, passkey: str) -> bool:
        """Forget a passkey; False where there is none such."""
        try:
            id_ = _bytes(passkey)
        except ValueError:
            return False
        execute = self._ground.store.connections.execute
        if (await execute(_DROP, id_, account)).endswith(" 0"):
            return False
        await self._ground.store.note("removed a passkey", account, account)
        return True

    async def ask_to_sign_in(self, origin: str, address: str) -> dict[str, Any]:
        """Return the options with which a browser signs in. Raises Refused."""
        calls = await _calls()
        site = self._site(calls, origin)
        limit = self._ground.limits.tries_network
        await self._ground.take_try((_try(address), limit))
        challenge = await self._challenge(_SIGN_IN, None)
        found: dict[str, Any] = calls.options_to_use(site, challenge, _SECONDS)
        return found

    async def sign_in(
        self, origin: str, credential: dict[str, Any], address: str
    ) -> tuple[UUID, bytes]:
        """Return whose passkey it is, and its id. Raises Refused."""
        calls = await _calls()
        site = self._site(calls, origin)
        challenge, _, id_ = await self._taken(_SIGN_IN, credential)
        row = await self._ground.store.connections.fetchrow(_ONE, id_)
        if row is None:
            raise _wrong()
        account: UUID = row["account_id"]
        kept = calls.Made(id_, row["public_key"], row["sign_count"])
        try:
            count = calls.check_used(site, challenge, kept, credential)
        except calls.BadPasskey as error:
            raise _wrong() from error
        await self._ground.store.connections.execute(_USE, id_, count)
        await self._ground.attempts.give_back(_try(address))
        return account, id_

    def _site(self, calls: ModuleType, origin: str) -> Site:
        """Return the site that asks. Raises Refused for one without a name."""
        where = urlsplit(self._ground.options.url or origin)
        name = where.hostname or ""
        if not name or parse_address(name):
            words = "Passkeys need a site with a name, such as localhost: an address has none."
            raise Refused(409, "no_site_name", words)
        site: Site = calls.Site(f"{where.scheme}://{where.netloc}".lower(), name)
        return site

    async def _challenge(self, kind: str, account: UUID | None) -> bytes:
        secret = new_secret()
        await self._ground.store.give_ticket(secret, kind, account, "{}", _SECONDS)
        return _bytes(secret)

    async def _taken(
        self, kind: str, credential: dict[str, Any]
    ) -> tuple[bytes, UUID | None, bytes]:
        """Take the ticket of the challenge that was signed. Returns the challenge, whom it was
        for, and the id of the passkey. Raises Refused."""
        try:
            read = convert(credential, _Credential)
            id_ = _bytes(read.id)
            said = json.decode(_bytes(read.response.clientDataJSON), type=_ClientData)
            challenge = _bytes(said.challenge)
        except ValueError as error:
            raise _wrong() from error
        ticket = await self._ground.store.use_ticket(said.challenge, kind)
        if ticket is None:
            raise _wrong()
        return challenge, ticket.account, id_


def text_of(id_: bytes) -> str:
    """Return the id of a passkey as browsers write it."""
    return base64.urlsafe_b64encode(id_).rstrip(b"=").decode()


async def _calls() -> ModuleType:
    """Return `collab.access.webauthn_calls`. It is imported when it is needed first, in a thread,
    so that neither the start nor anybody who types waits for it."""
    return await asyncio.to_thread(import_module, "collab.access.webauthn_calls")


def _try(address: str) -> str:
    return f"passkey {household(address)}"


def _bytes(text: str) -> bytes:
    """Read base64url without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _wrong() -> Refused:
    words = "The passkey is not known here, or came too late. Try again."
    return Refused(401, "wrong_passkey", words)
