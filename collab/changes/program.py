"""The change that says how the room's program is run. `collab.room.kinds.program` says what a room
does with it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from collab.changes.run import MOST_ARGUMENTS, Argument
from collab.changes.tree import NodeId

VariableName = Annotated[str, Meta(pattern=r"\A[A-Za-z_][A-Za-z0-9_]{0,63}\Z")]


class Program(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How the program of a room is run, where a run does not say otherwise.

    `entry` is the file to run. `env` are variables of its environment, which everybody in the room
    can read. The text of the file `stdin` is all its input. No entry is the main file, and without
    a file of input people type it.
    """

    entry: NodeId | None = None
    args: Annotated[list[Argument], Meta(max_length=MOST_ARGUMENTS)] = []
    env: Annotated[dict[VariableName, Argument], Meta(max_length=64)] = {}
    stdin: NodeId | None = None


class SetProgram(Struct, frozen=True, array_like=True, tag="program", forbid_unknown_fields=True):
    """Say how the program of the room is run."""

    program: Program
