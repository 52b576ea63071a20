"""Operational transformation of plain text. Standard library only."""

from types import FunctionType

from ot.batch import Batch, compose_all, compose_patches, join_runs
from ot.branch import Branch, Edit
from ot.client import Client
from ot.diff import common_ends, diff
from ot.document import Document, checksum
from ot.errors import OperationError, Patch
from ot.history import History
from ot.operation import Bias, Operation
from ot.painting import compose_painted, paint, runs
from ot.plain import Component
from ot.saved import dump, load
from ot.server import Server
from ot.taking_back import take_back
from ot.transforming import rebase, transform
from ot.undo import UndoStack

compiled = not isinstance(transform, FunctionType)
"""Whether this is machine code, as `ot.compiling` makes it of the same source."""

__all__ = [
    "Batch",
    "Bias",
    "Branch",
    "Client",
    "Component",
    "Document",
    "Edit",
    "History",
    "Operation",
    "OperationError",
    "Patch",
    "Server",
    "UndoStack",
    "checksum",
    "common_ends",
    "compiled",
    "compose_all",
    "compose_painted",
    "compose_patches",
    "diff",
    "dump",
    "join_runs",
    "load",
    "paint",
    "rebase",
    "runs",
    "take_back",
    "transform",
]
