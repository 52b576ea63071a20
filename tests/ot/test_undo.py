"""Undo takes back what one did oneself, wherever it is now, and nothing of what others did."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, count

from hypothesis import given, settings
from hypothesis import strategies as st

from ot import Client, Operation
from ot.undo import UndoStack
from tests.ot.strategies import operations_on
from tests.ot.test_client import Wire

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
        """Characters that are not the author's and that others have not deleted."""
        self._fresh = map(chr, count(0x4E00))

    def edit(self, *, joins: bool = False) -> None:
        operation = self.draw()
        self.typed |= inserted(operation)
        self.stack.edited(operation, self.text, joins=joins)
        self.show(operation)

    def receive(self) -> None:
        operation = self.draw()
        self.others |= inserted(operation)
        self.others -= deleted(operation, self.text)
        self.stack.received(operation)
        self.show(operation)

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
        self.show(operation)
        return True

    def draw(self) -> Operation:
        """Any edit of the text, with letters that never were."""
        return lettered(self.data.draw(operations_on(len(self.text))), self._fresh)

    def show(self, operation: Operation) -> None:
        self.text = operation.apply(self.text)
        self.shown.append(self.text)


def lettered(shape: Operation, letters: Iterator[str]) -> Operation:
    """Return the same operation with other letters."""
    return Operation(
        "".join(next(letters) for _ in c) if isinstance(c, str) else c for c in shape.components
    )


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


def acting(data: st.DataObject, names: list[str]) -> Author:
    """An author who has done this."""
    author = Author(data)
    for name in names:
        act(author, name)
    return author


acts = st.lists(st.sampled_from(["edit", "join", "receive", "undo", "redo"]), max_size=12)


@settings(max_examples=300)
@given(acts, st.data())
def test_when_all_is_undone_the_text_has_what_others_left_and_nothing_else(
    names: list[str], data: st.DataObject
) -> None:
    author = acting(data, names)
    author.undo_all()
    assert set(author.text) == author.others
    assert len(author.text) == len(author.others)
    assert not author.stack.can_undo


@settings(max_examples=300)
@given(acts, st.data())
def test_characters_that_once_stood_together_never_change_their_order(
    names: list[str], data: st.DataObject
) -> None:
    author = acting(data, names)
    author.undo_all()
    author.redo_all()
    for one, other in combinations(author.shown, 2):
        assert [c for c in one if c in other] == [c for c in other if c in one]


@given(acts, st.data())
def test_what_was_just_undone_is_redone_to_the_same_text(
    names: list[str], data: st.DataObject
) -> None:
    author = acting(data, names)
    author.redo_all()
    before = author.text
    author.undo_all()
    author.redo_all()
    assert author.text == before


@given(acts, st.data())
def test_redo_brings_back_all_of_ones_own_that_nobody_erased(
    names: list[str], data: st.DataObject
) -> None:
    author = acting(data, names)
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
    others_before: list[bool], data: st.DataObject
) -> None:
    author, parts = Author(data), Author(data)
    for others in others_before:
        if others:
            operation = author.draw()
            for one in (author, parts):
                one.stack.received(operation)
                one.show(operation)
        operation = author.draw()
        for one in (author, parts):
            one.stack.edited(operation, one.text, joins=one is author)
            one.show(operation)
    author.undo()
    parts.undo_all()
    assert author.text == parts.text
    assert not author.stack.can_undo


class Person(Client):
    """A client whose letters are their own, with an undo stack that watches what they see."""

    def __init__(self, text: str, first_letter: int) -> None:
        super().__init__(text)
        self.stack = UndoStack()
        self.typed: set[str] = set()
        self.deleted: set[str] = set()
        self._fresh = map(chr, count(first_letter))

    def edits(self, shape: Operation) -> Operation:
        operation = lettered(shape, self._fresh)
        self.typed |= inserted(operation)
        self.deleted |= deleted(operation, self.text)
        self.stack.edited(operation, self.text)
        return operation

    def receive(self, operation: Operation, count: int = 1) -> Operation:
        seen = super().receive(operation, count)
        self.stack.received(seen)
        return seen

    def undoes(self) -> Operation | None:
        operation = self.stack.undo(self.text)
        if operation is not None:
            assert deleted(operation, self.text) <= self.typed
            assert inserted(operation) <= self.deleted
        return operation

    def redoes(self) -> Operation | None:
        operation = self.stack.redo(self.text)
        if operation is not None:
            assert deleted(operation, self.text) <= self.deleted
            assert inserted(operation) <= self.typed
        return operation


deeds = ["edit", "undo", "redo", "commit", "deliver"]


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from(deeds)), max_size=30),
    st.data(),
)
def test_clients_converge_and_each_takes_back_only_their_own(
    schedule: list[tuple[int, str]], data: st.DataObject
) -> None:
    people = [Person(FIRST, 0x4E00), Person(FIRST, 0x1F300)]
    wire = Wire(FIRST, clients=0)
    wire.clients = [*people]
    wire.visible = dict.fromkeys(people, FIRST)
    for index, deed in schedule:
        person = people[index]
        operation = None
        match deed:
            case "edit":
                operation = person.edits(data.draw(operations_on(len(person.text))))
            case "undo":
                operation = person.undoes()
            case "redo":
                operation = person.redoes()
            case "commit" if person in wire.sent:
                wire.commit(person)
            case "deliver" if person.revision < len(wire.log):
                wire.deliver(person)
        if operation is not None:
            wire.edit(person, operation)
        assert person.text == wire.visible[person]
    wire.settle()
    assert people[0].text == people[1].text


def test_what_two_deleted_at_once_comes_back_for_each_of_them() -> None:
    ana, bo = Person("ab", 0x4E00), Person("ab", 0x1F300)
    wire = Wire("ab", clients=0)
    wire.clients = [ana, bo]
    wire.visible = {ana: "ab", bo: "ab"}
    for person in (ana, bo):
        wire.edit(person, person.edits(Operation([1, -1])))
    wire.settle()
    for person in (ana, bo):
        operation = person.undoes()
        assert operation is not None
        wire.edit(person, operation)
        wire.settle()
    assert ana.text == bo.text == "abb"
