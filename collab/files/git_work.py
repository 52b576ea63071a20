"""Runs in the process that reads one public repository: see `apart`.

    python -m collab.files.git_work WANTED

WANTED is JSON. It fetches the newest commit alone, into the folder that it is started in, and reads
its tree. Nothing is checked out, followed or run.
"""

from __future__ import annotations

import errno
import signal
import stat
import sys
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any, cast
from urllib.parse import urlsplit

from dulwich.client import HTTPUnauthorized, Urllib3HttpGitClient
from dulwich.config import ConfigDict
from dulwich.errors import NotGitRepository
from dulwich.object_store import DiskObjectStore, ObjectStoreGraphWalker
from dulwich.objects import Blob, Commit, ObjectID, Tag, Tree
from dulwich.refs import Ref
from msgspec import json

from collab.files.apart import confine, write_all
from collab.files.found import Found, Refused, Remark, Sorter, too_large
from collab.files.git import Wanted
from collab.files.hosts import NotPublic, pool

_SUBMODULE = 0o160000
_LFS = b"version https://git-lfs.github.com/spec/"
_MOST_POINTER = 1024
"""Bytes of a file that stands for one that is elsewhere."""


class _TooSlow(Exception):
    pass


class _Missing(Exception):
    """Raised, with words, when the wanted thing is not in the repository."""


def read_repository(wanted: Wanted) -> Iterator[Found]:
    """Yield the files of a repository. Ends after Refused."""
    try:
        store, commit = _fetch(wanted)
        yield from _Reading(store, wanted).all(commit)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, a stranger's server made it
        yield Refused(_words(error, wanted))


def _words(error: BaseException, wanted: Wanted) -> str:
    chain = [error]
    while (below := chain[-1].__cause__ or chain[-1].__context__) and below not in chain:
        chain.append(below)
    for one in chain:
        # urllib3 keeps what went wrong in the exception that it raises.
        match getattr(one, "reason", None) or one:
            case _TooSlow():
                return f"The repository did not come within {wanted.within:g} seconds."
            case _Missing():
                return str(one)
            case NotPublic():
                return "The address leads into this server's own network."
            case HTTPUnauthorized() | NotGitRepository():
                return "There is no public repository at this address."
            case OSError(errno=errno.EFBIG):
                return f"The repository is larger than {wanted.bytes} bytes, the limit."
            case MemoryError():
                return "The repository takes more memory to read than there is for it."
    return "The repository could not be fetched. Check the address and try again."


def _fetch(wanted: Wanted) -> tuple[DiskObjectStore, ObjectID]:
    def too_slow(_signal: int, _frame: FrameType | None) -> None:
        raise _TooSlow

    signal.signal(signal.SIGALRM, too_slow)
    signal.setitimer(signal.ITIMER_REAL, wanted.within)
    url = urlsplit(wanted.url)
    client = Urllib3HttpGitClient(
        f"https://{url.netloc}/",
        pool_manager=pool({host.lower() for host in wanted.hosts}),
        config=ConfigDict(),  # nothing of the machine's
        thin_packs=False,
    )
    store = DiskObjectStore.init(".")
    chosen: list[ObjectID] = []

    def choose(refs: Any, depth: int | None = None) -> list[ObjectID]:
        chosen.append(_choose(refs, wanted.ref))
        return chosen

    pack, commit, _abort = store.add_pack()
    walker = ObjectStoreGraphWalker([], lambda _: [], shallow=set(), update_shallow=_ignore)
    client.fetch_pack(url.path, choose, walker, pack.write, depth=1)
    signal.setitimer(signal.ITIMER_REAL, 0)
    commit()
    return store, chosen[0]


def _choose(refs: dict[Ref, ObjectID], name: str) -> ObjectID:
    """The commit of a branch or tag, or of what the repository shows first."""
    if not name:
        if head := refs.get(cast("Ref", b"HEAD")):
            return head
        raise _Missing("The repository is empty.")
    for kind in (b"refs/heads/", b"refs/tags/"):
        if found := refs.get(cast("Ref", kind + name.encode())):
            return found
    raise _Missing(f"There is no branch or tag {name} in the repository.")


def _ignore(*_: object) -> None:
    pass


class _Reading:
    """One repository while its tree is read."""

    def __init__(self, store: DiskObjectStore, wanted: Wanted) -> None:
        self._store = store
        self._limits = wanted.limits
        self._sorter = Sorter(wanted.limits.room)
        self._entries = 0
        self._bytes = 0

    def all(self, commit: ObjectID) -> Iterator[Found]:
        found = self._store[commit]
        while isinstance(found, Tag):
            found = self._store[found.object[1]]
        if not isinstance(found, Commit):
            raise _Missing("The branch or tag is none of files.")
        yield from self._folder("", found.tree)

    def _folder(self, path: str, tree: ObjectID) -> Iterator[Found]:
        """A folder may stand in a tree a thousand times, so each time counts."""
        found = self._store[tree]
        assert isinstance(found, Tree)
        for name, mode, id_ in found.iteritems():
            self._entries += 1
            if self._entries > (most := self._limits.entries):
                raise _Missing(f"The repository has more than {most} files and folders, the limit.")
            inner = path + name.decode(errors="replace")
            names = self._sorter.names(inner)
            if isinstance(names, Remark):
                yield names
            elif not names:
                continue
            elif stat.S_ISDIR(mode):
                yield self._sorter.folder(names)
                yield from self._folder(inner + "/", id_)
            elif mode == _SUBMODULE:
                yield Remark(inner, "It is a submodule, another repository, which is not fetched.")
            elif stat.S_ISLNK(mode):
                yield Remark(inner, "It is a link, and links are not followed.")
            else:
                yield from self._file(names, id_)

    def _file(self, names: Sequence[str], blob: ObjectID) -> Iterator[Found]:
        found = self._store[blob]
        assert isinstance(found, Blob)
        data = found.as_raw_string()
        if data.startswith(_LFS) and len(data) < _MOST_POINTER:
            words = "Its content is in Git LFS, from which nothing is fetched."
            yield Remark("/".join(names), words)
            return
        if len(data) > self._limits.room.asset:
            yield Remark("/".join(names), too_large(self._limits.room))
            return
        self._bytes += len(data)
        if self._bytes > (most := self._limits.total):
            raise _Missing(f"The files of the repository have more than {most} bytes, the limit.")
        yield from self._sorter.file(names, data)


if __name__ == "__main__":
    asked = json.decode(sys.argv[1], type=Wanted)
    confine(asked.bytes)
    write_all(read_repository(asked))
