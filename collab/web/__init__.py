"""What every request passes before a route takes it: parsing, limits, proxies, headers."""
