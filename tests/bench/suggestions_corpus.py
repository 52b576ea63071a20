"""Places where people might ask for a suggestion: cuts in files that others have written.

Python is the standard library of this interpreter, JavaScript and TypeScript what npm has installed
for the page. A file is either for tuning or for reporting, by a hash of its module or package: what
rules were tuned on says nothing of them.
"""

from __future__ import annotations

import hashlib
import sysconfig
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

from msgspec import Struct

from collab.completions.providers import Question
from collab.completions.scanner import NAME, is_comment, is_string, scan
from collab.protocol import Language

Split = Literal["tuning", "held-out"]

_STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
_NODE_MODULES = Path(__file__).parents[2] / "frontend" / "node_modules"
_SIZES = range(2_000, 100_000)
_WIDEST = 50
"""Characters a line on average: what has more was written by a machine."""
_SUFFIXES: dict[Language, tuple[str, ...]] = {
    "python": (".py",),
    "javascript": (".js", ".mjs", ".cjs"),
    "typescript": (".ts", ".mts"),
}
_NOT_BY_HAND = ("/test/", "/tests/", "/site-packages/", "/lib2to3/", "/dist/esm-", ".min.")


class Cut(Struct, frozen=True):
    """A question whose answer is known: nothing is written yet beyond the caret."""

    question: Question
    rest: str
    """The text that the author wrote next, to the end of the file."""
    path: str


def cuts(language: Language, split: Split, number: int, seed: int) -> list[Cut]:
    """Return cuts, the same for the same arguments and files. One in three is within a name."""
    random = Random(f"{language} {split} {seed}")
    paths = files(language, split)
    found: list[Cut] = []
    while len(found) < number:
        path = random.choice(paths)
        text = path.read_text(encoding="utf-8")
        position = _position(text, language, random)
        if position is not None:
            question = Question(text[:position], position, language)
            found.append(Cut(question, text[position:], str(path)))
    return found


@cache
def files(language: Language, split: Split) -> Sequence[Path]:
    """Every file of a language on one side of the split."""
    root = _root(language)
    found = [path for path in _written(root, language) if _side(group(path, language)) == split]
    assert found, f"nothing in {root} is {language}"
    return found


def group(path: Path, language: Language) -> str:
    """Return the module or the package that a file belongs to."""
    parts = path.relative_to(_root(language)).parts
    return "/".join(parts[:2] if parts[0].startswith("@") else parts[:1])


def _root(language: Language) -> Path:
    return _STANDARD_LIBRARY if language == "python" else _NODE_MODULES


def _written(root: Path, language: Language) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        place = "/" + path.relative_to(root).as_posix()
        if path.suffix not in _SUFFIXES[language] or any(part in place for part in _NOT_BY_HAND):
            continue
        if not path.is_file() or path.stat().st_size not in _SIZES:
            continue
        content = path.read_bytes()
        by_hand = len(content) < _WIDEST * content.count(b"\n")
        if by_hand and content.isascii() and b"\r" not in content:
            yield path


def _side(group: str) -> Split:
    digest = hashlib.sha256(group.encode()).digest()
    return "tuning" if digest[0] % 2 else "held-out"


def _position(text: str, language: Language, random: Random) -> int | None:
    """After a token of code, before or behind the blank after it, or within a name."""
    tokens = scan(text, language)
    at = random.randrange(len(tokens) // 20, len(tokens))
    token = tokens[at][1]
    if token == "\n" or is_comment(token, language) or is_string(token):
        return None
    end = sum(len(blanks) + len(word) for blanks, word in tokens[: at + 1])
    if random.random() < 1 / 3:
        if not NAME.fullmatch(token) or len(token) < 3:
            return None
        return end - random.randrange(1, len(token) - 1)
    following = tokens[at + 1] if at + 1 < len(tokens) else ("", "")
    behind = following[0] and following[1] != "\n" and random.random() < 1 / 2
    return end + len(following[0]) if behind else end
