"""The person or program behind a request, as the log will name its author.

Nobody checks what a request says of itself here, just as nobody checks the name in a `join`.
"""

from __future__ import annotations

from urllib.parse import unquote

from litestar.exceptions import ValidationException
from msgspec import Struct, convert
from msgspec.structs import replace

from collab.protocol import Name, PersonId, check_name
from collab.room.session import client_id

NAME_HEADER = "X-Collab-Name"
PERSON_HEADER = "X-Collab-Person"
UNNAMED = "REST API"
"""The author's name in entries of programs that do not say theirs."""


class Asker(Struct, frozen=True):
    """The name that people are told, and the public id of the person; None for a program that has
    none."""

    name: Name = UNNAMED
    person: PersonId | None = None

    def person_in(self, secret: bytes) -> PersonId:
        """Return the public id that the entries of the room with this secret have.

        All programs of one name that have no id are one person of the room.
        """
        return self.person or client_id(secret, self.name)


def asker_of(name: str | None, person: str | None) -> Asker:
    """Read both headers. The name is UTF-8 in percent-encoding, since headers are ASCII.

    Raises ValidationException.
    """
    header = NAME_HEADER
    try:
        asker = Asker() if name is None else Asker(convert(unquote(name), Name))
        check_name(asker.name)
        header = PERSON_HEADER
        return replace(asker, person=convert(person, PersonId | None))
    except ValueError as error:  # those of msgspec, too
        raise ValidationException(extra=[{"key": header, "message": str(error)}]) from error
