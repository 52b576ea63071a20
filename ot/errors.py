"""OperationError, and the checks that raise it.

Every public call of this package checks its arguments before it changes anything. So a call either
does its work, or raises OperationError and leaves everything as it was. If an iterable of the
caller raises an exception, the call passes it on and changes nothing either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Patch = tuple[int, int, str]
"""(position, deleted, inserted): one edit, as editors report it. `deleted` is a number."""

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class OperationError(ValueError):
    """An operation is malformed, or does not fit what it is used with."""


def name_of(value: object) -> str:
    """Return the name of a value's type for an error text."""
    return type(value).__name__


def check_text(text: object, what: str) -> None:
    """Raise OperationError unless `text` is a str without lone surrogates."""
    if type(text) is not str:
        raise OperationError(f"{what} is a {name_of(text)}, not a str")
    if not is_well_formed(text) and (lone := _LONE_SURROGATE.search(text)):
        raise OperationError(f"{what} has a lone surrogate, U+{ord(lone.group()):04X}")


def is_well_formed(text: str) -> bool:
    """Tell whether a text has no lone surrogates. Those are not printable, which is told faster."""
    return text.isascii() or text.isprintable() or not _LONE_SURROGATE.search(text)


def check_count(value: object, what: str, least: int = 0) -> None:
    """Raise OperationError unless `value` is an int of at least `least`. A bool is no int here."""
    if type(value) is not int:
        raise OperationError(f"{what} is a {name_of(value)}, not an int")
    if value < least:
        raise OperationError(f"{what} is {value}, less than {least}")


def listed(values: Iterable[object], what: str) -> list[Any]:
    """Return the values as a list, unchecked.

    Raises OperationError for str, bytes and no iterables.
    """
    if type(values) is list:
        return values[:]
    try:
        if isinstance(values, str | bytes | bytearray):
            raise TypeError
        iterator = iter(values)
    except TypeError:
        raise OperationError(f"{what} are a {name_of(values)}, not a list") from None
    return list(iterator)


def check_patch(patch: object, length: int) -> Patch:
    """Return a patch as a tuple.

    Raises OperationError unless it is a Patch that fits a text of `length` code points.
    """
    if type(patch) is tuple and len(patch) == 3:
        position, deleted, inserted = patch
        if (
            type(position) is int
            and type(deleted) is int
            and type(inserted) is str
            and 0 <= position <= position + deleted <= length
            and (inserted.isascii() or is_well_formed(inserted))
        ):
            return patch
    if not isinstance(patch, tuple | list) or len(patch) != 3:
        raise OperationError(f"a patch is (position, deleted, inserted), not a {name_of(patch)}")
    position, deleted, inserted = patch
    check_edit(position, deleted, inserted, length)
    return position, deleted, inserted


def check_edit(position: object, deleted: object, inserted: object, length: int) -> None:
    """Raise OperationError unless these make a patch that fits a text of `length` code points."""
    if type(position) is not int or type(deleted) is not int:
        raise OperationError(
            f"a patch of {name_of(position)} and {name_of(deleted)} where two ints should be"
        )
    check_text(inserted, "the insertion of a patch")
    if position < 0 or deleted < 0 or position + deleted > length:
        raise OperationError(
            f"a patch of {position} … {position + deleted} is not within 0 … {length}"
        )


def fitting(patches: Iterable[Patch], length: int) -> list[Patch]:
    """Return patches that follow one another on a text of `length` code points as a list.

    Raises OperationError for the first one that is no patch or does not fit.
    """
    given = listed(patches, "patches")
    complain(given, length)
    return given


def complain(given: list[Any], length: int | None) -> None:
    """Raise OperationError for the first item that is no patch or does not fit.

    If `length` is None, the length of the text is unknown, and only the form is checked.
    """
    for index, patch in enumerate(given):
        try:
            most = 2**63 if length is None else length
            check_patch(patch, most)
        except OperationError as error:
            raise OperationError(f"patch {index}: {error}") from None
        if length is not None:
            length += len(patch[2]) - patch[1]
