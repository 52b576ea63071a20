from __future__ import annotations

import sys

import pytest

from tests.soak.soak import Soak

SEED = 4
SECONDS = 45.0
"""With the start of all parts and the agreement at the end, about a minute."""


@pytest.mark.soak
async def test_a_minute_of_faults_loses_and_doubles_nothing() -> None:
    soak = Soak(SEED, lambda words: sys.stderr.write(f"{words}\n"))
    await soak.run(SECONDS)
    assert soak.faults > 10
    assert soak.acknowledged > 100
