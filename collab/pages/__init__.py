"""The front end, as it was built, and whether the server is well."""
