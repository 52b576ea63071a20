"""The server as processes: one, or several on one port with their supervisor."""
