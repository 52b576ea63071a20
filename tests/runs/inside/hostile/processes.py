"""Processes of others, and more processes than there may be."""

import os
import resource
import signal
import threading

from attempts import Held, OUTSIDE, VICTIM, call, case, opens

case("a signal to a process outside")(lambda: os.kill(VICTIM, 0) or "signalled")
case("the environment of a process outside")(lambda: opens(f"/proc/{VICTIM}/environ"))
case("the memory of a process outside")(lambda: opens(f"/proc/{VICTIM}/mem", os.O_RDWR))


@case("the processes of others")
def _():
    found = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    if max(found) < 1000 and VICTIM not in found:
        raise Held
    return f"sees {len(found)} processes"


case("the memory of pid 1")(lambda: opens("/proc/1/mem", os.O_RDWR))
case("the environment of pid 1")(lambda: opens("/proc/1/environ") if OUTSIDE["root"] else _no())
case("ptrace")(lambda: call(101, 16, VICTIM, 0, 0))
case("process_vm_readv")(lambda: call(310, VICTIM, None, 0, None, 0, 0))
case("pidfd_open")(lambda: call(434, VICTIM, 0))
case("pidfd_getfd")(lambda: call(438, 3, 0, 0))
case("kcmp")(lambda: call(312, os.getpid(), VICTIM, 0, 0, 0))
case("the nice value of a process outside")(
    lambda: os.setpriority(os.PRIO_PROCESS, VICTIM, 19) or "set"
)
case("the affinity of a process outside")(lambda: os.sched_setaffinity(VICTIM, {0}) or "set")
case("the limits of a process outside")(
    lambda: resource.prlimit(VICTIM, resource.RLIMIT_NOFILE, (3, 3)) and "set"
)


def _no():
    raise Held


@case("limits, raised")
def _():
    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    resource.setrlimit(resource.RLIMIT_NPROC, (hard + 100, hard + 100))
    return "raised"


@case("descriptors of others")
def _():
    found = []
    for descriptor in range(4, 1024):  # 3 is the pipe of its reports
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        found.append(descriptor)
    if not found:
        raise Held
    return f"has {found}"


@case("any number of processes")
def _():
    return _many(os.fork)


def _many(fork):
    children = []
    try:
        for _ in range(400):
            child = fork()
            if child == 0:
                signal.pause()
            children.append(child)
    except OSError:
        raise Held from None
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return "400 processes"


@case("any number of threads")
def _():
    end = threading.Event()
    threads = []
    try:
        for _ in range(400):
            thread = threading.Thread(target=end.wait)
            thread.start()
            threads.append(thread)
    except RuntimeError:
        raise Held from None
    finally:
        end.set()
        for thread in threads:
            thread.join()
    return "400 threads"
