"""People type while everything that can break does, all at once and from a seed."""
