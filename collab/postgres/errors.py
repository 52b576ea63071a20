"""What a person is told when there is no embedded PostgreSQL."""

from __future__ import annotations


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot serve; the text says why and what to do about it."""
