"""People who type forward at one place never mix letters, whatever the delays; carets included.

Every character is one of its kind: the words have no letter in common with each other or the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from ot import Client, Operation
from tests.ot.test_client import Wire

WORDS = ["ABCDE", "12345", "αβγδε"]
AROUND = "klmn🪐\n"


@dataclass(frozen=True)
class Key:
    """A letter at the caret, and which characters go; either may be nothing."""

    letter: str = ""
    gone: frozenset[str] = frozenset()


class Typist(Client):
    """A person with a caret, who is going to press these keys."""

    def __init__(self, text: str, caret: int, keys: Iterable[Key], word: str = "") -> None:
        super().__init__(text)
        self.caret = caret
        self.keys = list(keys)
        self.word = word

    def press(self) -> Operation:
        """The next key, as an edit of the text."""
        key = self.keys.pop(0)
        text = self.text
        around = [-1 if character in key.gone else 1 for character in text]
        operation = Operation([*around[: self.caret], key.letter, *around[self.caret :]])
        self.caret = operation.map(self.caret) + len(key.letter)
        return operation

    def receive(self, operation: Operation, count: int = 1) -> Operation:
        seen = super().receive(operation, count)
        self.caret = seen.map(self.caret, "left")
        return seen


Schedule = list[tuple[int, str]]
schedules = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["press", "commit", "deliver"])), max_size=80
)
"""The next step of each person: press a key, have sent work committed, or read an entry."""


def play(text: str, people: Sequence[Typist], schedule: Schedule) -> str:
    """The text in which all end. Whoever has keys left presses them at the end of the schedule."""
    wire = Wire(text, clients=0)
    wire.clients = list(people)
    wire.visible = dict.fromkeys(people, text)
    for index, act in schedule:
        person = people[index % len(people)]
        if act == "press" and person.keys:
            wire.edit(person, person.press())
        elif act == "commit" and person in wire.sent:
            wire.commit(person)
        elif act == "deliver" and person.revision < len(wire.log):
            wire.deliver(person)
    for person in people:
        while person.keys:
            wire.edit(person, person.press())
    wire.settle()
    (end,) = {person.text for person in people}
    return end


def assert_words_unbroken(text: str, people: Sequence[Typist]) -> None:
    for person in people:
        assert person.word in text, text
        assert text[: person.caret].endswith(person.word), (text, person.caret)


def typing(word: str, slips: Iterable[int] = ()) -> list[Key]:
    """The keys of a word; after its nth letter so many are taken back, never the first, and typed
    again.
    """
    keys = [Key(letter) for letter in word[:1]]
    for typed, slip in zip(range(2, len(word) + 1), [*slips, *[0] * len(word)], strict=False):
        back = word[max(1, typed - slip) : typed]
        keys.append(Key(word[typed - 1]))
        keys += [Key(gone=frozenset(letter)) for letter in reversed(back)]
        keys += [Key(letter) for letter in back]
    return keys


people = st.integers(2, 3)
places = st.integers(0, len(AROUND))
stretches = st.sets(st.sampled_from(AROUND)).map(frozenset)


@settings(max_examples=300)
@given(people, st.sampled_from(["", AROUND]), places, schedules)
def test_words_typed_at_one_place_stay_whole(
    count: int, text: str, place: int, schedule: Schedule
) -> None:
    place = min(place, len(text))
    typists = [Typist(text, place, typing(word), word) for word in WORDS[:count]]
    end = play(text, typists, schedule)
    assert sorted(end) == sorted(text + "".join(WORDS[:count]))
    assert_words_unbroken(end, typists)


@settings(max_examples=300)
@given(people, places, st.lists(stretches, min_size=3, max_size=3), schedules)
def test_words_typed_over_one_another_s_selections_stay_whole(
    count: int, place: int, selections: list[frozenset[str]], schedule: Schedule
) -> None:
    typists = [
        Typist(AROUND, place, [Key(word[0], gone), *typing(word)[1:]], word)
        for word, gone in zip(WORDS[:count], selections, strict=False)
    ]
    assert_words_unbroken(play(AROUND, typists, schedule), typists)


@settings(max_examples=300)
@given(people, places, st.lists(stretches, min_size=1, max_size=4), schedules)
def test_words_stay_whole_while_another_deletes_the_text_around_them(
    count: int, place: int, stretches: list[frozenset[str]], schedule: Schedule
) -> None:
    typists = [Typist(AROUND, place, typing(word), word) for word in WORDS[:count]]
    eraser = Typist(AROUND, 0, [Key(gone=gone) for gone in stretches])
    end = play(AROUND, [*typists, eraser], schedule)
    assert_words_unbroken(end, typists)
    assert not set(end) & frozenset().union(*stretches)


@settings(max_examples=300)
@given(
    st.lists(st.lists(st.integers(0, 3), max_size=4), min_size=2, max_size=3),
    st.lists(stretches, max_size=2),
    places,
    schedules,
)
def test_words_stay_whole_when_letters_are_taken_back_and_typed_again(
    slips: list[list[int]], stretches: list[frozenset[str]], place: int, schedule: Schedule
) -> None:
    typists = [
        Typist(AROUND, place, typing(word, slip), word)
        for word, slip in zip(WORDS, slips, strict=False)
    ]
    eraser = Typist(AROUND, 0, [Key(gone=gone) for gone in stretches])
    assert_words_unbroken(play(AROUND, [*typists, eraser], schedule), typists)


def test_who_takes_back_all_stands_at_the_end_of_anothers_word_and_may_part_it_once() -> None:
    """Show a limit: a newcomer at the end of a word that goes on ends up left of the rest of
    that word.
    """
    ana = Typist("", 0, typing("AB"), "AB")
    bo = Typist("", 0, [Key("1"), Key(gone=frozenset("1")), Key("2"), Key("3")], "23")
    first_letters: Schedule = [
        *[(1, "press"), (1, "commit"), (0, "press"), (0, "commit")],
        *[(0, "deliver"), (0, "deliver"), (1, "deliver"), (1, "deliver")],
    ]
    bo_is_behind_ana: Schedule = [
        *[(1, "press"), (1, "commit"), (1, "deliver"), (0, "deliver")],
        *[(0, "press"), (0, "commit"), (1, "press"), (1, "press")],
    ]
    assert play("", [ana, bo], [*first_letters, *bo_is_behind_ana]) == "A23B"
