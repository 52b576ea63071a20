"""Mutants that no test can tell from the original, by module and by what their line becomes."""

from __future__ import annotations

EQUIVALENT: dict[str, dict[str, str]] = {}
"""The value says why it behaves the same."""
