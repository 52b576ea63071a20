"""The first program in a sandbox: it waits for a run, takes its files, and becomes its program.

It runs before anything of a stranger does, with the limits of the run already set. It imports
nothing but built-in modules, since a person waits for it. A sandbox with a file system of its own
is given this text as `python -c`.
"""

import _socket
import ctypes
import marshal
import os
import resource
import signal

_MOST = 1 << 20
"""Bytes of an order."""
_REPORTS = 3
"""The descriptor on which a program reports pictures and tests: see `collab.runs.reports`."""
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4


def main(channel_fd: int, uid: int, limits: dict[str, int]) -> None:
    """Prepare, say so on the channel, and do what the order that comes back says.

    An order is `{"argv", "env", "limits"}`; with it come descriptors: an archive, and the
    program's input, output, errors and reports. `uid` is the user to become, -1 for none.
    """
    channel = _socket.socket(fileno=channel_fd)
    limit(limits)
    if uid >= 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    # Only now: a change of the user clears it.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getpid() != 1:
        channel.send(b"ready")
    elif program := os.fork():
        # The first process of a sandbox takes in the orphans. The filter holds for it, too.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        channel.send(b"ready")
        be_first(program, channel)
    body, found, _, _ = channel.recvmsg(_MOST, _socket.CMSG_SPACE(20))
    if not body:
        os._exit(1)
    order = marshal.loads(body)
    data = found[0][2]
    archive, *standard = (int.from_bytes(data[at : at + 4], "little") for at in range(0, 20, 4))
    unpack(archive)
    for number, descriptor in enumerate(standard):
        os.dup2(descriptor, number)
    os.set_inheritable(_REPORTS, True)
    os.closerange(_REPORTS + 1, 1024)
    limit(order["limits"])
    # What a script starts in the background ignores it, and so would all that a server starts.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    argv = order["argv"]
    try:
        os.execve(argv[0], argv, order["env"])
    except OSError as error:
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
        os._exit(127)


def be_first(program: int, channel: _socket.socket) -> None:
    """Wait for every process that ends, and end with the program.

    Before that, tell the program's exit status and its milliseconds of CPU: the kernel takes long
    to clear away what a sandbox has of its own, and says only then that this process has ended.
    """
    os.closerange(0, channel.fileno())
    os.closerange(channel.fileno() + 1, 1024)
    while True:
        pid, status = os.wait()
        if pid == program:
            code = os.waitstatus_to_exitcode(status)
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            channel.send(b"%d %d" % (code, 1000 * (used.ru_utime + used.ru_stime)))
            os._exit(code if code >= 0 else 128 - code)


def limit(limits: dict[str, int]) -> None:
    """Set limits of this process, by name. None can be raised again."""
    for name, most in limits.items():
        what = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(what)[1]
        fitting = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (fitting, fitting))


def unpack(archive: int) -> None:
    """Write the files of an archive below the current folder.

    An archive is the length of its index in eight bytes, the index, which is a list of
    (path, size), and the contents one after another.
    """
    length = int.from_bytes(os.pread(archive, 8, 0), "little")
    index = marshal.loads(os.pread(archive, length, 8))
    at = 8 + length
    made = {""}
    for path, size in index:
        folder = path.rpartition("/")[0]
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
        end = at + size
        while at < end:
            at += os.write(file, os.pread(archive, min(1 << 20, end - at), at))
        os.close(file)
