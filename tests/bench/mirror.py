"""Measure how a mirror keeps a folder in step: python -m tests.bench.mirror [--tokens N]

`collab mirror` as a process of its own, with a folder of a thousand files. How soon a save on the
disk is on a page in Chromium, and an edit in a room on the disk; what an edit and doing nothing
cost the mirror. Then two mirrors of one room, with an editor for each file and folder that saves
texts which it has read some time ago, in place and by a rename, while people type in the same
files: which of the tokens are not in the room in the end, or there twice, and whether those that
are not are in a side file. And again with two editors for each file and folder, of which each takes
away what the other has saved since: that is lost, but in a side file.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from math import inf
from pathlib import Path
from random import Random
from statistics import median, quantiles

from playwright.async_api import Page

from collab.client import Room, connect
from tests.bench.measured import Row, browsing, serving, table
from tests.support.server import Server

FILES, SAVES, EDITS = 1000, 60, 200
TOKENS, RIVALS = 20_000, 4_000
PER_SAVE = 5
STALE = 0.8
"""Seconds for which an editor has a text before it is saved, at most."""
APART = 1.0
"""Seconds between the saves of two editors: what is overwritten at once no mirror can have read."""
IDLE = 30.0
"""Seconds in which nothing happens."""
_SHARED = [f"{name}.md" for name in "abcd"]
_TICKS = os.sysconf("SC_CLK_TCK")
_SEE = """() => {
  window.seen = {};
  const look = () => {
    for (const [token] of document.querySelector(".cm-content").textContent.matchAll(/save-\\d+-/g))
      window.seen[token] ??= Date.now();
  };
  new MutationObserver(look).observe(document.querySelector(".cm-content"),
    { subtree: true, childList: true, characterData: true });
}"""


@asynccontextmanager
async def mirroring(link: str, folder: Path) -> AsyncIterator[int]:
    """Run `collab mirror`. Yields its process id."""
    command = [sys.executable, "-m", "collab", "mirror", link, str(folder), "--name", folder.name]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def until(is_so: Callable[[], bool]) -> None:
    """Nothing tells of the disk."""
    while not is_so():  # noqa: ASYNC110
        await asyncio.sleep(0.002)


def cpu(pid: int) -> float:
    """The seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def read(file: Path) -> str:
    return file.read_text()


def holds(file: Path, text: str) -> bool:
    return file.read_text() == text


def save(file: Path, text: str, *, in_place: bool) -> None:
    if in_place:
        file.write_text(text)
    else:
        temporary = file.with_name(f"{file.name}~")
        temporary.write_text(text)
        temporary.replace(file)


async def measure_saves(page: Page, file: Path) -> list[float]:
    """Return the milliseconds from each save on the disk until the page shows it."""
    await page.evaluate(_SEE)
    saved: dict[str, float] = {}
    rng = Random(1)
    for number in range(SAVES):
        token = f"save-{number}-"
        saved[token] = time.time() * 1000
        save(file, f"{read(file)}{token}\n"[-400:], in_place=bool(number % 2))
        await page.wait_for_function("token => window.seen[token]", arg=token, polling=20)
        await asyncio.sleep(0.2 + 0.2 * rng.random())
    seen: dict[str, float] = await page.evaluate("window.seen")
    return [seen[token] - at for token, at in saved.items()]


async def measure_edits(room: Room, file: Path, pid: int) -> tuple[list[float], float]:
    """Return the milliseconds from each edit in the room to the disk, and those of processor time
    that the mirror takes for one."""
    text = await room.open(file.name)
    before, times = cpu(pid), []
    for number in range(EDITS):
        begun = time.perf_counter()
        text.write(words := f"edit {number}\n")
        await until(partial(holds, file, words))
        times.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.02)
    return times, (cpu(pid) - before) * 1000 / EDITS


async def measure_thousand(server: Server, folder: Path) -> list[Row]:
    names = [f"folder-{number % 50}/{number}.md" for number in range(FILES - 2)]
    texts = {"main.md": "main\n", "edited.md": "", **{name: f"# {name}\n" for name in names}}
    room_id = server.create_room(files=texts)
    link = f"{server.url}/r/{room_id}"
    begun = time.perf_counter()
    async with mirroring(link, folder) as pid:
        await until(lambda: all((folder / name).exists() for name in texts))
        rows = [Row("a thousand files on the disk, s", time.perf_counter() - begun, "s", inf)]
        await asyncio.sleep(2)
        before = cpu(pid)
        await asyncio.sleep(IDLE)
        rows.append(Row("CPU of an idle mirror, %", (cpu(pid) - before) / IDLE * 100, "%", 1))
        async with connect(link, name="Ann") as ann:
            times, cost = await measure_edits(ann, folder / "edited.md", pid)
        rows += [
            Row("edit in the room to the disk, p50", median(times), "ms", inf),
            Row("CPU of the mirror for an edit of the room", cost, "ms", inf),
        ]
        async with browsing() as browser:
            page = await browser.new_page()
            await page.goto(link)
            await page.locator(".cm-content").wait_for()
            times = await measure_saves(page, folder / "main.md")
        rows += [
            Row("save on the disk to a browser, p50", median(times), "ms", 150),
            Row("save on the disk to a browser, p95", quantiles(times, n=20)[-1], "ms", inf),
        ]
    return rows


async def edit_stale(file: Path, name: str, count: int, turn: asyncio.Lock | None) -> list[str]:
    """Be an editor that saves what it has read a while ago, and often goes on from that. With a
    `turn` it is not the only one."""
    rng = Random(name)
    written: list[str] = []
    text = ""
    while len(written) < count:
        if not text or rng.random() < 0.5:
            text = read(file)
        await asyncio.sleep(rng.random() * STALE)
        lines = text.splitlines(keepends=True)
        for _ in range(PER_SAVE):
            written.append(f"{name}-{len(written)}-")
            lines.insert(rng.randrange(len(lines) + 1), f"{written[-1]}\n")
        text = "".join(lines)
        async with turn or nullcontext():
            save(file, text, in_place=rng.random() < 0.5)
            await asyncio.sleep(APART if turn else 0)
    return written


async def type_on(link: str, path: str, count: int) -> list[str]:
    rng = Random(path)
    written: list[str] = []
    async with connect(link, name=f"Person at {path}") as room:
        text = await room.open(path)
        while len(written) < count:
            written.append(f"typed-{path[0]}-{len(written)}-")
            at = text.text.find("\n", rng.randrange(len(text.text))) + 1
            text.replace(at, at, f"{written[-1]}\n")
            await asyncio.sleep(0.05)
        await text.saved()
    return written


async def measure_tokens(
    server: Server, folders: Sequence[Path], tokens: int, *, editors: int = 1
) -> list[Row]:
    """Have so many tokens written, half of them by editors on the disk: so many for each file."""
    room_id = server.create_room(files={path: f"# {path}\n" for path in _SHARED})
    link = f"{server.url}/r/{room_id}"
    async with mirroring(link, folders[0]), mirroring(link, folders[1]):
        files = [folder / path for folder in folders for path in _SHARED]
        await until(lambda: all(file.exists() for file in files))
        turns = {file: asyncio.Lock() if editors > 1 else None for file in files}
        share = tokens // 2
        count = share // len(files) // editors
        lists = await asyncio.gather(
            *(
                edit_stale(file, f"{number}-{file.parent.name}-{file.stem}", count, turns[file])
                for file in files
                for number in range(editors)
            ),
            *(type_on(link, path, share // len(_SHARED)) for path in _SHARED),
        )
        async with connect(link, name="Judge") as judge:
            texts = {path: await judge.open(path) for path in _SHARED}
            async with asyncio.timeout(120):
                await asyncio.sleep(2)
                await until(lambda: all(f.read_text() == texts[f.name].text for f in files))
            found = Counter(re.findall(r"[\w-]+-", "".join(t.text for t in texts.values())))
    written = [token for one in lists for token in one]
    lost = [token for token in written if not found[token]]
    aside = "".join(
        file.read_text()
        for folder in folders
        for file in (folder / ".collab").rglob("lost/**/*")
        if file.is_file()
    )
    gone = sum(f"{token}\n" not in aside for token in lost)
    most = 0.05 if editors == 1 else inf
    who = "one editor" if editors == 1 else f"{editors} editors"
    return [
        Row(f"tokens, with {who} for each file and folder", len(written), "", inf),
        Row("of them lost, %", len(lost) / len(written) * 100, "%", most),
        Row("of them lost, number", len(lost), "", inf),
        Row("of them lost, and in no side file", gone, "", 0),
        Row("of them doubled", sum(found[token] > 1 for token in written), "", 0),
    ]


async def measure(tokens: int, *, only_tokens: bool = False) -> list[Row]:
    with serving() as server, tempfile.TemporaryDirectory(prefix="collab-mirror-") as name:
        folders = [Path(name) / one for one in ("thousand", "left", "right", "port", "starboard")]
        rows = [] if only_tokens else await measure_thousand(server, folders[0])
        rows += await measure_tokens(server, folders[1:3], tokens)
        return rows + await measure_tokens(server, folders[3:], min(tokens, RIVALS), editors=2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--only-tokens", action="store_true")
    given = parser.parse_args()
    rows = asyncio.run(measure(given.tokens, only_tokens=given.only_tokens))
    sys.stdout.write(table(rows) + "\n")


if __name__ == "__main__":
    main()
