"""The queries that a search accepts, and the limit of searches at once."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, aclosing

import pytest
from litestar.exceptions import TooManyRequestsException

from collab.search.asking import job_for
from collab.search.finder import BadQuery, Query
from collab.search.limits import SearchLimits
from collab.search.streaming import lines
from collab.search.texts import RoomTexts
from collab.search.turns import Turns
from tests.support.server import DEADLINE

TEXTS = RoomTexts(1, ["a"], ["a.py"], ["a" * 64 + "!"], [])
LIMITS = SearchLimits(query=3)


@pytest.mark.parametrize(
    ("most", "more", "key", "words"),
    [
        (Query("abc"), Query("abcd"), "query", "has 4 characters; the limit is 3"),
        (Query("a", include=["a.b"]), Query("a", include=["a.bc"]), "include", "of 3 characters"),
        (Query("a", exclude=["a"] * 100), Query("a", exclude=["a"] * 101), "exclude", "is 100 pa"),
    ],
)
def test_as_much_may_be_asked_as_the_limit_says(
    most: Query, more: Query, key: str, words: str
) -> None:
    assert job_for(most, TEXTS, LIMITS).query == most
    with pytest.raises(BadQuery, match=words) as raised:
        job_for(more, TEXTS, LIMITS)
    assert raised.value.key == key


def test_one_address_has_as_many_searches_as_the_limit_says() -> None:
    turns = Turns(at_once=1, most=2)
    with ExitStack() as searches:
        for address in ("here", "here", "there"):
            searches.enter_context(turns.counted(address))
        with pytest.raises(TooManyRequestsException, match="The limit is 2 searches at once"):
            searches.enter_context(turns.counted("here"))
    with turns.counted("here"), turns.counted("here"):
        pass
    assert not turns._of


async def test_a_search_that_nobody_reads_any_more_gives_its_turn_back() -> None:
    turns = Turns(at_once=1, most=1)
    limits = SearchLimits(seconds=DEADLINE * 10)
    job = job_for(Query("(a+)+$", regex=True), TEXTS, limits)
    async with asyncio.timeout(DEADLINE):
        async with aclosing(lines(job, TEXTS, limits, turns, "here")) as found:
            assert b'"begin"' in await anext(found)
            assert turns.running.locked()
        assert not turns.running.locked()
    with turns.counted("here"):
        pass
