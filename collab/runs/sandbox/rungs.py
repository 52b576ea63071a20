"""The rungs: how a sandbox is started on each, with the attack that each step stops.

`namespaces` is bubblewrap: file system, processes, network, IPC and host name of its own.
`landlock` is for containers in which nobody may make namespaces: the kernel judges paths instead.
Both have the filter of `seccomp` and the limits of `launch`. `command` is the operator's own: the
program behind a prefix, without any of this.
"""

from __future__ import annotations

import _socket
import os
from collections.abc import Callable, Iterator, Sequence

from collab.confining import kernel, seccomp
from collab.runs.sandbox import launch, watch

ROOM = "/room"
_SLOTS = 61_184, 4_000
"""The first user id of the sandboxes of a server that is root, and how many there are."""
_SHARED_MEMORY = 16 * 1024 * 1024
_CONFIGURATION = (
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "alternatives",
    "ssl",
    "fonts",
)
_DEVICES = ("null", "zero", "full", "random", "urandom")


class Sandbox:
    """A started sandbox. `main` is our child; when it ends, the run has ended.

    `folders` are those that the program may write, as they are seen from outside: the room, and the
    temporary one. Its own file systems are `apart`. `remove` is a folder to remove after the run.
    """

    def __init__(
        self,
        main: int,
        channel: _socket.socket,
        folders: list[str],
        cwd: str,
        temporary: str,
        *,
        apart: bool,
        remove: str = "",
    ) -> None:
        self.main = self.program = main
        self.channel = channel
        self.folders = folders
        self.cwd = cwd
        self.temporary = temporary
        self.apart = apart
        self.remove = remove


class Plan:
    """What all sandboxes of one warden have in common."""

    def __init__(
        self,
        rung: str,
        python: str,
        visible: list[str],
        limits: dict[str, int],
        bwrap: str,
        prefix: list[str],
    ) -> None:
        self.rung = rung
        self.python = python
        self.visible = visible
        self.limits = limits
        self.bwrap = bwrap
        self.prefix = prefix


def start(plan: Plan, slot: int) -> Sandbox:
    """Start a sandbox, in which `launch` waits for an order. Raises OSError, with words."""
    ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    words, errors = os.pipe()
    root = os.geteuid() == 0
    uid = _SLOTS[0] + (os.getppid() * 16 + slot) % _SLOTS[1] if root else -1
    try:
        if plan.rung == "namespaces":
            sandbox = _namespaces(plan, uid, ours, theirs, errors)
        elif plan.rung == "command":
            sandbox = _command(ours, theirs, errors)
        else:
            sandbox = _landlock(plan, uid, ours, theirs, errors)
    finally:
        os.close(errors)
        theirs.close()
    ours.settimeout(30)
    ready = ours.recv(16)
    ours.settimeout(None)
    if ready != b"ready":
        said = os.read(words, 4096).decode(errors="replace").strip()
        raise OSError(said or "the sandbox does not start")
    os.close(words)
    if sandbox.apart:
        inside = watch.descendants(sandbox.main)
        sandbox.program = inside[-1]
        sandbox.folders = [f"/proc/{sandbox.program}/root{at}" for at in (ROOM, "/tmp")]
    return sandbox


def _limits(plan: Plan) -> dict[str, int]:
    """The limits that hold for each process, whatever the program's language."""
    return {
        "CORE": 0,
        "NPROC": plan.limits["processes"] + (0 if plan.rung == "namespaces" else _others()),
        "NOFILE": 256,
        "MEMLOCK": 65_536,
        "SIGPENDING": 256,
        "MSGQUEUE": 0,
        "RTPRIO": 0,
        "NICE": 0,
        "FSIZE": plan.limits["disk"],
        "CPU": plan.limits["cpu"] + 1,
    }


def _others() -> int:
    """The threads that the user of a sandbox has besides it, which count for its limit."""
    if os.geteuid() == 0:
        return 0
    count = 0
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                if os.stat(f"/proc/{name}").st_uid == os.getuid():
                    count += len(os.listdir(f"/proc/{name}/task"))
            except OSError:
                continue
    return count


def _namespaces(
    plan: Plan, uid: int, ours: _socket.socket, theirs: _socket.socket, errors: int
) -> Sandbox:
    judge, filter_ = os.pipe()
    os.write(filter_, seccomp.program(os.uname().machine, apart=True))
    os.close(filter_)
    with open(launch.__file__, encoding="utf-8") as file:
        source = file.read()
    call = f"{source}\nmain({theirs.fileno()}, {uid}, {_limits(plan)!r})"
    disk = str(plan.limits["disk"])
    command = [
        plan.bwrap,
        # Nobody else's processes, sockets, shared memory or host name. A server that is root
        # needs no user namespace, and becomes a user who has nothing instead.
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        "--unshare-cgroup-try",
        *(
            ("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
            if uid >= 0
            else ("--unshare-user",)
        ),
        *("--hostname", "room", "--die-with-parent", "--new-session"),
        # Ours is the first process: bubblewrap's own would not be under the filter, and a program
        # of the same user could write its memory.
        "--as-pid-1",
        # Only what an interpreter needs, and none of it to be written.
        *_system(),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--perms", "1777", "--size", str(_SHARED_MEMORY), "--tmpfs", "/dev/shm"),
        *("--perms", "1777", "--size", disk, "--tmpfs", "/tmp"),
        # After /tmp, which an interpreter may be in.
        *(part for path in plan.visible for part in _show(path)),
        *("--perms", "0777", "--size", disk, "--tmpfs", ROOM),
        # The root and /dev are tmpfs, too, and have no size.
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", ROOM),
        *("--seccomp", str(judge), plan.python, "-I", "-S", "-c", call),
    ]
    main = os.fork()
    if main == 0:
        try:
            _keep([judge, theirs.fileno()], errors)
            os.execve(plan.bwrap, command, {})
        finally:
            os._exit(127)
    os.close(judge)
    return Sandbox(main, ours, [], ROOM, "/tmp", apart=True)


def _system() -> list[str]:
    """What bubblewrap shows of the system: /usr, the names that lead into it, a little of /etc."""
    shown = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = f"/{name}"
        if os.path.islink(path):
            shown += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            shown += ["--ro-bind", path, path]
    for name in _CONFIGURATION:
        shown += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return shown


def _show(path: str) -> Iterator[str]:
    """Show a folder at its own path, below folders that anybody may pass."""
    parts = path.split("/")
    for end in range(2, len(parts)):
        parent = "/".join(parts[:end])
        if not parent.startswith("/usr"):
            yield from ("--perms", "0755", "--dir", parent)
    yield from ("--ro-bind", path, path)


def _landlock(
    plan: Plan, uid: int, ours: _socket.socket, theirs: _socket.socket, errors: int
) -> Sandbox:
    home, folders = _make_folders()
    if uid >= 0:
        for folder in (home, *folders):
            os.chown(folder, uid, uid)

    def begin(channel: int) -> None:
        kernel.landlock(_allowed(plan, folders))
        kernel.filter_calls(seccomp.program(os.uname().machine, apart=False))
        launch.main(channel, uid, limits)

    limits = _limits(plan)
    return _forked(begin, home, folders, ours, theirs, errors)


def _make_folders() -> tuple[str, list[str]]:
    """Make a folder that is our user's alone, with those of a run in it."""
    home = f"/tmp/collab-run-{os.urandom(8).hex()}"
    os.mkdir(home, 0o700)
    folders = [f"{home}/room", f"{home}/tmp"]
    for folder in folders:
        os.mkdir(folder)
    return home, folders


def _command(ours: _socket.socket, theirs: _socket.socket, errors: int) -> Sandbox:
    home, folders = _make_folders()
    return _forked(
        lambda channel: launch.main(channel, -1, {}), home, folders, ours, theirs, errors
    )


def _forked(
    begin: Callable[[int], None],
    home: str,
    folders: list[str],
    ours: _socket.socket,
    theirs: _socket.socket,
    errors: int,
) -> Sandbox:
    """Start a sandbox that is a child of ours, in folders of ours. `begin` is given the descriptor
    of its channel."""
    main = os.fork()
    if main == 0:
        try:
            os.setsid()
            os.chdir(folders[0])
            channel = os.dup2(theirs.fileno(), 1000)
            _keep([channel], errors)
            begin(channel)
        except BaseException as error:  # noqa: BLE001 - whatever it is, no sandbox starts
            os.write(2, str(error).encode())
        finally:
            os._exit(127)
    return Sandbox(main, ours, folders, folders[0], folders[1], apart=False, remove=home)


def _allowed(plan: Plan, folders: Sequence[str]) -> list[tuple[str, int]]:
    look = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", *plan.visible]
    look += [f"/etc/{name}" for name in _CONFIGURATION]
    devices = [(f"/dev/{name}", kernel.READ | kernel.WRITE) for name in _DEVICES]
    return [
        *((path, kernel.LOOK) for path in look),
        *devices,
        *((folder, kernel.CHANGE) for folder in folders),
    ]


def _keep(descriptors: Sequence[int], errors: int) -> None:
    """Leave a child these descriptors, an empty input, and a place for its errors."""
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(errors, 1)
    os.dup2(errors, 2)
    last = 2
    for descriptor in sorted(descriptors):
        os.closerange(last + 1, descriptor)
        os.set_inheritable(descriptor, True)
        last = descriptor
    os.closerange(last + 1, 1 << 20)


def clear(sandbox: Sandbox) -> None:
    """Remove what a run has left on the disk."""
    if sandbox.remove:
        # Nothing else needs it, and a warden is small.
        import shutil  # noqa: PLC0415

        shutil.rmtree(sandbox.remove, ignore_errors=True)
