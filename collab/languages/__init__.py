"""Asks language servers about code: what may follow, and what is wrong."""
