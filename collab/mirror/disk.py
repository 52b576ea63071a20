"""The folder of a mirror: what is in it, and writing there without losing what others write.

Writers are any: editors that write in place or rename a file over another, formatters, checkouts.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dulwich.ignore import IgnoreFilter, IgnoreFilterManager

OWN = ".collab"
"""The mirror's own folder: what would be lost, and what it remembers. It is never sent."""
_NEVER = {OWN, ".git", "", ".", ".."}
_ALWAYS = [b"__pycache__/", b"node_modules/", b".venv/", b".*.sw?", b"*~"]
_ALWAYS += [b"4913", b".DS_Store", b".#*", b"#*#"]
_TEMPORARY = ".collab-"
_RULES = ".gitignore"
_NO_REPLACE, _EXCHANGE = 1, 2
_AT_FDCWD = -100


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts by which a file is known without reading it."""

    inode: int
    size: int
    changed: int


class Disk:
    """One folder. Paths are relative to it, with slashes."""

    def __init__(self, folder: Path, most: int) -> None:
        """`most` is the size in bytes of the largest file that a room may have."""
        self.folder = folder.resolve()
        self._most = most
        self.folders = frozenset({""})
        """The folders that the last scan has looked into."""
        self._rules: dict[str, Seen] = {}
        """Every .gitignore that the last scan has come by, also those that are ignored."""
        self._load_ignores()

    def _load_ignores(self) -> None:
        """Read every .gitignore anew. Git's rules, and names of what no room wants."""
        always = IgnoreFilter(_ALWAYS)
        self._ignores = IgnoreFilterManager(str(self.folder), [always], ignorecase=False)
        self._ignored: dict[str, bool] = {}

    def _is_ignored(self, path: str) -> bool:
        found = self._ignored.get(path)
        if found is None:
            found = self._ignored[path] = bool(self._ignores.is_ignored(path))
        return found

    def is_ours(self, path: str) -> bool:
        """Tell whether a path is one to be kept in step: not ignored, and inside the folder."""
        parts = path.split("/")
        if any(part in _NEVER or "\\" in part or "\0" in part for part in parts):
            return False
        if not _is_utf8(path):
            return False
        if parts[-1].startswith(_TEMPORARY):
            return False
        above = ["/".join(parts[:n]) + "/" for n in range(1, len(parts))]
        if any(self._is_ignored(each) for each in [*above, path]):
            return False
        return not self._is_through_link(path)

    def is_rules(self, path: str) -> bool:
        """Tell whether a path is that of a file which says what is ignored."""
        return path.rpartition("/")[2] == _RULES

    def is_noise(self, path: str) -> bool:
        """Tell whether news of a path can be passed over: a file that is not kept in step."""
        if self.is_rules(path) or (self.folder / path).is_dir():
            return False
        return not self.is_ours(path)

    def scan(self) -> dict[str, Seen]:
        """Return every file to be kept in step. Links are passed over.

        Raises OSError where the folder itself is not there.
        """
        self.folder.stat()
        found, rules = self._walk()
        if rules != self._rules:
            self._rules = rules
            self._load_ignores()
            found, _ = self._walk()
        return found

    def _walk(self) -> tuple[dict[str, Seen], dict[str, Seen]]:
        found: dict[str, Seen] = {}
        rules: dict[str, Seen] = {}
        folders = [""]
        for folder in folders:
            with suppress(OSError), os.scandir(self.folder / folder) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    if entry.name in _NEVER or entry.is_symlink() or not _is_utf8(entry.name):
                        continue
                    if entry.name == _RULES:
                        rules[path] = _seen(entry.stat(follow_symlinks=False))
                    if entry.is_dir(follow_symlinks=False):
                        if not self._is_ignored(path + "/"):
                            folders.append(path)
                    elif entry.is_file(follow_symlinks=False) and self._is_file_ours(path):
                        with suppress(OSError):
                            found[path] = _seen(entry.stat(follow_symlinks=False))
        self.folders = frozenset(folders)
        return found, rules

    def look(self, path: str) -> Seen | None:
        """Return what one file is known by; None where there is none."""
        with suppress(OSError):
            of = (self.folder / path).lstat()
            return _seen(of) if stat.S_ISREG(of.st_mode) else None
        return None

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; None where there is none, or a larger one than any of a
        room."""
        with suppress(OSError):
            if (seen := self.look(path)) and seen.size <= self._most:
                return (self.folder / path).read_bytes()
        return None

    def is_gone(self, path: str) -> bool:
        """Tell whether there is no such file. Returns False where the folder cannot be looked
        into."""
        try:
            return not stat.S_ISREG((self.folder / path).lstat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False

    def write(self, path: str, content: bytes) -> tuple[Seen, Displaced | None]:
        """Put a file in place at once. Returns what it is known by, and what it has displaced.

        On Linux nothing that is written meanwhile is lost: both files change places, and what was
        there is read afterwards. Raises OSError where a folder or another thing is in the way.
        """
        target = self._inside(path)
        if target.exists() and not (target.is_file() and os.access(target, os.R_OK)):
            raise FileExistsError(f"{path} is no file here that can be read")
        if (there := self.look(path)) and there.size > self._most:
            raise FileExistsError(f"{path} is too large here to be kept")
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._temporary(target)
        temporary.write_bytes(content)
        try:
            with suppress(OSError):
                temporary.chmod(target.stat().st_mode & 0o7777)
            seen = _seen(temporary.stat())
            if not target.exists() and _rename(temporary, target, _NO_REPLACE):
                return seen, None
            if _rename(temporary, target, _EXCHANGE):
                return seen, Displaced(temporary)
            displaced = Displaced(target) if target.exists() else None
            temporary.replace(target)
            return seen, displaced
        finally:
            temporary.unlink(missing_ok=True)

    def touch(self, path: str) -> None:
        """Have watchers look at a file again. An exchange is for some, such as that of VS Code, a
        new file that is gone at once, of which they tell nothing."""
        with suppress(OSError):
            target = self._inside(path)
            target.chmod(target.stat().st_mode & 0o7777)

    def remove(self, path: str) -> bytes | None:
        """Remove a file, and the folders that are empty then. Returns what it was."""
        with suppress(OSError):
            target = self._inside(path)
            temporary = self._temporary(target)
            target.rename(temporary)
            try:
                return temporary.read_bytes()
            finally:
                temporary.unlink(missing_ok=True)
                self._remove_empty(path)
        return None

    def rename(self, path: str, to: str) -> bool:
        """Give a file another path. Returns False where it is not there, or another file is."""
        with suppress(OSError):
            source, target = self._inside(path), self._inside(to)
            is_same = target.exists() and target.samefile(source)  # but for the case of letters
            if self.is_gone(path) or (os.path.lexists(target) and not is_same):
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            self._remove_empty(path)
            return True
        return False

    def put_aside(self, path: str, content: bytes) -> str:
        """Keep what would be lost. Returns where, as a path in the folder."""
        stamp = time.strftime("%Y%m%d-%H%M%S")
        digest = hashlib.sha256(content).hexdigest()[:6]
        folder, _, name = path.rpartition("/")
        short = name.encode()[:200].decode(errors="ignore")
        kept = "/".join(filter(None, (OWN, "lost", folder, f"{short}.{stamp}-{digest}")))
        target = self.folder / kept
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return kept

    def _inside(self, path: str) -> Path:
        """Return the place of a file. Raises OSError where a link leads out of the folder."""
        if self._is_through_link(path):
            raise FileExistsError(f"a link is in the way of {path}")
        return self.folder / path

    def _is_through_link(self, path: str) -> bool:
        place = self.folder / path
        return place.is_symlink() or any(
            folder.is_symlink() for folder in place.parents if folder.is_relative_to(self.folder)
        )

    def _temporary(self, target: Path) -> Path:
        name = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
        return target.with_name(f"{_TEMPORARY}{os.getpid()}-{name}")

    def _remove_empty(self, path: str) -> None:
        with suppress(OSError):
            for folder in (self.folder / path).parents:
                if folder == self.folder:
                    break
                folder.rmdir()

    def _is_file_ours(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return not name.startswith(_TEMPORARY) and not self._is_ignored(path)


class Displaced:
    """A file whose place another has taken. A program that had it open may still write to it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)

    def read(self) -> bytes:
        """Return what is there at this moment."""
        self._file.seek(0)
        return self._file.readall()

    def close(self) -> None:
        self._file.close()


def _is_utf8(name: str) -> bool:
    """Tell whether a name is text: on a disk it may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _seen(of: os.stat_result) -> Seen:
    return Seen(of.st_ino, of.st_size, of.st_mtime_ns)


def _rename(one: Path, other: Path, how: int) -> bool:
    """Rename a file as renameat2 of Linux does: not over another, or in exchange with it. Returns
    False where that is not so."""
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        return not libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), how)
    return False
