"""The domain of rooms as Git remotes."""
