"""Writes the cases that every engine of `ot` must pass: `python -m tests.vectors.generate`.

The Python engine is the reference. `test_vectors.py` and the front end's `vectors.test.ts` run the
file; a port to another language needs nothing else to prove itself.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from ot import Component, Operation, OperationError, compose_all, transform
from tests.vectors.render import render_groups

VECTORS = Path(__file__).with_name("operations.json")

Case = dict[str, Any]
_Lists = tuple[list[Component], list[Component]]
_Pair = tuple[Operation, Operation]

_CASES = 60
_BATCHES = 20
_CHARACTERS = "ab\né漢😀🦦"


def render() -> str:
    return render_groups(_groups())


def _groups() -> dict[str, list[Case]]:
    random = Random(20)
    pairs = [*_edits(_PAIRS), *(_random_pair(random) for _ in range(_CASES))]
    sequences = [*_edits(_SEQUENCES), *(_random_sequence(random) for _ in range(_CASES))]
    texts = [*_TEXTS, *(_random_edit(random) for _ in range(_CASES))]
    return {
        "normalise": [_normalise(components) for components in _DENORMAL],
        "apply": [_apply(text, operation) for text, operation in texts],
        "invert": [_invert(text, operation) for text, operation in texts],
        "map": [_map(operation) for _, operation in texts],
        "compose": [_compose(first, second) for first, second in sequences],
        "transform": [_transform(committed, submitted) for committed, submitted in pairs],
        "batch": [_batch(_random_patches(random)) for _ in range(_BATCHES)],
        "decode": [_decode(value) for value in _WIRE],
        "misfit": [_misfit(verb, *operands) for verb, *operands in _MISFITS],
    }


def _normalise(components: list[Component]) -> Case:
    operation = Operation(components)
    return {
        "components": components,
        "normal": operation.encode(),
        "baseLength": operation.base_length,
        "targetLength": operation.target_length,
        "isNoop": operation.is_noop(),
    }


def _apply(text: str, operation: Operation) -> Case:
    return {"text": text, "operation": operation.encode(), "result": operation.apply(text)}


def _invert(text: str, operation: Operation) -> Case:
    inverse = operation.invert(text)
    return {"text": text, "operation": operation.encode(), "inverse": inverse.encode()}


def _map(operation: Operation) -> Case:
    positions = range(operation.base_length + 1)
    return {
        "operation": operation.encode(),
        "left": [operation.map(position, "left") for position in positions],
        "right": [operation.map(position, "right") for position in positions],
    }


def _compose(first: Operation, second: Operation) -> Case:
    return {
        "first": first.encode(),
        "second": second.encode(),
        "composed": first.compose(second).encode(),
        "composedPending": first.compose_pending(second).encode(),
    }


def _transform(committed: Operation, submitted: Operation) -> Case:
    after, rebased = transform(committed, submitted)
    return {
        "committed": committed.encode(),
        "submitted": submitted.encode(),
        "committedAfter": after.encode(),
        "submittedAfter": rebased.encode(),
    }


def _batch(operations: list[Operation]) -> Case:
    return {
        "operations": [operation.encode() for operation in operations],
        "composed": compose_all(operations).encode(),
        "composedPending": compose_all(operations, pending=True).encode(),
    }


def _decode(value: Any) -> Case:
    """`error` is null for what is well formed; where it would name a Python type it stays out."""
    try:
        Operation.decode(value)
    except OperationError as error:
        message = str(error)
        return {"value": value} if " is a " in message else {"value": value, "error": message}
    return {"value": value, "error": None}


def _misfit(verb: str, *operands: Any) -> Case:
    arguments = [Operation(o) if isinstance(o, list) else o for o in operands]
    verbs = {
        "apply": Operation.apply,
        "invert": Operation.invert,
        "map": Operation.map,
        "compose": Operation.compose,
        "composePending": Operation.compose_pending,
        "transform": transform,
    }
    try:
        verbs[verb](*arguments)  # type: ignore[operator]
    except OperationError as error:
        return {"verb": verb, "operands": list(operands), "error": str(error)}
    raise AssertionError(f"{verb} accepts {operands}")


def _random_text(random: Random, longest: int) -> str:
    return "".join(random.choices(_CHARACTERS, k=random.randrange(longest + 1)))


def _random_operation(random: Random, length: int) -> Operation:
    components: list[Component] = []
    while length:
        n = random.randint(1, length)
        kind = random.randrange(3)
        components.append((n, -n, _random_text(random, 3))[kind])
        length -= n if kind < 2 else 0
    return Operation([*components, _random_text(random, 2)])


def _random_edit(random: Random) -> tuple[str, Operation]:
    text = _random_text(random, 10)
    return text, _random_operation(random, len(text))


def _edits(lists: list[_Lists]) -> list[_Pair]:
    return [(Operation(first), Operation(second)) for first, second in lists]


def _random_pair(random: Random) -> _Pair:
    length = random.randrange(10)
    return _random_operation(random, length), _random_operation(random, length)


def _random_sequence(random: Random) -> _Pair:
    first = _random_operation(random, random.randrange(10))
    return first, _random_operation(random, first.target_length)


def _random_patches(random: Random) -> list[Operation]:
    """Typing with jumps, now and then an operation of many places."""
    length = at = random.randrange(200)
    patches: list[Operation] = []
    for _ in range(random.randrange(1, 30)):
        if random.random() < 0.1:
            patches.append(_random_operation(random, length))
        else:
            at = min(at, length) if random.random() < 0.6 else random.randint(0, length)
            inserted = _random_text(random, 3)
            deleted = random.choice([0, 0, 1, 5])
            deleted = min(deleted, length - at)
            patches.append(Operation([at, inserted, -deleted, length - at - deleted]))
            at += len(inserted)
        length = patches[-1].target_length
    return patches


_DENORMAL: list[list[Component]] = [
    [],
    [0, "", 0],
    [1, 2, 3],
    [1, 0, "a", "", "b", -1, -2],
    [-1, "a", -1],
    ["a", 0, "😀", 2, "", 1],
    [3, "", -0, 2],
]

_TEXTS = [
    ("", Operation([])),
    ("", Operation(["a"])),
    ("", Operation(["😀\n😀"])),
    ("abc", Operation([3])),
    ("abc", Operation([-3])),
    ("a😀b", Operation([1, -1, 1])),
    ("a😀b", Operation([2, "🦦", 1])),
    ("😀😀😀", Operation([1, "é", -1, "漢", 1])),
    ("ab", Operation(["x", -1, "y", -1, "z"])),
]

_PAIRS: list[_Lists] = [
    ([], []),
    (["a"], ["b"]),
    ([1, "x"], [1, "y"]),
    (["x", -1], ["y", -1]),
    ([-1, "x"], ["y", -1]),
    (["x", -1], [-1, "y"]),
    ([-1, "x"], [-1, "y"]),
    ([-4], [2, "y", 2]),
    ([2, "😀", 2], [-4]),
    ([1, "x", -2, "y", 1], [2, "z", -1, 1]),
    (["😀", -1, "🦦", 1], [1, "é", -1]),
]

_SEQUENCES: list[_Lists] = [
    ([], []),
    (["a"], [-1]),
    (["a"], [1, "b"]),
    ([-1], ["b"]),
    ([1, -1, 1], [1, "b", 1]),
    (["a", -1], [1, "b"]),
    (["a", -1], ["b", 1]),
    ([-1, "a"], ["b", 1]),
    ([-1, "a", -1], [1, "b"]),
    (["😀😀"], [1, "x", -1]),
    (["a😀b"], [1, -1, 1]),
    ([2, "😀🦦", -2], [1, -2, "é", 1]),
]

_WIRE: list[Any] = [
    [],
    [5, "abc", -3, 40],
    ["😀"],
    ["\u0000"],
    [2**53 - 1],
    None,
    {},
    "abc",
    5,
    [1.5],
    [None],
    [True],
    [[1]],
    [0],
    [1, 0],
    [""],
    [1, ""],
    [1, 2],
    ["a", "b"],
    [3, -1, -1],
    ["\ud800"],
    [1, "a\udc00b"],
    ["\ude00\ud83d"],
]

_MISFITS: list[tuple[Any, ...]] = [
    ("apply", [3], "ab"),
    ("apply", [2], "😀"),
    ("apply", ["a"], "b"),
    ("invert", [-1], ""),
    ("invert", [1, "a"], "😀😀"),
    ("map", [2, "a"], 3),
    ("map", [-2], -1),
    ("compose", [1, "a"], [1]),
    ("compose", ["😀"], [2]),
    ("composePending", [-1], [1]),
    ("transform", [1], [2]),
    ("transform", ["a"], [-1]),
]


if __name__ == "__main__":
    VECTORS.write_text(render(), encoding="utf-8")
