"""The options of the domain."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Url = Annotated[str, Meta(pattern=r"\A(https?://[^\s]+)?\Z")]
Issuer = Annotated[
    str, Meta(pattern=r"\A(github\+)?(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s]+\Z")
]
SmtpUrl = Annotated[str, Meta(pattern=r"\A(smtps?://[^\s]+)?\Z")]


class AccessOptions(Struct, frozen=True):
    """The options that begin with --access."""

    sign_up: Annotated[
        str,
        Meta(
            min_length=1,
            description="who may sign up: open, invited, closed, or domains of e-mail addresses",
        ),
    ] = "open"
    session_days: Annotated[
        float, Meta(gt=0, description="days after which an unused sign-in ends")
    ] = 30.0
    guest_days: Annotated[
        float, Meta(gt=0, description="days after which an absent guest is forgotten")
    ] = 365.0
    trash_days: Annotated[
        float, Meta(gt=0, description="days that a room stays in somebody's trash")
    ] = 30.0
    url: Annotated[
        Url, Meta(description="address of this server, like https://pad.example.com, in e-mails")
    ] = ""
    smtp_url: Annotated[
        SmtpUrl, Meta(description="smtp://user:password@host:587 that sends e-mails; smtps for TLS")
    ] = ""
    mail_from: Annotated[str, Meta(description="sender of e-mails, like pad@example.com")] = ""

    oidc_issuers: Annotated[
        tuple[Issuer, ...],
        Meta(
            description="issuers of OpenID Connect, and github+https://github.com; of the extra"
            " collab[oidc]; needs the url"
        ),
    ] = ()
    oidc_clients: Annotated[
        tuple[str, ...], Meta(description="the client id that each issuer knows this server by")
    ] = ()
    oidc_secrets: Annotated[
        tuple[str, ...], Meta(description="the secret of each client id, none for public clients")
    ] = ()

    @property
    def mails(self) -> bool:
        """Tell whether this server can send e-mails with links in them."""
        return bool(self.url and self.smtp_url and self.mail_from)

    @property
    def domains(self) -> frozenset[str]:
        """Return the domains whose addresses may sign up. Empty where sign-up is open, invited
        or closed."""
        if self.sign_up in ("open", "invited", "closed"):
            return frozenset()
        parts = self.sign_up.lower().split(",")
        return frozenset(part.strip().lstrip("@") for part in parts if part.strip())


class AccessLimits(Struct, frozen=True):
    """The options that begin with --limit-access."""

    tries: Annotated[
        int, Meta(ge=1, description="tries to sign in to an account from one network in 15 minutes")
    ] = 10
    tries_account: Annotated[
        int, Meta(ge=1, description="tries to sign in to an account in 15 minutes")
    ] = 100
    tries_network: Annotated[
        int, Meta(ge=1, description="tries to sign in from one network in 15 minutes")
    ] = 100
    sign_ups: Annotated[
        int, Meta(ge=1, description="accounts that one network may make in 15 minutes")
    ] = 50
    mails: Annotated[int, Meta(ge=1, description="e-mails to one address in 15 minutes")] = 3
    waiting: Annotated[
        int, Meta(ge=1, description="passwords that wait to be checked in one process")
    ] = 32
    tokens: Annotated[int, Meta(ge=1, description="API tokens of an account")] = 50
    passkeys: Annotated[int, Meta(ge=1, description="passkeys of an account")] = 20
