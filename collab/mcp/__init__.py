"""`collab mcp`: an MCP client, such as a coding agent, in a room as one of its people."""
