"""A server that dies between the commit of a run and its start: `python -m tests.faults.unclaimed`.

It takes the options of `python -m collab`.
"""

from __future__ import annotations

import os
import signal
import sys

from collab.runs.store import RunStore


async def _die(*_: object) -> bool:
    os.kill(os.getpid(), signal.SIGKILL)
    return False


if __name__ == "__main__":
    RunStore.claim = _die  # type: ignore[method-assign, assignment]
    sys.argv[0] = "collab"
    from collab.cli import main

    main()
