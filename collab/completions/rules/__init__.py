"""The rules as data: for each language, a table of lines and the texts that may follow them."""
