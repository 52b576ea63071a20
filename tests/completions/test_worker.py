"""Processes that answer, hang, swell and die."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from collab.completions import patterns
from collab.completions.providers import Chain, Suggestion
from collab.completions.worker import Worker
from tests.completions.cases import question

PATIENCE = 120.0
HELLO = question("def hello|", "python")
APPEND = question("x = []\nx.ap|", "python")
SWELLING = question("s = 'a'\n" + "s = s + s\n" * 60 + "s.up|", "python")
"""Jedi adds the strings, to see what becomes of them."""
SPINNING = question(
    "x0 = 1\n"
    + "".join(f"x{n + 1} = [x{n}, x{n}] if x else x{n} + x{n}\n" for n in range(3000))
    + "x3000.ap|",
    "python",
)
"""It follows every way there is: for seconds."""


ON_ONE_LOOP = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def worker() -> AsyncIterator[Worker]:
    worker = Worker("names", patience=PATIENCE, limit=PATIENCE)
    yield worker
    process = process_id(worker)
    await worker.close()
    assert not alive(process)


def process_id(worker: Worker) -> int:
    assert worker._process
    return worker._process.pid


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def answer(worker: Worker) -> list[str]:
    """Return the worker's suggestions for a text that Jedi knows all about."""
    return [suggestion.text for suggestion in await worker.suggest(APPEND)]


async def test_a_worker_answers_as_the_function_does() -> None:
    worker = Worker("patterns", patience=PATIENCE, limit=PATIENCE)
    for asked in (HELLO, APPEND):
        assert list(await worker.suggest(asked)) == patterns.suggest(asked)
    await worker.close()


async def test_a_text_that_jedi_spins_on_is_cut_off() -> None:
    worker = Worker("names", patience=PATIENCE, limit=0.3)
    started = await worker._started()
    assert await worker.suggest(SPINNING) == []
    assert not alive(started.pid)
    await worker.close()


@ON_ONE_LOOP
async def test_a_process_that_was_killed_is_started_again(worker: Worker) -> None:
    assert await answer(worker) == ["pend"]
    os.kill(process_id(worker), signal.SIGKILL)
    assert await worker.suggest(APPEND) == []
    assert await answer(worker) == ["pend"]


@ON_ONE_LOOP
async def test_a_text_that_swells_does_no_harm(worker: Worker) -> None:
    assert await worker.suggest(SWELLING) == []
    assert await answer(worker) == ["pend"]


@ON_ONE_LOOP
async def test_what_is_installed_is_not_told(worker: Worker) -> None:
    assert await worker.suggest(question("import hypothesis\nhypothesis.giv|", "python")) == []
    assert await worker.suggest(question("from hypot|", "python")) == []


@ON_ONE_LOOP
async def test_hostile_code_does_nothing(worker: Worker, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    command = f"touch {trace}"
    text = f"""
import os, subprocess
os.system({command!r})
__import__('os').system({command!r})
subprocess.run({command.split()!r})
eval(compile("open({str(trace)!r}, 'w')", "", "exec"))
class A(type(open({str(trace)!r}, 'w'))):
    __doc__ = __import__('os').system({command!r})
@(lambda f: __import__('os').system({command!r}))
def f(x=open({str(trace)!r}, 'w')): return os
f().pa"""
    await worker.suggest(question(text + "|", "python"))
    assert not trace.exists()
    assert await answer(worker) == ["pend"]


@ON_ONE_LOOP
async def test_a_worker_writes_no_file_and_starts_no_process(worker: Worker) -> None:
    await answer(worker)
    process = process_id(worker)
    assert resource.prlimit(process, resource.RLIMIT_FSIZE) == (0, 0)
    assert resource.prlimit(process, resource.RLIMIT_NPROC) == (0, 0)
    assert resource.prlimit(process, resource.RLIMIT_AS) == (1024**3, 1024**3)


async def test_nobody_waits_longer_than_patience_and_nothing_piles_up() -> None:
    slow = Worker("names", patience=0.05, limit=PATIENCE)
    began = asyncio.get_running_loop().time()
    answers = await asyncio.gather(*(slow.suggest(SPINNING) for _ in range(50)))
    assert asyncio.get_running_loop().time() - began < PATIENCE / 2
    assert answers == [[]] * 50
    await slow.close()


async def test_a_question_that_nobody_waits_for_any_more_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bytes] = []

    async def exchange(_process: object, asking: bytes) -> list[Suggestion]:
        asked.append(asking)
        return []

    monkeypatch.setattr("collab.completions.worker._exchange", exchange)
    worker = Worker("patterns", patience=0.01, limit=PATIENCE)
    async with worker._turn:  # another is being answered
        assert await worker.suggest(HELLO) == []
    await asyncio.gather(*worker._tasks)
    assert asked == []
    await worker.close()


class Fixed:
    """A provider that always says the same."""

    def __init__(self, *suggestions: Suggestion) -> None:
        self._suggestions = suggestions

    async def suggest(self, _question: object) -> tuple[Suggestion, ...]:
        return self._suggestions

    async def close(self) -> None:
        """It holds nothing."""


class Unknown:
    """Knows no name."""

    async def names(self, _question: object) -> tuple[str, ...]:
        return ()


async def test_the_chain_takes_the_best_of_all_and_keeps_the_doubtful_back() -> None:
    chain = Chain(
        Unknown(),
        [
            Fixed(Suggestion("name", 0.5), Suggestion("doubt", 0.1)),
            Fixed(Suggestion("name", 0.9), Suggestion("node", 0.7)),
        ],
        longest=100,
    )
    assert await chain.suggest(HELLO) == [Suggestion("name", 0.9), Suggestion("node", 0.7)]


async def test_the_chain_asks_nobody_about_too_long_a_text() -> None:
    chain = Chain(Unknown(), [Fixed(Suggestion("name", 0.9))], longest=len(HELLO.code))
    assert await chain.suggest(HELLO)
    assert not await chain.suggest(question("def hello |", "python"))
