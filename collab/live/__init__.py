"""Rooms alive: the event loop around the pure room."""
