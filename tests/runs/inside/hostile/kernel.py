"""Parts of the kernel that a program has no need of."""

import ctypes
import errno
import fcntl
import mmap
import os
import socket
import struct

from attempts import Held, call, case, in_child, opens

case("unshare, user")(lambda: call(272, 0x10000000))
case("unshare, network")(lambda: call(272, 0x40000000))
case("unshare, mounts")(lambda: call(272, 0x00020000))
case("setns")(lambda: call(308, 0, 0))
case("clone with a user namespace")(lambda: in_child(lambda: call(56, 0x10000000 | 17, 0, 0, 0, 0)))


@case("clone3 with a user namespace")
def _():
    arguments = struct.pack("=QQQQQQQQ", 0x10000000, 0, 0, 0, 17, 0, 0, 0)
    child = call(435, arguments, len(arguments))
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "cloned"


case("mount")(lambda: call(165, b"tmpfs", b"/tmp", b"tmpfs", 0, None))
case("open_tree")(lambda: call(428, -100, b"/", 1))
case("fsopen")(lambda: call(430, b"tmpfs", 0))
case("umount")(lambda: call(166, b"/proc", 2))
case("pivot_root")(lambda: call(155, b".", b"."))
case("chroot")(lambda: call(161, b"."))
case("open_by_handle_at")(lambda: call(304, -100, None, 0))
case("bpf")(lambda: call(321, 0, None, 0))
case("a key of the kernel")(lambda: call(248, b"user", b"a", b"b", 1, -3))
case("keyctl")(lambda: call(250, 0, -3, 1))
case("perf_event_open")(lambda: call(298, ctypes.create_string_buffer(128), 0, -1, -1, 0))
case("userfaultfd")(lambda: call(323, 1))
case("io_uring_setup")(lambda: call(425, 1, ctypes.create_string_buffer(120)))
case("memfd_create")(lambda: call(319, b"m", 0))
case("memfd_secret")(lambda: call(447, 0))
case("shared memory, System V")(lambda: call(29, 0, 4096, 0o1600))
case("a semaphore, System V")(lambda: call(64, 0, 1, 0o1600))
case("a message queue")(lambda: call(240, b"m", 0o102, 0o600, None))
case("the host's name")(lambda: call(170, b"pwned", 5))
case("the clock")(lambda: call(227, 0, struct.pack("=qq", 1, 1)))
case("kexec")(lambda: call(246, 0, 0, None, 0))
case("a module of the kernel")(lambda: call(313, 0, b"", 0))
case("the kernel's log")(lambda: call(103, 3, ctypes.create_string_buffer(9), 9))
case("swap")(lambda: call(167, b"main.py", 0))
case("the personality")(lambda: call(135, 0x0040000))
case("a performance of another scheduler")(lambda: call(144, 0, 1, struct.pack("=i", 1)))
case("a shorter slice, to go before others")(
    lambda: call(314, 0, struct.pack("=IIQiIQQQ", 48, 0, 0, 19, 0, 100_000, 0, 0), 0)
)
case("syslog")(lambda: opens("/dev/kmsg"))
case("a setting of the kernel")(lambda: opens("/proc/sys/kernel/core_pattern", os.O_WRONLY))
case("sysrq")(lambda: opens("/proc/sysrq-trigger", os.O_WRONLY))
case("the memory of the kernel")(lambda: opens("/proc/kcore"))


@case("shared memory without a file")
def _():
    mmap.mmap(-1, 4096)
    return "mapped"


@case("a character typed into a terminal")
def _():
    try:
        fcntl.ioctl(0, 0x5412, b"x")
    except OSError as error:
        if error.errno in (errno.ENOTTY, errno.EPERM):
            raise Held from None
    return "TIOCSTI is not refused"


@case("a larger pipe")
def _():
    ends = os.pipe()
    try:
        fcntl.fcntl(ends[0], 1031, 1 << 20)
    finally:
        for end in ends:
            os.close(end)
    return "1 MiB"


@case("large buffers of sockets")
def _():
    one, _other = socket.socketpair()
    before = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
    if one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == before:
        raise Held
    return "larger"


@case("another seccomp filter that takes the place of this one")
def _():
    return str(call(317, 1, 0, struct.pack("=HxxxxxxQ", 0, 0)))


@case("int 0x80")
def _():
    # mov eax, 20 (getpid of another table); int 0x80; ret
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
    page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7)
    page.write(code)
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    return in_child(function)


case("a call of the x32 table")(lambda: in_child(lambda: call(0x40000000 | 39)))
