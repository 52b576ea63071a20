"""The names and e-mail addresses of accounts, and how they are compared."""

from __future__ import annotations

import re
from unicodedata import normalize

from collab.protocol import check_name

_MOST_NAME = 40
_MOST_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]{1,64}@[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+")
_TAKEN = frozenset({"former member", "guest", "rest api", "admin", "administrator", "collab"})
"""Names that would look like somebody else's."""


class BadName(Exception):
    """A name or an address that no account can have, with words."""


def tidy_name(name: str) -> tuple[str, str]:
    """Return a name, and the form in which it is compared. Raises BadName."""
    name = " ".join(normalize("NFC", name).split(" ")).strip()
    if not 1 <= len(name) <= _MOST_NAME:
        raise BadName(f"A name has 1 to {_MOST_NAME} characters.")
    if "@" in name:
        raise BadName("A name has no @, so that it does not look like an e-mail address.")
    try:
        check_name(name)
    except ValueError as error:
        raise BadName(f"{error}.") from error
    key = key_of(name)
    if key in _TAKEN:
        raise BadName("This name is kept free.")
    return name, key


def tidy_email(email: str) -> tuple[str, str]:
    """Return an address, and the form in which it is compared. Raises BadName."""
    email = normalize("NFC", email).strip()
    domain = email.rpartition("@")[2]
    if len(email) > _MOST_EMAIL or not _EMAIL.fullmatch(email) or ".." in email:
        raise BadName("This is no e-mail address.")
    try:
        domain.encode("idna")
    except UnicodeError as error:
        raise BadName("This is no e-mail address.") from error
    return email, key_of(email)


def key_of(name: str) -> str:
    """Return the form in which names and addresses are compared."""
    return " ".join(normalize("NFKC", normalize("NFKC", name).casefold()).split())
