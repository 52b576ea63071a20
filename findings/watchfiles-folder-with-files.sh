#!/usr/bin/env bash
# watchfiles 1.3.0: a folder that is moved into a watched one, and a file that replaces another
#
# Guess: a recursive watch tells each file of a folder that comes in, as it tells each file that is written; a file that
#        takes another's place by a rename is told as modified.
# Saw:   of the folder only its own name is told, as added, and of no file in it, however deep; those are told once they
#        are written to. A file that took another's place is told as added, as if there had been none.
# So:    the mirror goes by no kind of change: each name makes it look, and a folder that was not there makes it look at
#        everything.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with watchfiles==1.3.0
seen=$(python - <<'PY'
import asyncio
import os
from pathlib import Path

from watchfiles import awatch


async def main() -> None:
    watched, outside = Path("watched").resolve(), Path("outside").resolve()
    (outside / "lib/deep").mkdir(parents=True)
    watched.mkdir()
    for path in (outside / "lib/a.py", outside / "lib/deep/b.py", watched / "main.py"):
        path.write_text("x = 1\n")
    (outside / "saved.py").write_text("x = 2\n")
    changes = awatch(watched, watch_filter=None, step=50, debounce=500, rust_timeout=100, yield_on_timeout=True)

    async def told() -> str:
        async for batch in changes:
            if batch:
                return " ".join(sorted(f"{kind.name} {Path(path).relative_to(watched)}" for kind, path in batch))
        return ""

    await anext(changes)  # the watch has begun
    os.rename(outside / "lib", watched / "lib")
    print(await told())
    os.replace(outside / "saved.py", watched / "main.py")
    print(await told())
    (watched / "lib/deep/b.py").write_text("x = 3\n")
    print(await told())


asyncio.run(main())
PY
)
expect "a folder with two files moved in" "$(sed -n 1p <<<"$seen")" "added lib"
expect "a file replaced" "$(sed -n 2p <<<"$seen")" "added main.py"
expect "a file of that folder written" "$(sed -n 3p <<<"$seen")" "modified lib/deep/b.py"
