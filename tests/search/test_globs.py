"""Patterns of paths."""

from __future__ import annotations

import pytest

from collab.search.globs import BadGlob, Globs

PATHS = ["README.md", "a.py", "src/a.py", "src/b.ts", "src/test/a_test.py", "lib/src/C.PY"]


@pytest.mark.parametrize(
    ("patterns", "taken"),
    [
        (["*.py"], ["a.py", "src/a.py", "src/test/a_test.py", "lib/src/C.PY"]),
        (["src"], ["src/a.py", "src/b.ts", "src/test/a_test.py", "lib/src/C.PY"]),
        (["src/"], ["src/a.py", "src/b.ts", "src/test/a_test.py", "lib/src/C.PY"]),
        (["/src/"], ["src/a.py", "src/b.ts", "src/test/a_test.py"]),
        (["src/*.py"], ["src/a.py"]),
        (["src/**"], ["src/a.py", "src/b.ts", "src/test/a_test.py"]),
        (["src/**/*.py"], ["src/a.py", "src/test/a_test.py"]),
        (["**/test/*"], ["src/test/a_test.py"]),
        (["**/a.py"], ["a.py", "src/a.py"]),
        (["?.{py,ts}"], ["a.py", "src/a.py", "src/b.ts", "lib/src/C.PY"]),
        (["[!a].*", "readme*"], ["README.md", "src/b.ts", "lib/src/C.PY"]),
        (["[a-b].??"], ["a.py", "src/a.py", "src/b.ts"]),
        ([" ", ""], []),
        (["a.*y"], ["a.py", "src/a.py"]),
    ],
)
def test_a_pattern_takes_these_paths(patterns: list[str], taken: list[str]) -> None:
    globs = Globs(patterns)
    assert [path for path in PATHS if path in globs] == taken
    assert bool(globs) == bool("".join(patterns).strip())


def test_brackets_mean_what_they_look_like() -> None:
    assert "a]b" in Globs(["a[]]b"])
    assert "a[b" in Globs(["a[[]b"])
    assert "a[b" in Globs(["a[b"])
    assert "a{b" in Globs(["a{b"])


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("/", "'/' names no file."),
        ("[z-a]", r"'\[z-a\]' is no pattern: bad character range z-a"),
        ("{a,b}" * 9, "stand for more than 100 patterns"),
    ],
)
def test_a_pattern_that_is_none_gets_words(pattern: str, words: str) -> None:
    with pytest.raises(BadGlob, match=words):
        Globs([pattern])


def test_many_stars_are_one() -> None:
    assert "a" * 300 not in Globs(["*" * 60 + "b"])


def test_a_hundred_patterns_are_taken_and_no_more() -> None:
    hundred = [str(number) for number in range(100)]
    assert "99" in Globs(hundred)
    assert "99" in Globs(["{" + ",".join(hundred) + "}"])
    with pytest.raises(BadGlob, match="more than 100 patterns"):
        Globs(["a", *hundred])
    with pytest.raises(BadGlob, match="stand for more than 100 patterns"):
        Globs(["{a," + ",".join(hundred) + "}"])
