"""A message and its author, on the way to the database."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b

from msgspec import Struct

from collab.talk.messages import MessageBody


class Author(Struct, frozen=True):
    """Somebody who says something. `who` is derived from a secret of theirs.

    `access` is the number of the reading of the room's access that lets them talk. An author who
    `manages` the room may delete the messages of others.
    """

    who: str
    person: str
    name: str
    colour: int
    access: int
    manages: bool = False
    address: str = ""
    """The address of the connection, an IPv6 one by its /64."""


class Opening(Struct, frozen=True):
    """The anchor of a new thread, at a revision, and its text."""

    file: str
    revision: int
    start: int
    end: int
    quote: str


class Draft(Struct, frozen=True):
    """A message to keep.

    `mentions` are ids of people and are told to everybody. `names` are names of people who need not
    be here; they serve only to find who has mentions to read, and are not kept.
    """

    nonce: str
    text: str
    thread: int = 0
    suggestion: str | None = None
    mentions: Sequence[str] = ()
    opening: Opening | None = None
    names: Sequence[str] = ()
    reply: int = 0


class Kept(Struct, frozen=True):
    """A message, with its nonce, which nobody is told."""

    body: MessageBody
    nonce: str


def derive_who(secret: bytes, key: str) -> str:
    """Return the public id of the holder of a key in a room. The key cannot be found from it.

    Client ids have another hash. So nobody can tell that a key is used for both.
    """
    digest = blake2b(key.encode(), key=secret, person=b"talk", digest_size=9).digest()
    return urlsafe_b64encode(digest).decode()
