"""That the benchmark of runs measures; never how fast."""

from __future__ import annotations

import sys

import pytest

from tests.bench.runs import measure


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is of Linux")
async def test_a_short_run_measures_start_stop_and_the_warden(database_url: str) -> None:
    rows = ["first", "room", "stop", "idle"]
    found = await measure(rows, 1, peers=False, database_url=database_url)
    assert len(found) == 10
    *times, cpu = found
    assert all(row.value > 0 for row in times)
    assert cpu.value >= 0
