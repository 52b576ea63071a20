"""A saved form of a history: as few bytes as the standard library makes of it.

README.md tells the format. Typing is regular: each edit begins where the one before ended, and
inserts one character. So edits are kept in columns, positions as differences from where they are
expected, and each column is compressed by itself.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator

from ot.errors import OperationError, check_count, check_text, listed, name_of
from ot.operation import Operation, check_operation, made
from ot.plain import Component

_MAGIC = b"ot\x01"
_COLUMNS = 5
_MOST = 1 << 30


def dump(text: str, operations: Iterable[Operation]) -> bytes:
    """Return the bytes of a history: a first text, and operations that follow one another from it.

    Raises OperationError for operations that do not.
    """
    check_text(text, "the text")
    counts, places, sizes = bytearray(), bytearray(), bytearray()
    inserted: list[str] = []
    length, cursor, total = len(text), 0, 0
    for operation in listed(operations, "operations"):
        check_operation(operation)
        if operation.base_length != length:
            raise OperationError(
                f"operation {total} spans {operation.base_length} code points, "
                f"the text has {length}"
            )
        length = operation.target_length
        cursor = _add(operation, cursor, counts, places, sizes, inserted)
        total += 1
    columns = [text.encode(), bytes(counts), bytes(places), bytes(sizes)]
    columns.append("".join(inserted).encode())
    head = bytearray(_MAGIC)
    packed = [_pack(column) for column in columns]
    for number in (total, *map(len, packed)):
        _write(head, number)
    return b"".join([head, *packed])


def load(data: bytes, *, most: int = _MOST) -> tuple[str, list[Operation]]:
    """Return the first text and the operations of a history that `dump` has saved.

    Raises OperationError for anything else, and for columns that have more than `most` bytes.
    """
    check_count(most, "the limit")
    if type(data) is not bytes:
        raise OperationError(f"a saved history is bytes, not a {name_of(data)}")
    try:
        return _load(data, most)
    except (IndexError, StopIteration, UnicodeDecodeError, lzma.LZMAError, EOFError) as error:
        raise OperationError("this is no saved history, or not all of it") from error


def _add(
    operation: Operation,
    cursor: int,
    counts: bytearray,
    places: bytearray,
    sizes: bytearray,
    inserted: list[str],
) -> int:
    """Add an operation to the columns. Returns where its last change ends."""
    position, expected, count = 0, cursor, 0
    for c in operation.components:
        if isinstance(c, int) and c > 0:
            position += c
            continue
        moved = position - expected
        _write(places, 2 * moved if moved >= 0 else -2 * moved - 1)
        if isinstance(c, str):
            _write(sizes, 2 * len(c))
            inserted.append(c)
            position += len(c)
        else:
            _write(sizes, -2 * c + 1)
        count += 1
        expected = position
    _write(counts, count)
    return expected


def _load(data: bytes, most: int) -> tuple[str, list[Operation]]:
    if data[: len(_MAGIC)] != _MAGIC:
        raise OperationError("this is no saved history")
    at = len(_MAGIC)
    total, at = _read(data, at)
    lengths: list[int] = []
    for _ in range(_COLUMNS):
        length, at = _read(data, at)
        lengths.append(length)
    columns: list[bytes] = []
    for length in lengths:
        columns.append(_unpack(data[at : at + length], most))
        at += length
    if at != len(data):
        raise OperationError("a saved history has bytes behind its end, or not all of it")
    text, all_inserted = columns[0].decode(), columns[4].decode()
    counts, places, sizes = map(_numbers, columns[1:4])
    operations: list[Operation] = []
    length, cursor, used = len(text), 0, 0
    for _ in range(total):
        out: list[Component] = []
        position = base = 0  # in the text after the operation, and in the one before
        target = length
        expected = cursor
        for _ in range(next(counts)):
            moved = next(places)
            kept = expected + (moved // 2 if moved % 2 == 0 else -(moved + 1) // 2) - position
            size, deletes = divmod(next(sizes), 2)
            if kept < 0 or not size:
                raise OperationError("a change of a saved history is before the one before")
            if kept:
                out.append(kept)
            position, base = position + kept, base + kept
            if deletes:
                out.append(-size)
                base += size
                target -= size
            else:
                piece = all_inserted[used : used + size]
                if len(piece) != size:
                    raise OperationError("a saved history has too little text")
                out.append(piece)
                used += size
                position += size
                target += size
            expected = position
        if base > length:
            raise OperationError("a change of a saved history is beyond its text")
        if base < length:
            out.append(length - base)
        operation = Operation(out)
        if len(operation.components) != len(out):
            raise OperationError("two changes of a saved history should be one")
        operations.append(made(out, length, target))
        length, cursor = target, expected
    rest = [next(numbers, None) for numbers in (counts, places, sizes)]
    if used != len(all_inserted) or any(number is not None for number in rest):
        raise OperationError("a saved history has more than its operations")
    return text, operations


def _pack(column: bytes) -> bytes:
    if not column:
        return b""
    # A dictionary no larger than what it is for: a small history takes no megabytes of memory.
    reach = min(max(1 << (len(column) - 1).bit_length(), 1 << 12), 1 << 26)
    how = [{"id": lzma.FILTER_LZMA1, "preset": 9, "dict_size": reach}]
    return lzma.compress(column, lzma.FORMAT_ALONE, filters=how)


def _unpack(packed: bytes, most: int) -> bytes:
    if not packed:
        return b""
    reader = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=1 << 28)
    column = reader.decompress(packed, most + 1)
    if len(column) > most:
        raise OperationError(f"a column of a saved history has more than {most} bytes, the limit")
    if not reader.eof or reader.unused_data:
        raise OperationError("a column of a saved history does not end")
    return column


def _write(out: bytearray, number: int) -> None:
    """Add a number, seven bits a byte, the lowest first; each byte but the last is 128 or more."""
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def _read(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while shift < 63:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7
    raise OperationError("a number of a saved history is too large")


def _numbers(column: bytes) -> Iterator[int]:
    at = 0
    while at < len(column):
        number, at = _read(column, at)
        yield number
