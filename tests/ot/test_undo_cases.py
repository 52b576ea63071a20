"""Undo and redo, case by case."""

from __future__ import annotations

import pytest

from ot import Operation, OperationError
from ot.undo import UndoStack


class Shown:
    """A text on a screen: edits are given as (position, deleted, inserted)."""

    def __init__(self, text: str, *, depth: int = 1000) -> None:
        self.text = text
        self.stack = UndoStack(depth=depth)

    def edit(self, position: int, deleted: int, inserted: str, *, joins: bool = False) -> None:
        operation = Operation.patch(len(self.text), position, deleted, inserted)
        self.stack.edited(operation, self.text, joins=joins)
        self.text = operation.apply(self.text)

    def receive(self, position: int, deleted: int, inserted: str) -> None:
        operation = Operation.patch(len(self.text), position, deleted, inserted)
        self.stack.received(operation)
        self.text = operation.apply(self.text)

    def undo(self) -> str:
        operation = self.stack.undo(self.text)
        self.text = operation.apply(self.text) if operation else self.text
        return self.text

    def redo(self) -> str:
        operation = self.stack.redo(self.text)
        self.text = operation.apply(self.text) if operation else self.text
        return self.text


def test_what_another_wrote_into_ones_own_word_stays() -> None:
    shown = Shown("say .")
    shown.edit(4, 0, "hello")
    shown.receive(6, 0, "XY")
    assert shown.undo() == "say XY."
    assert shown.redo() == "say heXYllo."


def test_a_deletion_comes_back_where_it_was_wherever_that_is_now() -> None:
    shown = Shown("one two three")
    shown.edit(4, 4, "")
    shown.receive(0, 0, "zero ")
    shown.receive(14, 0, " four")
    assert shown.text == "zero one three four"
    assert shown.undo() == "zero one two three four"


def test_a_step_that_others_have_erased_is_passed_over() -> None:
    shown = Shown("")
    shown.edit(0, 0, "a")
    shown.edit(1, 0, "b")
    shown.receive(1, 1, "c")
    assert shown.undo() == "c"
    assert not shown.stack.can_undo
    assert shown.stack.undo(shown.text) is None
    assert shown.redo() == "ac"
    assert shown.stack.redo(shown.text) is None


def test_a_run_of_typing_is_one_step() -> None:
    shown = Shown("")
    shown.edit(0, 0, "one", joins=True)
    shown.edit(3, 0, " t")
    shown.receive(0, 0, "> ")
    shown.edit(7, 0, "wo", joins=True)
    assert shown.undo() == "> one"
    assert shown.redo() == "> one two"
    assert shown.undo() == "> one"
    assert shown.undo() == "> "
    assert not shown.stack.can_undo


def test_an_edit_after_an_undo_leaves_nothing_to_redo() -> None:
    shown = Shown("")
    shown.edit(0, 0, "a")
    shown.undo()
    assert (shown.stack.can_undo, shown.stack.can_redo) == (False, True)
    shown.edit(0, 0, "b")
    assert (shown.stack.can_undo, shown.stack.can_redo) == (True, False)
    assert shown.redo() == "b"


def test_the_oldest_steps_are_forgotten() -> None:
    shown = Shown("", depth=2)
    for letter in "abc":
        shown.edit(len(shown.text), 0, letter)
    assert [shown.undo(), shown.undo(), shown.undo()] == ["ab", "a", "a"]
    assert [shown.redo(), shown.redo(), shown.redo()] == ["ab", "abc", "abc"]


def test_a_word_that_comes_back_letter_by_letter_is_not_parted_by_one_typed_there() -> None:
    shown = Shown("word")
    for end in (4, 3, 2, 1):
        shown.edit(end - 1, 1, "")
    shown.receive(0, 0, "1")
    assert shown.undo() == "w1"
    shown.receive(1, 0, "2")
    assert [shown.undo(), shown.undo(), shown.undo()] == ["wo21", "wor21", "word21"]


def test_a_text_of_another_length_is_an_error_and_nothing_is_lost() -> None:
    shown = Shown("ab")
    shown.edit(2, 0, "c")
    with pytest.raises(OperationError, match="spans 2 code points, the text has 3"):
        shown.stack.received(Operation([2]))
    shown.receive(0, 0, "0")
    with pytest.raises(OperationError, match="spans 4 code points, the text has 2"):
        shown.stack.undo("ab")
    with pytest.raises(OperationError, match="spans 3 code points, the text has 4"):
        shown.stack.edited(Operation([3]), shown.text)
    with pytest.raises(OperationError, match="spans 3 code points, the text has 4"):
        shown.stack.received(Operation([3]))
    assert shown.undo() == "0ab"
