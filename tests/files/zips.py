"""Zips as strangers make them."""

from __future__ import annotations

import warnings
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LOCAL = b"PK\3\4"
CENTRAL = b"PK\1\2"


def a_zip(*entries: tuple[str | ZipInfo, bytes | str], method: int = ZIP_DEFLATED) -> bytes:
    """A zip of these entries, also where two have one name."""
    file = BytesIO()
    with ZipFile(file, "w", method) as archive, warnings.catch_warnings(action="ignore"):
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def info(name: str, *, mode: int = 0, comment: bytes = b"") -> ZipInfo:
    """An entry with the mode of a Unix file."""
    entry = ZipInfo(name)
    entry.external_attr = mode << 16
    entry.comment = comment
    return entry


def rename(made: bytes, old: bytes, new: bytes) -> bytes:
    """Give an entry a name of the same length, in both places where it stands."""
    assert len(old) == len(new)
    assert made.count(old) == 2
    return made.replace(old, new)


def patch(made: bytes, local: int, central: int, value: bytes, number: int = 0) -> bytes:
    """Overwrite a field of one entry: at these offsets of its two headers."""
    out = bytearray(made)
    for signature, offset in ((LOCAL, local), (CENTRAL, central)):
        at = -1
        for _ in range(number + 1):
            at = made.index(signature, at + 1)
        out[at + offset : at + offset + len(value)] = value
    return bytes(out)


def claim_size(made: bytes, size: int) -> bytes:
    """Have the first entry claim another size than its bytes have."""
    return patch(made, 22, 24, size.to_bytes(4, "little"))


def encrypt(made: bytes) -> bytes:
    """Have the first entry claim that it is encrypted."""
    return patch(made, 6, 8, (1).to_bytes(2, "little"))


def compress_with(made: bytes, method: int) -> bytes:
    """Have the first entry claim another method of compression."""
    return patch(made, 8, 10, method.to_bytes(2, "little"))


def say_utf8(made: bytes) -> bytes:
    """Have the first entry claim that its name is UTF-8."""
    return patch(made, 6, 8, (0x800).to_bytes(2, "little"))
