"""The REST API that searches all files of a room, and replaces what it finds."""
