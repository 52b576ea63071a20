"""The change that runs a file. `collab.room.kinds.run` says what a room does with it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from collab.changes.tree import NodeId

MOST_ARGUMENTS = 64
MOST_INPUT = 65_536
"""Characters of the input that a change gives a run."""
Input = Annotated[str, Meta(max_length=MOST_INPUT)]
Argument = Annotated[str, Meta(max_length=1000, pattern=r"\A[^\x00]*\Z")]
TestPath = Annotated[str, Meta(max_length=1000, pattern=r"\A[^\x00-][^\x00]*\Z")]


class Options(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a file is run; what is None is as the room's `Program` says.

    `stdin` is all its input. With `at`, the files are those of that revision. With `tests`, the
    room's tests are run in place of the file, in its language: those in these files, or all if
    there are none.
    """

    args: Annotated[list[Argument], Meta(max_length=MOST_ARGUMENTS)] | None = None
    stdin: Input | None = None
    at: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    tests: Annotated[list[TestPath], Meta(max_length=MOST_ARGUMENTS)] | None = None


class Run(Struct, frozen=True, array_like=True, tag="run", forbid_unknown_fields=True):
    """Run a file as it is at the revision of this entry, which is the run's id."""

    file: NodeId
    options: Options = Options()
