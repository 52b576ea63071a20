"""Every public call does its work, or raises OperationError and changes nothing.

Each test drives one class through steps of which any may be bad: an argument, or something within
it, is replaced by what does not belong there. A plain model says which steps are good.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
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
    Server,
    UndoStack,
    checksum,
    common_ends,
    compose_all,
    compose_painted,
    compose_patches,
    diff,
    dump,
    join_runs,
    load,
    paint,
    rebase,
    runs,
    take_back,
    transform,
)
from tests.ot.calling import (
    BAD,
    OwnError,
    Step,
    applied,
    breaks_after,
    calls,
    components,
    edit_step,
    editing,
    is_count,
    is_text,
    letters,
    operation_on,
    outcome,
    patched,
    patches,
    small,
)


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
            assert history.__getstate__() == before.__getstate__()
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


def with_one_client() -> Server:
    server = Server(3)
    server.join()
    return server


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
    (paint, [fit, "o"]),
    (compose_painted, [[(fit, "o")]]),
    (dump, ["abc", [fit]]),
    (load, [dump("abc", [fit])]),
    (runs, ["text"]),
    (take_back, ["abc", [(fit, True), (Operation([3]), False)]]),
    (Document, ["text"]),
    (Document("text").slice, [1, 2]),
    (Document("text").to_utf16, [1]),
    (Document("text").from_utf16, [1]),
    (Document("text").to_utf8, [1]),
    (Document("text").from_utf8, [1]),
    (Batch, [3]),
    (Branch, [3]),
    (Server, [3]),
    (lambda client, edit, seen: with_one_client().submit(client, edit, seen), [0, (3, 0, "x"), 0]),
    (lambda client: with_one_client().leave(client), [0]),
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


@pytest.mark.parametrize("make", [Batch, Branch, Server], ids=["batch", "branch", "server"])
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
    tried |= {"History", "Client", "UndoStack", "Document", "Batch", "Branch", "Server"}
    no_calls = {"Bias", "Component", "Edit", "OperationError", "Patch", "compiled"}
    assert set(ot.__all__) - no_calls == tried & set(ot.__all__)
