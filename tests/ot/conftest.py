from __future__ import annotations

from hypothesis import settings

# A deadline would measure how busy the machine is.
settings.register_profile("collab", deadline=None)
settings.load_profile("collab")
