"""Handles every request before its route does: parsing, limits, proxies, headers."""
