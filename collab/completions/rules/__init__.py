"""Rules as data: for each language a table of what follows what."""
