"""What an operator asks: whether a server lives, can serve, and what is wrong with it."""
