"""Fetches the files of a public repository, in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from msgspec import Struct

from collab.files.apart import read_apart
from collab.files.found import Found, FoundLimits

_TOO_MUCH = "The repository takes more time or memory to read than there is for it."
_LONGER = 60.0
"""Seconds for a process to start, and to say itself that the time is over."""


class Wanted(Struct, frozen=True):
    """A repository that is to be fetched, in at most so many `bytes` as they come and seconds.

    `ref` is a branch or tag; "" for what the repository shows first. `hosts` may be fetched from
    although they are in our own network.
    """

    url: str
    ref: str
    bytes: int
    within: float
    hosts: tuple[str, ...]
    limits: FoundLimits


class GitSettings(Struct, frozen=True):
    """Bounds of what may be fetched: see `FilesLimits` and `FilesOptions`."""

    bytes: int
    within: float
    hosts: tuple[str, ...]

    def wanted(self, url: str, ref: str, limits: FoundLimits) -> Wanted:
        return Wanted(url, ref, self.bytes, self.within, self.hosts, limits)


def check_url(url: str) -> str | None:
    """Say in words why nothing is fetched from an address; None where it may be tried."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return "It is no address."
    if parts.scheme != "https" or not parts.hostname:
        return "It has to begin with https://."
    if parts.username is not None or parts.password is not None:
        return "It cannot have a name or password in it."
    return None


async def fetch(wanted: Wanted) -> AsyncGenerator[Found]:
    """Yield what a repository holds. Ends after Refused."""
    folder = await asyncio.to_thread(TemporaryDirectory, prefix="collab-git-")
    try:
        patience = wanted.within + _LONGER
        work = "collab.files.git_work"
        async with aclosing(
            read_apart(work, wanted, _TOO_MUCH, cwd=folder.name, patience=patience)
        ) as found:
            async for one in found:
                yield one
    finally:
        await asyncio.to_thread(folder.cleanup)
