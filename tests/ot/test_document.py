"""A Document is a str that is cheap to edit: every method agrees with plain slicing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ot.document
from ot import Document, Operation, OperationError, checksum
from tests.ot.strategies import operations_on

letters = st.text(alphabet="aé🙂", max_size=9)


@pytest.fixture(autouse=True, params=[1, 4, 4096])
def _chunks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks so short that small texts have many; and none but one."""
    monkeypatch.setattr(ot.document, "_CHUNK", request.param)
    if request.param < 9:
        monkeypatch.setattr(ot.document, "isqrt", lambda _: 0)


@st.composite
def edited(draw: st.DrawFn) -> tuple[Document, str]:
    """A document and a str after the same edits: typing, backspacing, jumps."""
    text = draw(st.text(alphabet="aé🙂", max_size=60))
    document = Document(text)
    cursor = 0
    for _ in range(draw(st.integers(0, 12))):
        cursor = min(cursor, len(text))
        if draw(st.booleans()):
            cursor = draw(st.integers(0, len(text)))
        if cursor and draw(st.integers(0, 3)) == 0:
            cursor, deleted, inserted = cursor - 1, 1, ""
        else:
            deleted = draw(st.integers(0, len(text) - cursor))
            deleted = deleted if draw(st.integers(0, 3)) == 0 else 0
            inserted = draw(letters)
        document.replace(cursor, deleted, inserted)
        text = text[:cursor] + inserted + text[cursor + deleted :]
        cursor += len(inserted)
        assert len(document) == len(text)
        if draw(st.integers(0, 3)) == 0:
            assert str(document) == text
    return document, text


@settings(max_examples=150)
@given(edited())
def test_it_is_the_text_that_slicing_gives(case: tuple[Document, str]) -> None:
    document, text = case
    assert document.checksum() == checksum(text)
    assert str(document) == text


@settings(max_examples=150)
@given(edited(), st.data())
def test_its_parts_and_positions(case: tuple[Document, str], data: st.DataObject) -> None:
    document, text = case
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert document.slice(start, end) == text[start:end]
    utf16 = len(text[:start].encode("utf-16-le")) // 2
    assert document.to_utf16(start) == utf16
    assert document.from_utf16(utf16) == start
    utf8 = len(text[:start].encode())
    assert document.to_utf8(start) == utf8
    assert document.from_utf8(utf8) == start


@settings(max_examples=150)
@given(edited(), st.data())
def test_an_operation_is_applied(case: tuple[Document, str], data: st.DataObject) -> None:
    document, text = case
    operation = data.draw(operations_on(len(text)))
    document.apply(operation)
    assert str(document) == operation.apply(text)
    document.replace(0, 0, "!")
    assert str(document) == "!" + operation.apply(text)


def test_edits_that_follow_one_another() -> None:
    document = Document("hello")
    document.replace_all([(5, 0, " "), (6, 0, "w"), (7, 0, "x"), (7, 1, "o"), (0, 1, "H")])
    assert str(document) == "Hello wo"


def test_half_a_character_is_an_error() -> None:
    document = Document("a🙂é")
    assert [document.to_utf16(p) for p in range(4)] == [0, 1, 3, 4]
    assert [document.to_utf8(p) for p in range(4)] == [0, 1, 5, 7]
    with pytest.raises(OperationError, match="UTF-16 offset 2 is inside a character"):
        document.from_utf16(2)
    for offset in (2, 3, 4, 6):
        with pytest.raises(OperationError, match=f"UTF-8 offset {offset} is inside a character"):
            document.from_utf8(offset)


def test_beyond_the_text_is_an_error_and_changes_nothing() -> None:
    document = Document("a🙂")
    for patch in ((3, 0, "x"), (-1, 0, "x"), (1, 2, ""), (2, -1, "")):
        with pytest.raises(OperationError, match="is not within 0 … 2"):
            document.replace(*patch)
    for ask in (
        lambda: document.slice(1, 3),
        lambda: document.to_utf16(3),
        lambda: document.to_utf8(-1),
        lambda: document.from_utf16(4),
        lambda: document.from_utf8(-1),
        lambda: document.apply(Operation([3])),
    ):
        with pytest.raises(OperationError):
            ask()
    assert str(document) == "a🙂"
    with pytest.raises(OperationError):
        document.replace_all([(2, 0, "b"), (9, 0, "c")])
    assert str(document) == "a🙂"


@pytest.mark.parametrize("bad", [(99, 0, "x"), (0, 0), (0, True, ""), (0, 0, "\ud800"), "abc"])
def test_edits_of_which_the_last_is_bad_leave_no_trace(bad: Any) -> None:
    document = Document("0123456789" * 8)
    document.replace(40, 0, "ab")
    text = str(document)
    good: list[Any] = [
        (42, 0, "c"),
        (42, 1, ""),
        (41, 1, ""),
        (3, 5, "-"),
        [70, 0, "+"],
        (0, 9, ""),
    ]
    for count in range(1, len(good) + 1):
        with pytest.raises(OperationError, match=f"patch {count}: "):
            document.replace_all([*good[:count], bad])
        assert (str(document), len(document)) == (text, len(text))
        assert document.slice(30, 50) == text[30:50]
        assert document.to_utf8(50) == 50
    document.replace_all(good)
    for position, deleted, inserted in good:
        text = text[:position] + inserted + text[position + deleted :]
    assert str(document) == text


def test_chunks_stay_near_their_size_whatever_is_edited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither crumbs nor lumps: else an edit costs what it should not."""
    monkeypatch.setattr(ot.document, "_CHUNK", 64)
    monkeypatch.setattr(ot.document, "isqrt", lambda _: 0)
    document = Document("x" * 6400)
    for turn in range(3000):
        document.replace(turn * 7919 % len(document), turn % 2, "" if turn % 2 else "y")
    document.replace_all((n, 0, "z") for n in range(2000))
    for turn in range(6000):
        document.replace(turn * 7919 % len(document), 1, "")
    document.replace(0, 0, "")
    chunks = [*document._left.chunks, *document._right.chunks]
    assert max(map(len, chunks)) <= 3 * 64
    assert len(chunks) <= 2 + 3 * len(document) // 64
