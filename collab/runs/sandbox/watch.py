"""Measures what all processes of a run use together."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

_TICKS = os.sysconf("SC_CLK_TCK")
_SOCKET_BUFFER, _PIPE_BUFFER = 208 * 1024, 64 * 1024
"""Bytes that the kernel may keep for a socket and a pipe that nobody reads."""
_MOST = 1 << 16
"""Bytes of a read."""
_FEW = 32
"""Descriptors that no process is charged for."""
_READ_FROM_INPUT = ("0 0x0 ", "63 0x0 ")
"""`/proc/PID/syscall` in a read of descriptor 0, on x86-64 and on aarch64."""
_POLLING = ("232", "281", "22", "441")


class Use:
    """What the processes of a run use at one moment, in bytes and milliseconds."""

    def __init__(self, processes: int) -> None:
        self.memory = self.cpu_ms = self.disk = self.files = 0
        self.processes = processes
        self.resident: dict[int, int] = {}
        """By process, what of `memory` are pages, which it may share with others."""
        self.counted: set[tuple[int, int]] = set()
        """The sockets, pipes and removed files that are in `memory` and `disk`."""


def _text(path: str) -> str:
    """Read a file of /proc. `open` would take twice as long, and a run may have 64 processes."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        text = b""
        while more := os.read(file, _MOST):
            text += more
        return text.decode(errors="replace")
    finally:
        os.close(file)


def _kib(text: str, name: str) -> int:
    """A number of `/proc/PID/status`, in bytes. Of what is ending there is none."""
    _, found, after = text.partition(name)
    return int(after[: after.index(" kB")]) * 1024 if found else 0


def descendants(pid: int) -> list[int]:
    """All processes below one, parents first."""
    found: list[int] = []
    parents = [pid]
    while parents:
        children = _children(parents.pop())
        found += children
        parents += children
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError):
                children += map(int, _text(f"/proc/{pid}/task/{thread}/children").split())
    return children


def measure(pids: list[int], folders: list[str], *, apart: bool) -> Use:
    """Measure processes, and the folders that they may write.

    Where the sandbox is `apart`, each folder is a file system of its own; else the files in it
    are added up, and those that are open or mapped but removed.
    """
    use = Use(len(pids))
    for pid in pids:
        with suppress(OSError, ValueError, IndexError):
            _add_memory(use, pid)
            _add_descriptors(use, pid, apart=apart)
            if not apart:
                _add_removed_maps(use, pid, folders)
    for folder in folders:
        with suppress(OSError):
            if apart:
                system = os.statvfs(folder)
                use.files += system.f_files - system.f_ffree
            else:
                _add_folder(use, folder)
    return use


def _add_memory(use: Use, pid: int) -> None:
    # The name of a process comes first, is its own, and ends with the line.
    status = _text(f"/proc/{pid}/status").partition("\n")[2]
    resident = _kib(status, "\nRssAnon:") + _kib(status, "\nRssShmem:")
    use.resident[pid] = resident
    use.memory += resident + _kib(status, "\nVmPTE:")
    times = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    use.cpu_ms += sum(map(int, times[11:15])) * 1000 // _TICKS


def share_memory(use: Use) -> None:
    """Count pages that processes share once, as forks do. It takes longer, so it is asked only
    where the sum of all is too much. What has ended since it was measured has none."""
    for pid, resident in use.resident.items():
        use.memory -= resident
        with suppress(OSError, ValueError):
            for line in _text(f"/proc/{pid}/smaps_rollup").splitlines():
                if line.startswith(("Pss_Anon:", "Pss_Shmem:")):
                    use.memory += int(line.split()[1]) * 1024


def _add_descriptors(use: Use, pid: int, *, apart: bool) -> None:
    """Add the memory that the kernel may keep for many sockets and pipes, each counted once."""
    # The size is their number, since Linux 6.2.
    if apart and 0 < os.stat(f"/proc/{pid}/fd").st_size <= _FEW:
        return
    names = os.listdir(f"/proc/{pid}/fd")
    if apart and len(names) <= _FEW:
        return
    for name in names:
        with suppress(OSError):
            found = os.stat(f"/proc/{pid}/fd/{name}")
            if (found.st_dev, found.st_ino) in use.counted:
                continue
            use.counted.add((found.st_dev, found.st_ino))
            if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
                use.disk += found.st_blocks * 512
            elif len(names) > _FEW and stat.S_ISSOCK(found.st_mode):
                use.memory += _SOCKET_BUFFER
            elif len(names) > _FEW and stat.S_ISFIFO(found.st_mode):
                use.memory += _PIPE_BUFFER


def _add_removed_maps(use: Use, pid: int, folders: list[str]) -> None:
    """Add the files that have no name any more, and are only mapped."""
    for line in _text(f"/proc/{pid}/maps").splitlines():
        if line.endswith(" (deleted)") and any(folder in line for folder in folders):
            start, _, end = line.partition(" ")[0].partition("-")
            use.disk += int(end, 16) - int(start, 16)


def _add_folder(use: Use, folder: str) -> None:
    """Add the blocks of the files in a folder, each file once whatever its names."""
    with os.scandir(folder) as entries:
        for entry in entries:
            use.files += 1
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    _add_folder(use, entry.path)
                else:
                    use.disk += entry.stat(follow_symlinks=False).st_blocks * 512


def waits_for_input(pid: int) -> bool:
    """Whether a process waits in a read of its input, or polls it and nothing keeps it busy."""
    try:
        call = _text(f"/proc/{pid}/syscall")
        if call.startswith(_READ_FROM_INPUT):
            return True
        number, _, rest = call.partition(" ")
        if number not in _POLLING:
            return False
        poller = int(rest.partition(" ")[0], 16)
        watched = _text(f"/proc/{pid}/fdinfo/{poller}")
    except (OSError, ValueError):
        return False
    return any(line.split()[:2] == ["tfd:", "0"] for line in watched.splitlines())
