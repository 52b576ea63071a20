"""Rooms, their logs and their snapshots in PostgreSQL."""
