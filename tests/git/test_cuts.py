"""The places of commits and their contents, without a server and without Git."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from collab.changes.tree import AddFolder, Move, Remove, Restore
from collab.changes.version import NameVersion
from collab.git.committing import Commit, Committer, Made
from collab.git.cuts import Cut, Cutter, Pin
from collab.git.deltas import apply_delta, text_delta, tree_delta
from collab.git.objects import FILE, TreeEntry, encode_tree
from collab.git.store import resolve
from collab.protocol import AddFile, Change, Edit
from collab.room.state import Entry
from ot import Operation, diff

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def log(*changes: Change, pauses: dict[int, int] | None = None) -> list[Entry]:
    """Entries a second apart; before some revisions there is a pause of so many seconds."""
    at, entries = BEGIN, []
    for number, change in enumerate(changes, 1):
        at += timedelta(seconds=1 + (pauses or {}).get(number, 0))
        entries.append(Entry(number, "c", number, "Ada", at, change, "ada", "typed"))
    return entries


def typed(text: str) -> list[Change]:
    edits = (Edit("main", Operation([at, letter])) for at, letter in enumerate(text))
    return [AddFile("main", "main.py", None, ""), *edits]


def cuts(entries: list[Entry], *pins: Pin) -> list[Cut]:
    cutter = Cutter(0, 0.0, pins)
    return [cut for entry in entries for cut in cutter.add(entry)]


def test_commits_are_at_pauses_versions_and_pins() -> None:
    entries = log(*typed("abcde"), NameVersion("one", 3), NameVersion("two"), pauses={3: 601})
    found = [(cut.revision, cut.title) for cut in cuts(entries, Pin(1, 5))]
    assert found == [(2, None), (5, None), (7, "two")]
    assert [(cut.revision, cut.title) for cut in cuts(entries)] == [
        (2, None),
        (3, "one"),
        (7, "two"),
    ]
    assert [len(cut.entries) for cut in cuts(entries)] == [2, 1, 4]


def test_less_than_ten_minutes_are_no_pause() -> None:
    assert cuts(log(*typed("abc"), pauses={3: 599})) == []


def test_no_commit_has_more_than_ten_thousand_revisions() -> None:
    assert [cut.revision for cut in cuts(log(*typed("x" * 20_000)))] == [10_000, 20_000]


def commits(entries: list[Entry], pins: list[Pin], *, resumed: bool = False) -> list[Commit]:
    """The commits up to the last pin; `resumed` packs the state after each."""
    committer = Committer()
    cutter = Cutter(0, 0.0, pins)
    made: list[Commit] = []
    objects: dict[bytes, Made] = {}
    for entry in entries:
        for cut in cutter.add(entry):
            if resumed and committer.kept.commit:
                committer = Committer(committer.pack())
            wanted = committer.texts_wanted(cut.entries)
            texts = resolve(objects, wanted.values())
            committer.texts |= {file: texts[id_].decode() for file, id_ in wanted.items()}
            assert not committer.assets_wanted(cut.entries)
            if commit := committer.commit(cut, {}):
                made.append(commit)
                for one in commit.objects:
                    objects.setdefault(one.id, one)
    # Every tree and text can be made of what is kept.
    resolve(objects, objects)
    return made


def story() -> list[Entry]:
    """Files that come, change, move, go and come back, with pauses."""
    rng = Random(1)
    texts = {"a": "", "b": ""}
    changes: list[Change] = [
        AddFolder("f", "", "src"),
        AddFile("a", "a.py", None, ""),
        AddFile("b", "b.py", None, "", "f"),
    ]
    for number in range(300):
        file = rng.choice("ab")
        text = texts[file]
        at = rng.randrange(len(text) + 1)
        after = text[:at] + rng.choice(["é", "word ", "🦦"]) + text[at + rng.randrange(3) :]
        changes.append(Edit(file, diff(text, after)))
        texts[file] = after
        if number == 100:
            changes.append(Remove("b"))
        if number == 200:
            changes.append(Restore("b", "f", "b.py"))
            changes.append(Move("a", "f", "c.py"))
    return log(*changes, pauses=dict.fromkeys(range(20, 300, 17), 700))


def test_the_commits_of_a_log_are_the_same_wherever_they_are_made() -> None:
    entries = story()
    pins = [Pin(1, 50), Pin(2, 120), Pin(3, len(entries))]
    at_once = commits(entries, pins)
    assert [one.id for one in commits(entries, pins, resumed=True)] == [one.id for one in at_once]
    assert len(at_once) > 15
    # What was told before a pin is told after it.
    before = commits(entries[:120], pins[:2])
    assert [one.id for one in at_once[: len(before)]] == [one.id for one in before]


def test_the_ids_are_a_format() -> None:
    """They were made by the first release that made commits: clones of today's rooms go on."""
    assert (
        commits(story(), [Pin(1, 306)])[-1].id.hex() == "fcc973a0e851cfb49da2e163917c011385dbd0c3"
    )


def test_nothing_is_committed_where_nothing_has_changed() -> None:
    entries = log(*typed("ab"), NameVersion("one"), NameVersion("two"))
    assert [one.revision for one in commits(entries, [Pin(1, 4), Pin(2, 5)])] == [3]


def test_a_delta_makes_the_text_that_its_operation_makes() -> None:
    for before, after in (("", "x" * 300), ("héllo" * 50, "hé" * 9 + "llo" * 80), ("a" * 99, "")):
        operation = diff(before, after)
        source = before.encode()
        delta = text_delta(before, source, operation)
        assert apply_delta(source, delta, 10_000, 1000)[0].decode() == after


def test_a_delta_makes_the_tree_that_it_was_made_for() -> None:
    def tree(*names: str, of: bytes = b"x") -> bytes:
        return encode_tree(TreeEntry(FILE, name.encode(), of * 20) for name in names)

    many = [f"file-{number}.py" for number in range(100)]
    before = tree(*many)
    for after in (tree(*many[5:], "new.py"), tree(*many[:50], of=b"y"), tree()):
        delta = tree_delta(before, after)
        assert apply_delta(before, delta, 10_000, 1000)[0] == after
