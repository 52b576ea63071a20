"""Making a room, and reading one, over HTTP."""
