"""The base of every service of accounts: the settings, the rows, and the checks."""

from __future__ import annotations

from uuid import UUID

from collab.access.mail import Mail
from collab.access.options import AccessLimits, AccessOptions
from collab.access.passwords import BadPassword, Passwords
from collab.access.store import Account, AccountStore
from collab.access.who import Watch
from collab.errors import PeerError
from collab.store.attempts import Attempts, TooManyTries


class Refused(PeerError):
    """A request is refused, with an HTTP status, a stable code, and words."""

    def __init__(self, status: int, code: str, words: str, wait: int = 0) -> None:
        super().__init__(code, words)
        self.status = status
        self.wait = wait


class Ground:
    """Has no database at first. `begin` gives it one once the server has it."""

    def __init__(self, options: AccessOptions, limits: AccessLimits, watch: Watch) -> None:
        self.options = options
        self.limits = limits
        self.watch = watch
        self.passwords = Passwords(limits.waiting)
        self.mail = Mail(options.smtp_url, options.mail_from) if options.mails else None

    def begin(self, store: AccountStore, attempts: Attempts) -> None:
        self.store = store
        self.attempts = attempts

    async def close(self) -> None:
        if self.mail:
            await self.mail.close()
        self.passwords.close()

    async def known(self, account: UUID) -> Account:
        """Return an account that is there. Raises Refused."""
        found = await self.store.one(account)
        if found is None:
            raise Refused(401, "not_signed_in", "This account is not there any more.")
        return found

    async def end_sessions(
        self, account: UUID, *, kind: str | None = None, but: UUID | None = None
    ) -> None:
        """End sessions and their sockets."""
        for session in await self.store.end_all(account, kind=kind, but=but):
            self.watch.end(session)

    def check_domain(self, email: str) -> None:
        """Raise Refused where addresses of that domain may not sign up."""
        domains = self.options.domains
        if domains and email.rpartition("@")[2].lower() not in domains:
            names = ", ".join(sorted(domains))
            raise Refused(403, "other_domain", f"Addresses of this server end in: {names}.")

    async def take_try(self, *most: tuple[str, int]) -> None:
        """Count a try of each name against its limit. Raises Refused."""
        try:
            await self.attempts.take(*most)
        except TooManyTries as error:
            raise Refused(429, "too_many_tries", str(error), error.seconds) from error

    async def hash(self, password: str) -> str:
        """Return the hash of a password. Raises Refused and TooBusy."""
        try:
            return await self.passwords.hash(password)
        except BadPassword as error:
            raise Refused(400, "bad_password", str(error)) from error

    async def verify(self, kept: str | None, password: str) -> bool:
        """Tell whether the password is the one. Raises TooBusy."""
        return await self.passwords.verify(kept, password)
