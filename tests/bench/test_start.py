"""The benchmark of starts measures, also beside another commit. The speed is no matter here."""

from __future__ import annotations

from tests.bench.service import table
from tests.bench.start import HERE, compare


def test_a_start_is_measured_beside_that_of_another_commit() -> None:
    section = compare("HEAD", 1, warm_up=False)
    assert list(section.columns) == [HERE, "HEAD"]
    for line in section.lines:
        assert all(float(value) > 0 for value in line.values.values())
        assert line.met is not None
    assert "s from kill -9" in table(section)
