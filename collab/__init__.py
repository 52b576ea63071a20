"""Rooms in which people write code together."""
