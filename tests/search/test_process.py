"""The process that searches, whatever it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing

import pytest

from collab.search import searching
from collab.search.finder import BadQuery, Query
from collab.search.messages import Answer, Chosen, Done, Found, Job, Stopped
from collab.search.searching import search
from tests.support.server import DEADLINE

HOPELESS = {"a.py": "a" * 64 + "!"}
ALL_DAY = DEADLINE * 10


async def answers(
    files: Mapping[str, str],
    query: Query,
    *,
    matches: int = 1000,
    inserted: int = 10**6,
    seconds: float = ALL_DAY,
    whole: bool = False,
) -> list[Answer]:
    async def text_of(index: int) -> str:
        return list(files.values())[index]

    job = Job(query, list(files), ["a.png"], matches, inserted, seconds, whole)
    async with asyncio.timeout(DEADLINE), aclosing(search(job, text_of)) as found:
        return [answer async for answer in found]


async def test_files_are_chosen_and_searched_in_their_order() -> None:
    files = {"a.py": "x", "b.ts": "x", "c.py": "y", "d.py": "xx"}
    chosen, *found, done = await answers(files, Query("x", include=["*.py", "*.png"]))
    assert chosen == Chosen([0, 2, 3], 1)
    assert [(one.file, len(one.matches)) for one in found if isinstance(one, Found)] == [
        (0, 1),
        (3, 2),
    ]
    assert done == Done(empty=False)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(a?){50}a{50}b", r"(.*)*\1z", "(?=(a+)+$)b"]
)
async def test_a_pattern_that_would_take_for_ever_is_stopped(pattern: str) -> None:
    query = Query(pattern, regex=True)
    _, *found, last = await answers({"b": "aa!"} | HOPELESS, query, seconds=0.3)
    assert last == Stopped("time", 1)
    assert all(isinstance(one, Found) and one.file == 0 for one in found)


async def test_a_process_that_does_not_end_itself_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def text_of(_index: int) -> str:
        monkeypatch.setattr(searching, "_PATIENCE", 0.1)
        return HOPELESS["a.py"]

    job = Job(Query("(a+)+$", regex=True), ["a.py"], [], 1, 1, ALL_DAY)
    async with asyncio.timeout(DEADLINE), aclosing(search(job, text_of)) as found:
        assert [answer async for answer in found] == [Chosen([0], 0), Stopped("memory")]


async def test_a_pattern_that_takes_too_much_memory_costs_its_author_the_answer() -> None:
    query = Query("(x+)", "$1" * 600, regex=True)
    *_, last = await answers({"a": "x" * 2**21}, query, inserted=10**10, whole=True)
    assert last == Stopped("memory", 0)


async def test_no_more_is_found_than_the_limit() -> None:
    _, *found, last = await answers({"a": "x" * 700}, Query("x"), matches=600)
    assert [len(one.matches) for one in found if isinstance(one, Found)] == [500, 100]
    assert last == Stopped("matches", 0)
    _, *found, last = await answers({"a": "x" * 600}, Query("x"), matches=600)
    assert last == Done(empty=False)


async def test_no_more_is_inserted_than_the_limit() -> None:
    query = Query("x", "yy")
    *_, last = await answers({"a": "x" * 9}, query, inserted=18, whole=True)
    assert last == Done(empty=False)
    *_, last = await answers({"a": "x" * 9}, query, inserted=17, whole=True)
    assert last == Stopped("inserted", 0)
    *_, last = await answers({"a": "x" * 9}, query, inserted=17)
    assert last == Done(empty=False), "what is only looked at is not inserted"


async def test_a_search_that_nobody_listens_to_any_more_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def noted(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        started.append(await start(*arguments, **options))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    task = asyncio.create_task(answers(HOPELESS, Query("(a+)+$", regex=True)))
    while not started:  # noqa: ASYNC110
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert started[0].returncode is not None


async def test_a_query_that_cannot_be_asked_gets_words_before_anything_else() -> None:
    with pytest.raises(BadQuery, match="at character 1"):
        await answers({"a": "x"}, Query("(", regex=True))


async def test_others_run_while_a_pattern_takes_for_ever() -> None:
    """The loop is free: its tasks go on a million times, not once, before the search ends."""
    turns = 0
    task = asyncio.create_task(answers(HOPELESS, Query("(a+)+$", regex=True), seconds=0.3))
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    assert (await task)[-1] == Stopped("time", 0)
    assert turns > 100
