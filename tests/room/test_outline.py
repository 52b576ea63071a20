"""Trees without texts, the languages of names, paths, and processes that have fallen silent."""

from __future__ import annotations

import pytest

from collab.changes.tree import AddFolder, Move
from collab.protocol import AddFile, Change, Many
from collab.room.languages import language_of
from collab.room.neighbours import Neighbours
from collab.room.outline import grow
from collab.room.paths import parse_path
from collab.room.state import Limits, State
from tests.room.acting import edit


def test_an_outline_has_the_tree_and_no_text() -> None:
    outline = State()
    main = AddFile("main", "main.py", None, "text")
    assert grow(outline, main)
    assert len(outline.files["main"].text) == 0
    assert not grow(outline, edit("x", 4))
    moved: Change = Many([AddFolder("f", "", "lib"), Move("main", "f", "a.py")], "import")
    assert grow(outline, moved)
    assert outline.tree.path("main") == "lib/a.py"
    assert not grow(outline, Many([edit("x", 4)], "replace"))


@pytest.mark.parametrize(
    ("name", "language"),
    [("a.py", "python"), ("py", "text"), ("Dockerfile.dev", "dockerfile"), ("A.PY", "python")],
)
def test_an_ending_follows_a_dot(name: str, language: str) -> None:
    assert language_of(name) == language


@pytest.mark.parametrize("path", ["/a", "\\a", "C:\\a", "c:a", "/"])
def test_an_absolute_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="absolute"):
        parse_path(path, Limits())


@pytest.mark.parametrize("path", ["a/b", "a//b", "a/./b", "./a/b", "a\\b"])
def test_a_path_has_the_names_between_its_slashes(path: str) -> None:
    assert parse_path(path, Limits()) == ["a", "b"]


def test_who_has_not_spoken_for_too_long_is_forgotten_once() -> None:
    neighbours = Neighbours(10)
    assert not neighbours.heard("one", 5, 0)
    assert neighbours.heard("one", 6, 1)
    neighbours.heard("two", 1, 5, 3)
    assert neighbours.silent(11) == []
    assert neighbours.silent(11.5) == ["one"]
    assert neighbours.silent(11.5) == []
    assert [*neighbours] == ["two"]
    assert neighbours.knows("two") == 3
