"""Rooms without I/O: committed state, the people present, and the changes that wait."""
