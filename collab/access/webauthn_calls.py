"""The calls of the library `webauthn`, of the extra `collab[passkeys]`.

A passkey says that its owner was there and was verified by the device, and tells whose it is, so
nobody is named. Importing the library takes as long as the rest of a start: see `Passkeys`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import webauthn
from msgspec import Struct, json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


class BadPasskey(Exception):
    """A browser's answer is not what was asked for."""


class Site(Struct, frozen=True):
    """The site of a page, as browsers tell it: its origin, and its name alone."""

    origin: str
    name: str


class Made(Struct, frozen=True):
    """A new passkey."""

    id: bytes
    public_key: bytes
    sign_count: int


def options_to_make(
    site: Site, challenge: bytes, user: bytes, name: str, held: Sequence[bytes], seconds: int
) -> dict[str, Any]:
    """Return what `navigator.credentials.create` takes, for an account without passkeys but
    `held`."""
    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name="Collab",
        user_id=user,
        user_name=name,
        challenge=challenge,
        timeout=seconds * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=id_) for id_ in held],
    )
    return _as_json(options)


def options_to_use(site: Site, challenge: bytes, seconds: int) -> dict[str, Any]:
    """Return what `navigator.credentials.get` takes."""
    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        timeout=seconds * 1000,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _as_json(options)


def check_made(site: Site, challenge: bytes, credential: dict[str, Any]) -> Made:
    """Check what a browser has made. Raises BadPasskey."""
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise BadPasskey from error
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def check_used(site: Site, challenge: bytes, kept: Made, credential: dict[str, Any]) -> int:
    """Check what a browser has signed with a passkey. Returns the new count of its signatures.

    Raises BadPasskey.
    """
    try:
        used = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise BadPasskey from error
    return used.new_sign_count


def _as_json(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.decode(webauthn.options_to_json(options))
    return found
