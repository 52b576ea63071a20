"""The error that is raised when the embedded PostgreSQL cannot serve."""

from __future__ import annotations


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot serve; the text says why and what to do about it."""
