"""Undo takes back what one did oneself, wherever it is now, and nothing of what others did."""

from __future__ import annotations

from itertools import combinations, count

from hypothesis import given, settings
from hypothesis import strategies as st

from ot import Operation
from ot.undo import UndoStack
from tests.ot.strategies import operations_on

FIRST = "abcdef"


class Author:
    """A text in which every character is one of its kind, and what became of each."""

    def __init__(self, data: st.DataObject, text: str = FIRST) -> None:
        self.data = data
        self.text = text
        self.stack = UndoStack()
        self.shown = [text]
        self.typed: set[str] = set()
        self.others = set(text)
        """What is not the author's, and others have not deleted."""
        self.erased: set[str] = set()
        self._fresh = map(chr, count(0x4E00))

    def edit(self, *, joins: bool = False) -> None:
        operation = self._draw()
        self.typed |= inserted(operation)
        self.stack.edited(operation, self.text, joins=joins)
        self._show(operation)

    def receive(self) -> None:
        operation = self._draw()
        self.others |= inserted(operation)
        gone = deleted(operation, self.text)
        self.others -= gone
        self.erased |= gone
        self.stack.received(operation)
        self._show(operation)

    def undo(self) -> bool:
        return self._took(self.stack.undo(self.text))

    def redo(self) -> bool:
        return self._took(self.stack.redo(self.text))

    def undo_all(self) -> None:
        while self.undo():
            pass

    def redo_all(self) -> None:
        while self.redo():
            pass

    def _took(self, operation: Operation | None) -> bool:
        if operation is None:
            return False
        assert not operation.is_noop()
        self._show(operation)
        return True

    def _draw(self) -> Operation:
        shape = self.data.draw(operations_on(len(self.text)))
        return Operation(
            "".join(next(self._fresh) for _ in c) if isinstance(c, str) else c
            for c in shape.components
        )

    def _show(self, operation: Operation) -> None:
        self.text = operation.apply(self.text)
        self.shown.append(self.text)


def inserted(operation: Operation) -> set[str]:
    return {letter for c in operation.components if isinstance(c, str) for letter in c}


def deleted(operation: Operation, text: str) -> set[str]:
    return inserted(operation.invert(text))


def act(author: Author, name: str) -> None:
    match name:
        case "edit":
            author.edit()
        case "join":
            author.edit(joins=True)
        case "receive":
            author.receive()
        case "undo":
            author.undo()
        case "redo":
            author.redo()


acts = st.lists(st.sampled_from(["edit", "join", "receive", "undo", "redo"]), max_size=12)


@settings(max_examples=300)
@given(acts, st.data())
def test_when_all_is_undone_the_text_has_what_others_left_and_nothing_else(
    names: list[str], data: st.DataObject
) -> None:
    author = Author(data)
    for name in names:
        act(author, name)
    author.undo_all()
    assert set(author.text) == author.others
    assert len(author.text) == len(author.others)
    assert not author.stack.can_undo


@settings(max_examples=300)
@given(acts, st.data())
def test_characters_that_once_stood_together_never_change_their_order(
    names: list[str], data: st.DataObject
) -> None:
    author = Author(data)
    for name in names:
        act(author, name)
    author.undo_all()
    author.redo_all()
    for one, other in combinations(author.shown, 2):
        assert [c for c in one if c in other] == [c for c in other if c in one]


@given(acts, st.data())
def test_what_was_just_undone_is_redone_to_the_same_text(
    names: list[str], data: st.DataObject
) -> None:
    author = Author(data)
    for name in names:
        act(author, name)
    author.redo_all()
    before = author.text
    author.undo_all()
    author.redo_all()
    assert author.text == before


@given(acts, st.data())
def test_redo_brings_back_all_of_ones_own_that_nobody_erased(
    names: list[str], data: st.DataObject
) -> None:
    author = Author(data)
    for name in names:
        act(author, name)
    author.redo_all()
    own = author.typed & set(author.text)
    author.undo_all()
    author.receive()
    author.redo_all()
    assert author.typed & set(author.text) == own


@given(st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=20), st.data())
def test_alone_undo_and_redo_walk_through_the_texts_that_there_were(
    names: list[str], data: st.DataObject
) -> None:
    author = Author(data)
    texts, at = [author.text], 0
    for name in names:
        match name:
            case "edit":
                author.edit()
                if author.text != texts[at]:
                    texts[at + 1 :] = [author.text]
                    at += 1
            case "undo":
                at -= author.undo()
            case "redo":
                at += author.redo()
        assert author.text == texts[at]
    author.undo_all()
    assert author.text == FIRST


@given(st.lists(st.booleans(), min_size=1, max_size=4), st.data())
def test_a_joined_step_does_what_its_parts_do_one_by_one(
    remote: list[bool], data: st.DataObject
) -> None:
    author, parts = Author(data), UndoStack()
    for received in remote:
        if received:
            operation = author._draw()
            author.stack.received(operation)
            parts.received(operation)
            author._show(operation)
        operation = author._draw()
        author.stack.edited(operation, author.text, joins=True)
        parts.edited(operation, author.text)
        author._show(operation)
    text = author.text
    while (operation_or_none := parts.undo(text)) is not None:
        text = operation_or_none.apply(text)
    author.undo()
    assert author.text == text
    assert not author.stack.can_undo
