"""Ids of rooms."""

TEXT_LIMIT = 2 * 1024 * 1024
"""The code points that a text may have, where nobody has set another limit."""
NOBODYS = "0b5ecf6c-7d4e-4f0a-9c58-2f1d7a1b9e30"
"""A room id that no server has given out."""
