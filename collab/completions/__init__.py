"""What somebody is about to type: `POST /autocomplete`."""
