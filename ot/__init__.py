"""Operational transformation of plain text. Standard library only."""

from ot.batch import Batch, compose_all, compose_patches, join_runs
from ot.branch import Branch, Edit
from ot.client import Client
from ot.diff import common_ends, diff
from ot.document import Document, checksum
from ot.errors import OperationError, Patch
from ot.history import History
from ot.operation import Bias, Operation, rebase, transform
from ot.plain import Component
from ot.undo import UndoStack

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
    "UndoStack",
    "checksum",
    "common_ends",
    "compose_all",
    "compose_patches",
    "diff",
    "join_runs",
    "rebase",
    "transform",
]
