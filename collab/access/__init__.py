"""Accounts of people, and what each may do in which room."""
