"""One engine at one kind of work, in a process of its own: time and memory.

    python -m tests.bench.engine_measure prepare ROW ENGINE INPUT ARTIFACT
    python -m tests.bench.engine_measure measure ROW ENGINE ARTIFACT SECONDS

The second prints JSON. Memory is that of the first run, before which the process has done nothing
but read its artifact; what is repeated after it is timed.
"""

from __future__ import annotations

import gc
import hashlib
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

from msgspec import Struct, json

from tests.bench import engine_ot, engine_peers
from tests.bench.engine_data import INPUTS

MOST_RUNS = 15
PROCESS = Path("/proc/self")


class Measured(Struct):
    """`times` are milliseconds of processor time; `peak` is bytes above the start, 0 where nobody
    tells.

    `digest` is of the text the work ends with, or of what else it gives; empty for nothing.
    """

    times: list[float]
    peak: int
    digest: str


def main(verb: str, row: str, engine: str, file: str, last: str) -> None:
    cases = {**engine_ot.CASES, **engine_peers.CASES}
    prepare, work = cases[row, engine.removesuffix(", compiled")]
    content = Path(file).read_bytes()
    if verb == "prepare":
        artifact = prepare(json.decode(content, type=INPUTS[row]))
        Path(last).write_bytes(pickle.dumps(artifact))
    else:
        measured = measure(work, pickle.loads(content), float(last))
        sys.stdout.write(json.encode(measured).decode())


def measure(work: Callable[[Any], Callable[[], object]], artifact: Any, seconds: float) -> Measured:
    """Run once for the memory, then again for so long and at least once."""
    gc.collect()
    _forget_peak()
    before = _memory("RSS")
    result = work(artifact)()
    peak = _memory("HWM") - before
    times: list[float] = []
    while not times or (len(times) < MOST_RUNS and sum(times) < seconds * 1000):
        run = work(artifact)
        gc.collect()
        start = process_time()
        run()
        times.append((process_time() - start) * 1000)
    return Measured(times, peak, hashlib.sha256(str(result).encode()).hexdigest())


def _forget_peak() -> None:
    try:
        (PROCESS / "clear_refs").write_text("5")
    except OSError:
        return


def _memory(which: str) -> int:
    try:
        status = (PROCESS / "status").read_text()
    except OSError:
        return 0
    return int(status.split(f"Vm{which}:")[1].split()[0]) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
