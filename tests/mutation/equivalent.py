"""Mutants that no test can tell from the original, by module and by what their line becomes."""

from __future__ import annotations

FIRST = "Whatever it starts with is replaced before it is read."
HOW_MUCH = "So much at a time, with the same result."
A_MOMENT = "A timer may fire a millisecond later."
NONE_YET = "Any number below 0 stands for none."

EQUIVALENT: dict[str, dict[str, str]] = {
    "exchange": {
        "#liveSince = 1;": FIRST,
        "#seq = 1;": "No link has broken yet, so it does not matter for which change.",
        "#broken = 1;": FIRST,
        "if (true) this.#keepAsItIs();": "The same work is written once more.",
        "if (wait > 1) {": A_MOMENT,
        "if (wait >= 0) {": A_MOMENT,
    },
    "work": {
        "#settled = 1;": "Only differences of it are used.",
        "return { holds: () => (until >= Date.now() ? true : renew()), release };": A_MOMENT,
        "#took = 1;": "So little is less than the shortest pause.",
    },
    "room": {
        "door, found = self.door, -2": NONE_YET,
        "elif (member := self.members.get(who) if True else None) == OUT:": "Nobody is no member.",
        "head, refused_at = self.room.revision, -2": NONE_YET,
        "refused_at = -2": NONE_YET,
        "del older[max(1, past.oldest - revision) :]": "The past begins after the revision.",
    },
    "store": {
        "members = {who: row[\"role\"]} if (who or row['role']) else {}": (
            "A member whose role is None is no member."
        ),
    },
    "search": {
        "_BATCH = 768 * 1024": HOW_MUCH,
        "without size += len(text)": HOW_MUCH,
        "end = EndLine(1, 0)": "Only its words are read.",
        "_GRACE = 30": "A timer ends the process before the system does.",
        "if (revision not in {None, state.revision}):": "The other way reads the same texts.",
    },
}
"""The value says why it behaves the same."""
