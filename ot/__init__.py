"""Operational transformation of plain text. Standard library only."""

from ot.client import Client
from ot.diff import common_ends, diff
from ot.operation import Bias, Component, Operation, OperationError, transform

__all__ = [
    "Bias",
    "Client",
    "Component",
    "Operation",
    "OperationError",
    "common_ends",
    "diff",
    "transform",
]
