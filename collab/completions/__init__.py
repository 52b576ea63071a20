"""Suggests what a person is about to type: `POST /autocomplete`."""
