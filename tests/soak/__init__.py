"""Everything at once: people who type, and whatever can break, from a seed."""
