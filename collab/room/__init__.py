"""The room without I/O: what was committed, who is here, and what happens next."""
