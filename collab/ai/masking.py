"""Keeps secrets out of what is sent to a model: files that hold them, and texts that look like one.

It errs on the side of masking. Each pattern takes time in proportion to the text.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

MASK = "<secret>"
_FILES = re.compile(
    r"""(?ix) \A(?:
    \.env(?:\..*)? | .*\.env | \.netrc | \.npmrc | \.pypirc | \.pgpass | \.htpasswd
    | \.git-credentials
    | id_(?:rsa|dsa|ecdsa|ed25519)(?:\..*)? | .*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|asc|ppk)
    | credentials(?:\..*)? | secrets?(?:\.(?:json|ya?ml|toml|ini|txt|properties))?
    | .*service[-_]?account.*\.json | \.?dockercfg | \.?docker-?config\.json
    )\Z"""
)
_MARK = r"-----{} [A-Z ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----"
_KEY_BLOCK = re.compile(rf"{_MARK.format('BEGIN')}.*?(?:{_MARK.format('END')}|\Z)", re.DOTALL)
_KEY_END = re.compile(_MARK.format("END"))
_KEY_LINE = re.compile(r"""[ \t"'`+]*[A-Za-z0-9+/=]{0,80}(?:\\n)?["'`,;+ \t\\]*""")
_KNOWN = re.compile(
    r"""(?x) (?<![A-Za-z0-9]) (?:
    sk-[A-Za-z0-9_-]{16,256} | sk_(?:live|test)_[A-Za-z0-9]{16,256}
    | gh[opsur]_[A-Za-z0-9]{30,256} | github_pat_[A-Za-z0-9_]{30,256} | glpat-[A-Za-z0-9_-]{16,256}
    | xox[abeoprs]-[A-Za-z0-9-]{10,256} | A(?:KIA|SIA)[A-Z0-9]{16} | AIza[A-Za-z0-9_-]{30,64}
    | eyJ[A-Za-z0-9_-]{10,2048}\.[A-Za-z0-9_-]{10,4096}\.?[A-Za-z0-9_-]{0,1024}
    | npm_[A-Za-z0-9]{30,64} | pypi-[A-Za-z0-9_-]{30,512} | hf_[A-Za-z0-9]{30,64}
    | SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64} | collab_[A-Za-z0-9_-]{30,64}
    | dop_v1_[a-f0-9]{32,128} | ya29\.[A-Za-z0-9_-]{20,512}
    | [Bb]earer[ ](?=[^\s"'`]{0,100}[0-9])[A-Za-z0-9._~+/=-]{8,2048}
    )"""
)
_IN_URL = re.compile(r"(?P<before>://[^\s/:@'\"<>]{0,100}:)[^\s/@'\"<>]{1,200}(?=@)")
_NAMED = re.compile(
    r"""(?ix)
    (?P<before>(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key
      |auth|credential|client[-_]?secret|bearer|authorization)
     [A-Za-z0-9_-]{0,40} ["'\]]{0,2} [ \t]{0,8}
     (?::[ \t]?[A-Za-z]{1,10}[ \t]?)? (?:=>|:=|=|:) [ \t]{0,8}
     (?:bearer[ ]|basic[ ])?
     [bBrRuUfF]? (?P<quote>["'`]))
    (?:(?!(?P=quote))[^\n\\]|\\.){4,2000}
    (?P<after>(?P=quote)|\\?\Z)  # one that is still being typed has no end"""
)
_BARE = re.compile(
    r"""(?ix) \A(?P<before>[ \t]{0,40}(?:export[ ]|-[ ])?[ \t]{0,8}[A-Za-z0-9_.-]{0,60}
    (?:pass(?:word|wd|phrase)|secret|token|api[-_]?key|access[-_]?key|private[-_]?key)[A-Za-z0-9_-]{0,40}
    [ \t]{0,8}[=:][ \t]{0,8})
    (?=[^\s"'`(\[{]{8,512}[ \t]*\Z)(?=\S{0,500}?[0-9])[^\s"'`(\[{.]+[^\s(\[{]*"""
)
_WORDS = ("pass", "pwd", "secret", "token", "key", "auth", "credential", "bearer")
"""A line that `_NAMED` or `_BARE` change has one of these."""
_LONG = re.compile(r"""(?P<before>["'`])([A-Za-z0-9+/_=-]{32,4096})(?P<after>(?P=before))""")
_HIDDEN = "\0"
_WIDEST = 8192
"""Code points beside a part of a line that are looked at."""


def is_secret(path: str) -> bool:
    """Tell whether a file, by its name, is one that holds secrets."""
    return _FILES.match(PurePosixPath(path).name) is not None


def mask(text: str) -> str:
    """Return the text with a mask in place of what looks like a secret. Lines stay lines."""
    return masked(hide(text))


def masked(hidden: str) -> str:
    """Return what `hide` has returned, or a part of it, with a mask for each secret."""
    return re.sub(f"{_HIDDEN}+", MASK, hidden)


def hide(text: str, start: int = 0, end: int | None = None) -> str:
    """Return a part of a text, as long as it is, with NUL in place of what looks like a secret,
    also where a secret is only partly in it."""
    end = len(text) if end is None else end
    if "PRIVATE KEY" in text:
        text = _without_beginning(_KEY_BLOCK.sub(_blank, text))
    first = max(text.rfind("\n", 0, start) + 1, start - _WIDEST)
    last = text.find("\n", end)
    last = min(len(text) if last < 0 else last, end + _WIDEST)
    near = _IN_URL.sub(_blank, _KNOWN.sub(_blank, text[first:last]))
    lines = near.split("\n")
    for at in _naming(near.casefold()):
        lines[at] = _BARE.sub(_blank, _NAMED.sub(_blank, lines[at]))
    found = _LONG.sub(_blank_random, "\n".join(lines))
    return found[start - first : end - first]


def _blank(found: re.Match[str]) -> str:
    """Hide what was found, but for its groups `before` and `after`. Lines stay lines."""
    groups = found.groupdict("")
    before, after = groups.get("before", ""), groups.get("after", "")
    secret = found[0][len(before) : len(found[0]) - len(after)]
    return before + "\n".join(_HIDDEN * len(line) for line in secret.split("\n")) + after


def _without_beginning(text: str) -> str:
    """Hide the lines of a private key whose beginning was cut off. The others are hidden."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if found := _KEY_END.search(line):
            lines[at] = _HIDDEN * found.end() + line[found.end() :]
            for before in range(at - 1, -1, -1):
                if not _KEY_LINE.fullmatch(lines[before]):
                    break
                lines[before] = _HIDDEN * len(lines[before])
    return "\n".join(lines)


def _naming(folded: str) -> set[int]:
    """Return the numbers of the lines that have a name which says that something is a secret. Most
    lines have none."""
    found: set[int] = set()
    for word in _WORDS:
        line = begun = 0
        at = folded.find(word)
        while at >= 0:
            line += folded.count("\n", begun, at)
            found.add(line)
            begun = folded.find("\n", at)
            at = folded.find(word, begun) if begun >= 0 else -1
    return found


def _blank_random(found: re.Match[str]) -> str:
    """Hide a long word in quotes that has digits and letters of both cases, or hexadecimal ones."""
    word = found[2]
    digits = sum(one.isdigit() for one in word)
    hexadecimal = digits >= 6 and not word.strip("0123456789abcdefABCDEF")
    mixed = digits >= 3 and word.lower() != word != word.upper()
    return _blank(found) if hexadecimal or mixed else found[0]
