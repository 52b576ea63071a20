"""Places where another thread may come between, tried one by one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any, TypeVar

Thing = TypeVar("Thing")


def interrupted(
    module: ModuleType,
    make: Callable[[], Thing],
    work: Callable[[Thing], object],
    meanwhile: Callable[[Thing], object],
) -> Iterator[Thing]:
    """Make a thing and work on it, with something done `meanwhile` before a step of the module.

    A step is an instruction of Python. Yields the thing after that, for each step in turn.
    """
    number = left = 0
    thing = make()

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename != module.__file__:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            left -= 1
            if left == 0:
                meanwhile(thing)
        return trace

    while left <= 0:
        number += 1
        thing, left = make(), number
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            work(thing)
        finally:
            sys.settrace(before)
        if left <= 0:
            yield thing
