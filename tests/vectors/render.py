"""Renders a file of vectors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def render_groups(found: Mapping[str, list[Any]]) -> str:
    """The file's text: one case a line, so that a change shows as a few lines."""
    groups = []
    for name, cases in found.items():
        lines = ",\n".join("    " + json.dumps(case) for case in cases)
        groups.append(f'  "{name}": [\n{lines}\n  ]')
    return "{\n" + ",\n".join(groups) + "\n}\n"
