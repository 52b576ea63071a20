"""The doors of rooms over HTTP: who may do what, members, links, and who waits to be let in."""
