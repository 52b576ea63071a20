"""A program takes no more of the machine than the limits say, whatever it tries."""

from __future__ import annotations

import asyncio
import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collab.runs.sandbox import watch
from tests.runs.stages import STAGES as ALL_STAGES
from tests.runs.stages import ended, stage
from tests.support.pidfds import Pidfds
from tests.support.server import DEADLINE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is of Linux")

SESSIONS_SHARE = Path("/proc/self/autogroup").exists()
MEMORY = 128 * 1024 * 1024
# A slow machine computes long until a bomb is large, so a second is for those that only compute.
LIMITS = {"memory": MEMORY, "cpu": 300, "time": 600, "disk": 16 * 1024 * 1024, "files": 500}
STAGES = ("namespaces, as a user", "landlock, in a container")

BOMBS = {
    "memory of many processes": "memory",
    "page tables": "memory",
    "buffers of sockets": "memory",
    "buffers of pipes": "memory",
    "memory of orphans": "memory",
    "many files": "disk",
}
LOOPS = ("a loop behind a closed output", "a loop in many processes")
SOURCES = {
    "memory of many processes": """
import os, time
for _ in range(6):
    if os.fork() == 0:
        break
kept = [bytearray(b"x" * (1 << 20)) for _ in range(40)]
time.sleep(60)
""",
    "page tables": """
import ctypes, time
map_file = ctypes.CDLL(None).mmap
map_file.restype = ctypes.c_void_p
map_file.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
with open("sparse", "wb+") as file:
    file.truncate(16 << 20)
    for _ in range(8000):
        start = map_file(None, 16 << 20, 1, 1, file.fileno(), 0)
        for at in range(0, 16 << 20, 2 << 20):
            ctypes.c_char.from_address(start + at).value
time.sleep(60)
""",
    "buffers of sockets": """
import os, socket, time
for _ in range(12):
    if os.fork() == 0:
        break
kept = []
for _ in range(100):
    kept += socket.socketpair()
for one in kept:
    one.setblocking(False)
    try:
        while True:
            one.send(b"x" * 65536)
    except BlockingIOError:
        pass
time.sleep(60)
""",
    "buffers of pipes": """
import os, time
for _ in range(24):
    if os.fork() == 0:
        break
for _ in range(110):
    _, end = os.pipe()
    os.set_blocking(end, False)
    os.write(end, b"x" * 65536)
time.sleep(60)
""",
    "memory of orphans": """
import os, time
for _ in range(6):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        kept = [bytearray(b"x" * (1 << 20)) for _ in range(40)]
        time.sleep(60)
    os.wait()
time.sleep(60)
""",
    "many files": """
import time
for number in range(2000):
    open(f"file{number}", "w").close()
time.sleep(60)
""",
    "a loop behind a closed output": """
import os
os.close(1)
os.close(2)
while True:
    pass
""",
    "a loop in many processes": """
import os
for _ in range(4):
    os.fork()
while True:
    pass
""",
}
NODE_BOMBS = {
    "the heap": "const kept = []; while (true) kept.push({ a: [1, 2, 3] });",
    "buffers": "const kept = []; while (true) kept.push(Buffer.alloc(1 << 20, 1));",
    "shared buffers": "const kept = []; while (true) { const b = new SharedArrayBuffer(1 << 20);"
    " new Uint8Array(b).fill(1); kept.push(b); }",
    "wasm": "const kept = []; while (true) { const m = new WebAssembly.Memory({ initial: 16 });"
    " new Uint8Array(m.buffer).fill(1); kept.push(m); }",
}


def is_of_main(pid: int) -> bool:
    return b"\0main.py\0" in Path(f"/proc/{pid}/cmdline").read_bytes()


def slice_of(pid: int) -> int:
    """How many nanoseconds a process computes before others have their turn; 0 where the kernel
    does not say."""
    attributes = ctypes.create_string_buffer(48)
    call = {"x86_64": 315, "aarch64": 275}.get(platform.machine())
    if call is None or ctypes.CDLL(None).syscall(call, pid, attributes, 48, 0):
        return 0
    return int(struct.unpack_from("=IIQiIQ", attributes.raw)[-1])


@pytest.mark.parametrize("name", ALL_STAGES)
async def test_a_bomb_is_stopped_by_the_limit_it_exceeds(name: str, readable: Path) -> None:
    async with stage(name, readable, **LIMITS) as here:
        if here is None:
            pytest.skip("not for this user")
        # The kernel counts the processes of a user, so bombs of one user take turns.
        turns = asyncio.Semaphore(1 if name == "landlock, as a user" else len(BOMBS))

        async def explode(source: str) -> str:
            async with turns:
                _, _, end = await here.run(source, data=MEMORY)
                return end.reason

        reasons = await asyncio.gather(*(explode(SOURCES[bomb]) for bomb in BOMBS))
        assert dict(zip(BOMBS, reasons, strict=True)) == BOMBS
    another = readable / "another"
    another.mkdir()
    async with stage(name, another, **LIMITS | {"cpu": 1}) as brief:
        assert brief
        for loop in LOOPS:
            _, _, end = await brief.run(SOURCES[loop])
            assert end.reason == "cpu"


@pytest.mark.parametrize("name", ALL_STAGES)
async def test_a_program_is_told_what_it_cannot_have(name: str, readable: Path) -> None:
    async with stage(name, readable, **LIMITS) as here:
        if here is None:
            pytest.skip("not for this user")
        _, errors, end = await here.run("kept = bytearray(1 << 30)", data=MEMORY)
        assert (end.reason, end.exit, errors.splitlines()[-1]) == ("exit", 1, "MemoryError")
        source = "with open('big', 'wb') as file:\n    while True: file.write(b'x' * (1 << 20))"
        _, errors, end = await here.run(source)
        assert end.reason in ("exit", "signal", "disk")
        _, errors, end = await here.run("open('sparse', 'wb').truncate(1 << 40)")
        assert "File too large" in errors or -(end.exit or 0) == signal.SIGXFSZ
        removed = """
import os, time
for number in range(4):
    file = os.open("removed", os.O_RDWR | os.O_CREAT)
    left = 6 << 20
    while left:
        left -= os.write(file, b"x" * left)
    os.unlink("removed")
time.sleep(60)
"""
        _, errors, end = await here.run(removed)
        # A file system of its own is full; else the watch adds up what has no name any more.
        assert "No space left" in errors if here.apart else end.reason == "disk"


@pytest.mark.parametrize("name", ALL_STAGES)
async def test_a_bomb_in_javascript_is_stopped(name: str, readable: Path) -> None:
    async with stage(name, readable, **LIMITS) as here:
        if here is None or here.node is None:
            pytest.skip("not for this user")
        runs = await asyncio.gather(*map(here.run_node, NODE_BOMBS.values()))
        for bomb, (errors, end) in zip(NODE_BOMBS, runs, strict=True):
            heap = "heap out of memory" in errors or "allocation failed" in errors
            assert end.reason == "memory" or heap, (bomb, end, errors)


@pytest.mark.parametrize("name", STAGES)
async def test_a_program_ends_with_its_own_exit_status_and_cpu(name: str, readable: Path) -> None:
    computes = "import time\nwhile time.process_time() < 0.2: pass\n"
    async with stage(name, readable) as here:
        if here is None:
            pytest.skip("not for this user")
        _, _, end = await here.run(f"{computes}import sys; sys.exit(200)")
        assert (end.reason, end.exit) == ("exit", 200)
        assert 150 < end.cpu_ms < 5000
        _, _, end = await here.run("import os; os.kill(os.getpid(), 15)")
        assert (end.reason, end.exit) == ("signal", -15)


@pytest.mark.parametrize("name", ALL_STAGES)
async def test_nothing_is_left_of_what_ignores_signals_and_floods(
    name: str, readable: Path
) -> None:
    source = """
import os, signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
print("ignores", flush=True)
while True:
    print("x" * 1000)
"""
    async with stage(name, readable) as here:
        if here is None:
            pytest.skip("not for this user")

        for reason in ("stopped", "output", "the server is gone", "lost"):
            program = await here.start(source)
            output = await program.read(1)
            read = b""
            while len(read) < 1 << 20 or read.count(b"ignores\n") < 4:
                read += await output.read(1 << 16)
            warden = here.programs._process
            assert warden
            left = Pidfds(pid for pid in watch.descendants(warden.pid) if is_of_main(pid))
            assert len(left) == 4
            match reason:
                case "stopped":
                    program.stop()
                case "output":
                    program.kill(reason)
                case "lost":
                    warden.send_signal(signal.SIGKILL)
                case _:
                    program.close()  # as the kernel does it for a server that is killed
            await left.gone()
            if not reason.startswith("the server"):
                assert (await ended(program)).reason == reason
            program.close()


_FORKS_MUCH = """
import os, time
for _ in range(20):
    if os.fork() == 0:
        time.sleep(60)
pause = lambda: time.sleep(0.1)
"""


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("before", ["pause = int", _FORKS_MUCH], ids=["computes", "forks"])
async def test_a_program_that_takes_much_comes_last(name: str, before: str, readable: Path) -> None:
    source = f"""
{before}
import os
many = len(os.sched_getaffinity(0))
while os.getpriority(os.PRIO_PROCESS, 0) < 19 or len(os.sched_getaffinity(0)) == many > 1:
    pause()
print("last")
"""
    async with stage(name, readable) as here:
        if here is None:
            pytest.skip("not for this user")
        output, errors, _ = await here.run(source)
        assert output == "last\n", errors


@pytest.mark.parametrize("name", ["namespaces, as root", "namespaces, as a user"])
async def test_a_program_comes_last_in_whatever_session(name: str, readable: Path) -> None:
    source = """
import os

def nice():
    return open("/proc/self/autogroup").read().split()[-1]

while (before := nice()) == "0":  # the kernel may not take the value at the first look
    pass
if os.fork():
    os.wait()
else:
    os.setsid()
    while nice() != before:
        pass
    try:
        open("/proc/self/autogroup", "w").write("0")
    except BlockingIOError:  # for who is not root the kernel takes one in 100 ms
        pass
    while nice() != before:
        pass
    print(before)
"""
    async with stage(name, readable) as here:
        if here is None or not SESSIONS_SHARE:
            pytest.skip("not for this user")
        output, errors, _ = await here.run(source)
        assert output in ("5\n", "19\n"), errors


async def test_in_a_crowd_each_program_comes_last_whenever_it_started(readable: Path) -> None:
    async with stage("landlock, in a container", readable) as here:
        if here is None:
            pytest.skip("not for this user")
        source = """
import os, time

def turn():
    return os.getpriority(os.PRIO_PROCESS, 0), len(os.sched_getaffinity(0))

try:
    os.sched_setaffinity(0, range(64))
    print("it takes any processor")
except OSError:
    pass
print(*(before := turn()), flush=True)
while turn() == before:
    time.sleep(0.01)
print(*turn(), flush=True)
input()
"""
        processors = len(os.sched_getaffinity(0))
        soon, last = b"5 %d\n" % processors, b"19 %d\n" % max(1, processors - 1)
        crowd, outputs = [], []
        for number in range(processors + 1):
            crowd.append(await here.start(source))
            outputs.append(await crowd[-1].read(1))
            assert await outputs[-1].readline() == (soon if number < processors else last)
        async with asyncio.timeout(DEADLINE):
            for output in outputs[:processors]:
                assert await output.readline() == last
        assert here.programs._process
        warden = here.programs._process.pid
        supervisors = watch.descendants(warden)[: processors + 1]
        for pid in (warden, *supervisors):
            assert len(os.sched_getaffinity(pid)) == max(1, processors - 1)
        for program in crowd:
            program.close()
        told = b""
        while told != soon:  # until the crowd is over
            program = await here.start(source)
            told = await (await program.read(1)).readline()
            program.close()
        assert len(os.sched_getaffinity(warden)) == processors


async def test_whoever_wakes_need_not_wait_for_the_slice_of_a_program(readable: Path) -> None:
    async with stage("landlock, in a container", readable) as here:
        if here is None or not slice_of(0):
            pytest.skip("not for this user, or this kernel has no slices")
        program = await here.start("print('on', flush=True)\ninput()")
        await (await program.read(1)).readline()
        assert here.programs._process
        supervisor, *_ = watch.descendants(here.programs._process.pid)
        inside = watch.descendants(supervisor)[-1]
        assert slice_of(0) < slice_of(supervisor) < slice_of(inside)
        program.close()


async def test_a_program_that_comes_last_hears_of_its_stop_like_others(readable: Path) -> None:
    source = """
import os
nice = lambda: os.getpriority(os.PRIO_PROCESS, 0)
try:
    while nice() < 19:
        pass
    print("last", flush=True)
    while True:
        pass
except KeyboardInterrupt:
    processors = len(os.sched_getaffinity(0))
    print(nice(), open("/proc/self/autogroup").read().split()[-1], processors)
"""
    async with stage("namespaces, as root", readable) as here:
        if here is None:
            pytest.skip("not for this user")
        program = await here.start(source)
        output = await program.read(1)
        assert await output.readline() == b"last\n"
        assert here.programs._process
        supervisor, *_ = watch.descendants(here.programs._process.pid)
        processors = len(os.sched_getaffinity(0))
        assert len(os.sched_getaffinity(supervisor)) == max(1, processors - 1)
        program.stop()
        assert (await ended(program)).reason == "stopped"
        assert await output.read() == b"0 0 %d\n" % len(os.sched_getaffinity(0))
        program.close()


@pytest.fixture
def background() -> Iterator[None]:
    """Started processes ignore SIGINT, as a script's background processes do."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("background")
async def test_a_stopped_program_says_where_it_was(readable: Path) -> None:
    async with stage("namespaces, as root", readable) as here:
        if here is None:
            pytest.skip("not for this user")
        program = await here.start("import time\nprint('on', flush=True)\ntime.sleep(60)\n")
        output, errors = await program.read(1), await program.read(2)
        await output.readline()
        program.stop()
        end = await ended(program)
        assert end.reason == "stopped"
        told = (await errors.read()).decode()
        assert 'File "/room/main.py", line ' in told
        assert told.endswith("KeyboardInterrupt\n")
        program.close()


async def test_a_program_that_waits_for_input_is_known_to_wait(readable: Path) -> None:
    async with stage("namespaces, as root", readable) as here:
        if here is None:
            pytest.skip("not for this user")
        program = await here.start("print(input('? ')); print(input())")
        told: list[object] = []
        async with asyncio.timeout(DEADLINE):
            async for event in program.events():
                told.append(event)
                if event == {"waiting": True}:
                    program.write("Bö\n".encode())
                    program.end_input()
        output = await (await program.read(1)).read()
        assert {"waiting": True} in told
        assert output.decode().startswith("? Bö\n")
        program.close()
