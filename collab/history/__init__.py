"""The past of a room: names of revisions, who wrote what, differences, and ways back."""
