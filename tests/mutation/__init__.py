"""Single mutations of named modules, and whether their tests notice them."""
