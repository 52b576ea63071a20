"""A history carries past any stretch of it exactly what one by one would, and tells every text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ot.history
from ot import Bias, History, Operation, OperationError, compose_all, transform
from tests.ot.strategies import operations_on
from tests.support.interrupting import interrupted


@pytest.fixture(autouse=True, params=[0, 8])
def _few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks for any backlog; and as it is."""
    monkeypatch.setattr(ot.history, "_FEW", request.param)


@st.composite
def logs(draw: st.DrawFn, at_most: int = 80) -> tuple[str, list[Operation]]:
    """A text, and operations that follow one another on it."""
    text = draw(st.text(alphabet="ab🪐", max_size=4))
    length = len(text)
    operations = []
    for _ in range(draw(st.integers(0, at_most))):
        operations.append(draw(operations_on(length)) if length < 9 else Operation([-length]))
        length = operations[-1].target_length
    return text, operations


def history_of(text: str, operations: list[Operation], revision: int = 0) -> History:
    history = History(text, revision)
    for operation in operations:
        history.append(operation)
    return history


@settings(max_examples=60)
@given(logs(), st.integers(-40, 40), st.data())
def test_rebasing_is_going_one_by_one(
    log: tuple[str, list[Operation]], oldest: int, data: st.DataObject
) -> None:
    text, operations = log
    history = history_of(text, operations, oldest)
    at = data.draw(st.integers(0, len(operations)))
    length = (
        operations[at].base_length
        if at < len(operations)
        else history.since(history.revision).base_length
    )
    submitted = data.draw(operations_on(length))
    one_by_one = submitted
    for operation in operations[at:]:
        one_by_one = transform(operation, one_by_one)[1]
    assert history.rebase(submitted, oldest + at) == one_by_one


@settings(max_examples=100)
@given(logs(at_most=12), st.sampled_from(["left", "right"]), st.data())
def test_a_position_goes_where_it_goes_one_by_one(
    log: tuple[str, list[Operation]], bias: Bias, data: st.DataObject
) -> None:
    text, operations = log
    history = history_of(text, operations)
    at = data.draw(st.integers(0, len(operations)))
    length = len(history.text(at))
    for position in range(length + 1):
        one_by_one = position
        for operation in operations[at:]:
            one_by_one = operation.map(one_by_one, bias)
        assert history.map(position, at, bias) == one_by_one


@settings(max_examples=60)
@given(logs(), st.data())
def test_every_text_and_every_stretch(
    log: tuple[str, list[Operation]], data: st.DataObject
) -> None:
    text, operations = log
    history = history_of(text, operations, 7)
    texts = [text]
    for operation in operations:
        texts.append(operation.apply(texts[-1]))
    assert [history.text(7 + revision) for revision in range(len(texts))] == texts
    start = data.draw(st.integers(0, len(operations)))
    end = data.draw(st.integers(start, len(operations)))
    stretch = history.since(7 + start, 7 + end)
    if start < end:
        assert stretch.apply(texts[start]) == texts[end]
    else:
        assert stretch == Operation([len(texts[start])])


@settings(max_examples=40)
@given(logs(), st.data())
def test_one_that_was_lengthened_and_shortened_is_the_same(
    log: tuple[str, list[Operation]], data: st.DataObject
) -> None:
    text, operations = log
    cut = data.draw(st.integers(0, len(operations)))
    whole = history_of(text, operations)
    late = History(None, cut)
    for operation in operations[cut:]:
        late.append(operation)
    late.lengthen(operations[:cut])
    assert (late.oldest, late.revision) == (0, whole.revision)
    if operations:
        assert late.since(0) == whole.since(0) == compose_all(operations)
    whole.since(0)
    whole.forget(cut)
    assert whole.text(cut) == history_of(text, operations).text(cut)
    assert whole.since(cut) == history_of(text, operations).since(cut)


@pytest.mark.skipif(ot.compiled, reason="machine code has no steps of Python")
@pytest.mark.parametrize("change", ["append", "lengthen", "forget"])
@pytest.mark.parametrize("first", ["reads", "changes"])
def test_one_thread_may_read_while_another_changes_it(
    change: str, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ot.history, "_LEAF", 2)
    operations = [Operation([n // 2, "ab"[n % 2], n - n // 2]) for n in range(32)]
    begin, end = (0, 31) if change == "forget" else (8, 31)
    expected = compose_all(operations[16:31])
    read: list[Operation] = []

    def make() -> History:
        read.clear()
        history = History(None, begin)
        for operation in operations[begin:end]:
            history.append(operation)
        return history

    def write(history: History) -> None:
        match change:
            case "append":
                history.append(operations[31])
            case "lengthen":
                history.lengthen(operations[:8])
            case _:
                history.forget(16)

    def look(history: History) -> None:
        read.append(history.since(16, 31))

    both = (look, write) if first == "reads" else (write, look)
    steps = 0
    for history in interrupted(ot.history, make, *both):
        steps += 1
        assert read == [expected]
        for start in range(history.oldest, 31):
            assert history.since(start, 31) == compose_all(operations[start:31])
    assert steps > 10


def test_what_is_forgotten_while_a_thread_reads_it_is_an_error() -> None:
    history = history_of("", [Operation([n, "x"]) for n in range(300)])
    blocks = history._between(3, 300)
    next(blocks)
    history.forget(290)
    with pytest.raises(OperationError, match="forgotten"):
        list(blocks)
    assert history.since(290) == Operation([290, "x" * 10])


def test_a_position_goes_along() -> None:
    history = history_of("", [Operation([n, "x"]) for n in range(40)])
    assert history.map(5, 10) == 5
    assert history.map(10, 10) == 10
    assert history.map(10, 10, "right") == 40


def test_what_is_submitted_late_is_appended_as_it_is_now() -> None:
    history = history_of("", [Operation([n, "x"]) for n in range(40)])
    assert history.submit(Operation([3, "!"]), 3) == Operation([3, "!", 37])
    assert history.text(history.revision) == "xxx!" + 37 * "x"


def test_what_it_does_not_know_it_says() -> None:
    history = history_of("ab", [Operation([2, "c"])], revision=5)
    for ask in (
        lambda: history.rebase(Operation([1]), 4),
        lambda: history.rebase(Operation([1]), 7),
        lambda: history.since(6, 5),
        lambda: history.since(9, 9),
        lambda: history.map(0, 9),
        lambda: history.map(0, 4, "right"),
        lambda: history.forget(4),
        lambda: history.forget(7),
        lambda: history.text(4),
        lambda: history.append(Operation([2])),
        lambda: History(None).text(0),
        lambda: History(None).since(0),
    ):
        with pytest.raises(OperationError):
            ask()


@pytest.mark.parametrize("oldest", [0, 100])
def test_whoever_asks_first_finds_the_blocks_of_128_made(
    oldest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(None, oldest)
    for length in range(400):
        history.append(Operation.patch(length, length, 0, "x"))
    composed: list[int] = []

    def counted(operations: list[Operation]) -> Operation:
        composed.append(len(operations))
        return compose_all(operations)

    monkeypatch.setattr(ot.history, "compose_all", counted)
    first = -oldest % 128
    assert history.rebase(Operation.patch(first, 0, 0, "y"), oldest + first).target_length == 401
    assert sum(composed) < 128


@pytest.mark.parametrize("position", [None, -1, 4, "1"])
def test_a_position_that_is_not_in_the_text_is_refused_at_the_head_too(position: Any) -> None:
    history = History("abc")
    with pytest.raises(OperationError, match="position"):
        history.map(position, 0)
