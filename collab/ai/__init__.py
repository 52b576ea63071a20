"""A model that completes, answers and proposes edits, where the operator has turned one on."""
