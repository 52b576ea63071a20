"""The ETag of a text: the revision that it was read at, and a hash of it.

Two reads of one text may have two ETags. They are compared by their hashes; the revision tells
which text a program has changed, so that its change can be merged.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from msgspec import Struct

_ETAG = re.compile(r'(?:W/)?"(\d{1,15})-([0-9a-f]{16})"')


class ETag(Struct, frozen=True):
    """The version of one text."""

    revision: int
    hash: str

    @classmethod
    def of(cls, revision: int, content: bytes) -> ETag:
        return cls(revision, blake2b(content, digest_size=8).hexdigest())

    def __str__(self) -> str:
        return f'"{self.revision}-{self.hash}"'


def parse_etags(header: str) -> list[ETag]:
    """The ETags of ours that If-Match or If-None-Match names."""
    return [ETag(int(revision), hash_) for revision, hash_ in _ETAG.findall(header)]
