"""Every public call does its work, or raises OperationError and changes nothing.

Each test drives one class through steps of which any may be bad: an argument, or something within
it, is replaced by what does not belong there. A plain model says which steps are good.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ot
from ot import (
    Batch,
    Branch,
    Client,
    Document,
    History,
    Operation,
    OperationError,
    UndoStack,
    checksum,
    common_ends,
    compose_all,
    compose_patches,
    diff,
    join_runs,
    rebase,
    transform,
)

BAD: list[Any] = [
    None, True, 1.0, float("nan"), -1, -(10**30), 10**30, b"a", "\ud800", "a\udfff", "left?",
    [], [None], (), (1,), (1, 2, 3, 4), {}, {1, 2, 3}, object(), Operation([10**6]),
    Operation(["x"]),
]  # fmt: skip


class OwnError(Exception):
    """What an iterable of the caller's raises."""


def breaks_after(values: list[Any]) -> Iterator[Any]:
    yield from values
    raise OwnError


small = st.integers(0, 6)
letters = st.text("ab🪐", max_size=3)
patches = st.tuples(small, st.integers(0, 3), letters)
components = st.lists(st.integers(-4, 4) | letters, max_size=4)


@st.composite
def calls(draw: st.DrawFn, *arguments: st.SearchStrategy[Any]) -> list[Any]:
    """The arguments of a call, of which one, or a part of one, may be bad."""
    values = [draw(argument) for argument in arguments]
    if draw(st.integers(0, 2)) == 0:
        return values
    at = draw(st.integers(0, len(values) - 1))
    value = values[at]
    if isinstance(value, list | tuple) and value and draw(st.booleans()):
        parts = list(value)
        inner = draw(st.integers(0, len(parts) - 1))
        part = parts[inner]
        if isinstance(part, tuple) and draw(st.booleans()):
            leaves = list(part)
            leaves[draw(st.integers(0, 2))] = draw(st.sampled_from(BAD))
            parts[inner] = tuple(leaves)
        else:
            parts[inner] = draw(st.sampled_from(BAD))
        values[at] = tuple(parts) if isinstance(value, tuple) else parts
    elif isinstance(value, list) and draw(st.booleans()):
        values[at] = breaks_after(value)
    else:
        values[at] = draw(st.sampled_from(BAD))
    return values


def is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def is_text(value: object) -> bool:
    return type(value) is str and not any(0xD800 <= ord(c) <= 0xDFFF for c in value)


def patched(text: str, patch: Any) -> str | None:
    """The text after a patch; None when it is none, or does not fit."""
    if not isinstance(patch, tuple | list) or len(patch) != 3:
        return None
    position, deleted, inserted = patch
    if not (is_count(position) and is_count(deleted) and is_text(inserted)):
        return None
    if position + deleted > len(text):
        return None
    after: str = text[:position] + inserted + text[position + deleted :]
    return after


def patched_all(text: str, given: Any) -> str | None:
    if not isinstance(given, tuple | list | dict | set):  # an empty one of any kind has no patch
        return None
    after: str | None = text
    for patch in given:
        after = None if after is None else patched(after, patch)
    return after


def applied(text: str, operation: Any) -> str | None:
    if isinstance(operation, Operation) and operation.base_length == len(text):
        return operation.apply(text)
    return None


def outcome(call: Callable[[], Any], *, good: bool) -> list[Any]:
    """What a good call returns, in a list. A bad one must raise OperationError: then nothing."""
    if good:
        return [call()]
    with pytest.raises((OperationError, OwnError)):
        call()
    return []


def operation_on(text: str, given: Any) -> Any:
    """An operation that fits the text, made of a list of components; what is bad stays so."""
    if not isinstance(given, list) or not all(type(c) is int or is_text(c) for c in given):
        return given
    rest = len(text)
    fitted: list[int | str] = []
    for c in given:
        if isinstance(c, str):
            fitted.append(c)
        elif abs(c) <= rest:
            fitted.append(c)
            rest -= abs(c)
    return Operation([*fitted, rest])


Step = tuple[str, list[Any]]


def editing(whole: str) -> st.SearchStrategy[list[Step]]:
    """Edits of a text by patches, and by operations, which the method of this name takes."""
    return st.lists(
        st.one_of(
            st.tuples(st.just("replace"), calls(small, small, letters)),
            st.tuples(st.just("replace_all"), calls(st.lists(patches, max_size=4))),
            st.tuples(st.just(whole), calls(components)),
        ),
        max_size=6,
    )


def edit_step(edited: Document | Batch, text: str, step: Step) -> str:
    """Take a step, and return the text after it. One that is bad must change nothing."""
    name, arguments = step
    if name == "replace":
        after = patched(text, tuple(arguments))
    elif name == "replace_all":
        after = patched_all(text, arguments[0])
    else:
        arguments[0] = operation_on(text, arguments[0])
        after = applied(text, arguments[0])
    if outcome(partial(getattr(edited, name), *arguments), good=after is not None):
        assert after is not None
        return after
    return text


@given(letters, editing("apply"))
def test_a_document(text: str, steps: list[Step]) -> None:
    document = Document(text)
    for step in steps:
        text = edit_step(document, text, step)
        assert str(document) == text
        assert len(document) == len(text)
        assert document.checksum() == checksum(text)


@given(letters, st.booleans(), editing("add"))
def test_a_batch(base: str, pending: bool, steps: list[Step]) -> None:
    batch, text = Batch(len(base), pending=pending), base
    for step in steps:
        text = edit_step(batch, text, step)
        assert batch.length == len(text)
        assert copy.deepcopy(batch).operation().apply(base) == text


@given(letters, st.lists(st.one_of(
    st.tuples(st.just("append"), calls(components)),
    st.tuples(st.just("lengthen"), calls(st.just([Operation([3])]))),
    st.tuples(st.just("rebase"), calls(components, small)),
    st.tuples(st.just("submit"), calls(components, small)),
    st.tuples(st.just("map"), calls(small, small, st.sampled_from(["left", "right"]))),
    st.tuples(st.just("since"), calls(small, small)),
    st.tuples(st.just("text"), calls(small)),
    st.tuples(st.just("warm"), calls(small)),
    st.tuples(st.just("forget"), calls(small)),
), max_size=6))  # fmt: skip
def test_a_history(text: str, steps: list[Step]) -> None:
    history = History(text)
    texts = [text]
    for name, arguments in steps:
        if name in {"append", "rebase", "submit"}:
            revision = arguments[-1] if len(arguments) == 2 else len(texts) - 1
            known = type(revision) is int and history.oldest <= revision < len(texts)
            arguments[0] = operation_on(texts[revision if known else -1], arguments[0])
        before = copy.deepcopy(history)
        try:
            getattr(history, name)(*arguments)
        except (OperationError, OwnError):
            assert vars(history) == vars(before)
        else:
            if history.revision == len(texts):
                texts.append(history.since(history.revision - 1).apply(texts[-1]))
        assert history.revision == len(texts) - 1
        assert history.text(history.revision) == texts[-1]


def test_older_operations_have_to_lead_to_the_oldest() -> None:
    history = History("abc", 5)
    for chain in ([Operation(["ab"])], [Operation(["ab"]), Operation([3])], [Operation([4])]):
        with pytest.raises(OperationError, match="what follows spans"):
            history.lengthen(chain)
        assert history.oldest == 5
    history.lengthen([Operation(["ab"]), Operation([2, "c"])])
    assert history.since(3) == Operation(["abc"])


@given(letters, st.lists(st.one_of(
    st.tuples(st.just("append"), calls(patches)),
    st.tuples(st.just("append"), calls(components)),
    st.tuples(st.just("rebase"), calls(patches)),
    st.tuples(st.just("rebase"), calls(components)),
    st.tuples(st.just("merge"), calls(st.integers(0, 2))),
), max_size=8))  # fmt: skip
def test_a_branch(text: str, steps: list[Step]) -> None:
    branch, head, seen = Branch(len(text)), text, text
    for name, arguments in steps:
        (argument,) = arguments
        if name == "merge":
            good = is_count(argument) and argument <= len(branch.unseen)
            unseen = branch.unseen
            if outcome(partial(branch.merge, argument), good=good):
                for edit in unseen[:argument]:
                    seen = edited(seen, edit)
        else:
            theirs = head if name == "append" else seen
            argument = operation_on(theirs, argument)
            after = patched(theirs, argument)
            after = applied(theirs, argument) if after is None else after
            if result := outcome(partial(getattr(branch, name), argument), good=after is not None):
                assert after is not None
                if name == "append":
                    head = after
                else:
                    seen, head = after, edited(head, result[0])
        caught_up = seen
        for edit in branch.unseen:
            caught_up = edited(caught_up, edit)
        assert caught_up == head
        assert branch.length == len(seen)


def edited(text: str, edit: Any) -> str:
    after = applied(text, edit) if isinstance(edit, Operation) else patched(text, edit)
    assert after is not None
    return after


@given(letters, st.lists(st.one_of(
    st.tuples(st.just("edit"), calls(components)),
    st.tuples(st.just("receive"), calls(components, st.integers(1, 3))),
    st.tuples(st.just("acknowledged"), st.just([])),
    st.tuples(st.just("refused"), st.just([])),
), max_size=8))  # fmt: skip
def test_a_client(text: str, steps: list[Step]) -> None:
    client, shown, revision = Client(text), text, 0
    for name, arguments in steps:
        if name == "edit":
            operation = operation_on(shown, arguments[0])
            after = applied(shown, operation)
            if outcome(partial(client.edit, operation), good=after is not None):
                assert after is not None
                shown = after
        elif name == "receive":
            operation, count = operation_on(client.committed, arguments[0]), arguments[1]
            good = applied(client.committed, operation) is not None
            good = good and is_count(count) and count > 0
            if result := outcome(partial(client.receive, operation, count), good=good):
                shown = result[0].apply(shown)
                revision += count
        elif result := outcome(getattr(client, name), good=client.in_flight is not None):
            revision += name == "acknowledged"
            shown = result[0][0].apply(shown) if name == "refused" else shown
        assert client.text == shown
        assert client.revision == revision
        assert client.waiting is None or client.in_flight is not None


@given(letters, st.lists(st.one_of(
    st.tuples(st.just("edited"), calls(components, letters)),
    st.tuples(st.just("received"), calls(components)),
    st.tuples(st.just("undo"), calls(letters)),
    st.tuples(st.just("redo"), calls(letters)),
), max_size=8))  # fmt: skip
def test_an_undo_stack(text: str, steps: list[Step]) -> None:
    stack = UndoStack()
    for name, arguments in steps:
        if name in {"edited", "received"}:
            arguments[0] = operation_on(text, arguments[0])
        if name in {"undo", "redo", "edited"} and is_text(arguments[-1]):
            arguments[-1] = text  # the text is good where no bad one was put
        before = stack.can_undo, stack.can_redo
        try:
            result = getattr(stack, name)(*arguments)
        except (OperationError, OwnError):
            assert (stack.can_undo, stack.can_redo) == before
        else:
            change = result if name in {"undo", "redo"} else arguments[0]
            if change is not None and (
                name in {"undo", "redo"} or applied(text, change) is not None
            ):
                text = change.apply(text)
    while (operation := stack.undo(text)) is not None:
        text = operation.apply(text)
    while (operation := stack.redo(text)) is not None:
        text = operation.apply(text)


fit = Operation([2, "x", -1])
FUNCTIONS: list[tuple[Callable[..., object], list[Any]]] = [
    (Operation, [[1, "a", -2]]),
    (Operation.patch, [5, 1, 2, "x"]),
    (fit.apply, ["abc"]),
    (fit.invert, ["abc"]),
    (fit.compose, [Operation([3])]),
    (fit.compose_pending, [Operation([3])]),
    (fit.map, [1, "left"]),
    (lambda n, m: fit.split(most_components=n, most_inserted=m), [4, 1]),
    (transform, [fit, Operation([3, "y"])]),
    (rebase, [fit, Operation([3, "y"])]),
    (rebase, [Operation([1, "a"] * 40), Operation([40])]),
    (diff, ["before", "after"]),
    (common_ends, ["before", "after"]),
    (checksum, ["text"]),
    (compose_all, [[fit, Operation([3])]]),
    (compose_patches, [3, [(0, 1, "a"), (3, 0, "b")]]),
    (join_runs, [[(0, 1, "a"), (3, 0, "b")]]),
    (Document, ["text"]),
    (Document("text").slice, [1, 2]),
    (Document("text").to_utf16, [1]),
    (Document("text").from_utf16, [1]),
    (Document("text").to_utf8, [1]),
    (Document("text").from_utf8, [1]),
    (Batch, [3]),
    (Branch, [3]),
    (History, ["text", 0]),
    (Client, ["text", 0]),
    (lambda depth: UndoStack(depth=depth), [5]),
]


@pytest.mark.parametrize(("function", "good"), FUNCTIONS)
def test_a_function_or_a_constructor_with_every_bad_argument(
    function: Callable[..., object], good: list[Any]
) -> None:
    for at in range(len(good)):
        for bad in BAD:
            with suppress(OperationError):
                function(*good[:at], bad, *good[at + 1 :])


@given(st.data())
def test_a_function_or_a_constructor(data: st.DataObject) -> None:
    function, good = data.draw(st.sampled_from(FUNCTIONS))
    function(*good)
    arguments = data.draw(calls(*[st.just(argument) for argument in good]))
    with suppress(OperationError, OwnError):
        function(*arguments)


def something(bad: Any) -> Any:
    return 0 if bad is None else bad


TAKE_TEXTS: dict[str, Callable[[Any], object]] = {
    "a document": Document,
    "a client": Client,
    "a checksum": checksum,
    "a component": lambda bad: Operation(["x", bad]),
    "a patch": lambda bad: Operation.patch(3, 0, 0, bad),
    "a difference": lambda bad: diff("a", bad),
    "patches": lambda bad: compose_patches(3, [(0, 0, bad)]),
    "runs": lambda bad: join_runs([(0, 0, bad)]),
}


@pytest.mark.parametrize("bad", [1.5, True, None, b"a", "\ud800", "a\udc00"], ids=ascii)
@pytest.mark.parametrize("name", TAKE_TEXTS)
def test_what_is_no_text_is_refused_at_once(name: str, bad: Any) -> None:
    with pytest.raises(OperationError):
        TAKE_TEXTS[name](bad)


@pytest.mark.parametrize("make", [Batch, Branch], ids=["batch", "branch"])
@pytest.mark.parametrize("bad", [-3, 1.0, True, None, "3"], ids=ascii)
def test_a_length_is_a_count(make: Callable[[Any], object], bad: Any) -> None:
    with pytest.raises(OperationError, match="the length of the text"):
        make(bad)


@pytest.mark.parametrize("value", ["abc", b"abc", bytearray(b"abc")], ids=["str", "bytes", "array"])
def test_a_text_is_no_list_of_components(value: Any) -> None:
    with pytest.raises(OperationError, match="not a list"):
        Operation(value)


def test_a_bias_has_two_names() -> None:
    with pytest.raises(OperationError, match="left or right"):
        Operation([3]).map(0, "up")  # type: ignore[arg-type]
    with pytest.raises(OperationError, match="left or right"):
        History("abc").map(0, 0, "up")  # type: ignore[arg-type]


def test_a_batch_keeps_nothing_of_patches_of_which_one_is_malformed() -> None:
    batch = Batch(3)
    batch.replace(3, 0, "x")
    with pytest.raises(OperationError):
        batch.replace_all([(4, 0, "y"), (5, 0)])  # type: ignore[list-item]
    with pytest.raises(OwnError):
        batch.replace_all(breaks_after([(4, 0, "y")]))
    batch.replace(0, 0, "Q")
    assert batch.operation().apply("abc") == "Qabcx"


def test_every_public_name_is_tried_here() -> None:
    tried = {getattr(function, "__name__", "") for function, _ in FUNCTIONS}
    tried |= {"History", "Client", "UndoStack", "Document", "Batch", "Branch"}
    types = {"Bias", "Component", "Edit", "OperationError", "Patch"}
    assert set(ot.__all__) - types == tried & set(ot.__all__)
