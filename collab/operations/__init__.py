"""Tells an operator whether a server lives, whether it can serve, and what is wrong with it."""
