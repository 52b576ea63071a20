"""Commands for shells: `collab run`, `cat`, `put`, `rooms`, `mcp` and `mirror`, which talk to a
server.

README.md describes them. This module is read before the command is known, so it imports nothing.
"""

COMMANDS = ("run", "cat", "put", "rooms", "mcp", "mirror")
