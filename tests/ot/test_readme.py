from __future__ import annotations

import doctest
from pathlib import Path

README = Path(__file__).parents[2] / "ot" / "README.md"


def test_every_example_of_the_readme_works() -> None:
    results = doctest.testfile(
        str(README), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
    )
    assert results.failed == 0
    assert results.attempted > 20
