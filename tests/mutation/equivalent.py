"""Mutants that no test can tell from the original, by module and by what their line becomes."""

from __future__ import annotations

FIRST = "Whatever it starts with is replaced before it is read."
A_MOMENT = "A timer may fire a millisecond later."

EQUIVALENT: dict[str, dict[str, str]] = {
    "exchange": {
        "#liveSince = 1;": FIRST,
        "#seq = 1;": "No link has broken yet, so it does not matter for which change.",
        "#broken = 1;": FIRST,
        "if (wait > 1) {": A_MOMENT,
        "if (wait >= 0) {": A_MOMENT,
    },
    "work": {
        "#settled = 1;": "Only differences of it are used.",
        "#took = 1;": "So little is less than the shortest pause.",
    },
}
"""The value says why it behaves the same."""
