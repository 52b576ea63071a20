"""Runs rooms on the event loop: their sockets, their log, and news between processes."""
