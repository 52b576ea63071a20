"""The REST API that makes and reads rooms."""
