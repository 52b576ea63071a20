"""The REST API that reads and writes the files of a room."""
