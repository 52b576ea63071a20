"""Operational transformation of plain text. Standard library only."""

from ot.client import Client
from ot.diff import diff
from ot.operation import Bias, Component, Operation, OperationError, transform

__all__ = [
    "Bias",
    "Client",
    "Component",
    "Operation",
    "OperationError",
    "diff",
    "transform",
]
