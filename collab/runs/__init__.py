"""Runs the program of a room in a sandbox, and shows its output to everybody in the room."""
