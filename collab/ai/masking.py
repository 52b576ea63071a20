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
_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
_KNOWN = re.compile(
    r"""(?x) (?<![A-Za-z0-9]) (?:
    sk-[A-Za-z0-9_-]{16,256} | sk_(?:live|test)_[A-Za-z0-9]{16,256}
    | gh[opsur]_[A-Za-z0-9]{30,256} | github_pat_[A-Za-z0-9_]{30,256} | glpat-[A-Za-z0-9_-]{16,256}
    | xox[abeoprs]-[A-Za-z0-9-]{10,256} | A(?:KIA|SIA)[A-Z0-9]{16} | AIza[A-Za-z0-9_-]{30,64}
    | eyJ[A-Za-z0-9_-]{10,2048}\.[A-Za-z0-9_-]{10,4096}\.?[A-Za-z0-9_-]{0,1024}
    | npm_[A-Za-z0-9]{30,64} | pypi-[A-Za-z0-9_-]{30,512} | hf_[A-Za-z0-9]{30,64}
    | SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64} | collab_[A-Za-z0-9_-]{30,64}
    | dop_v1_[a-f0-9]{32,128} | ya29\.[A-Za-z0-9_-]{20,512}
    )"""
)
_IN_URL = re.compile(r"(://[^\s/:@'\"<>]{0,100}:)[^\s/@'\"<>]{1,200}(?=@)")
_NAMED = re.compile(
    r"""(?ix)
    ((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key
      |auth|credential|client[-_]?secret|bearer|authorization)
     [A-Za-z0-9_-]{0,40} ["'\]]{0,2} [ \t]{0,8}
     (?::[ \t]?[A-Za-z]{1,10}[ \t]?)? (?:=>|:=|=|:) [ \t]{0,8}
     (?:bearer[ ]|basic[ ])?
     [bBrRuUfF]? (["'`]))
    (?:(?!\2)[^\n\\]|\\.){4,2000}
    (\2)"""
)
_BARE = re.compile(
    r"""(?ix) \A([ \t]{0,40}(?:export[ ]|-[ ])?[ \t]{0,8}[A-Za-z0-9_.-]{0,60}
    (?:pass(?:word|wd|phrase)|secret|token|api[-_]?key|access[-_]?key|private[-_]?key)[A-Za-z0-9_-]{0,40}
    [ \t]{0,8}[=:][ \t]{0,8})
    (?=[^\s"'`(\[{]{8,512}[ \t]*\Z)(?=\S{0,500}?[0-9])[^\s"'`(\[{.]+[^\s(\[{]*"""
)
_WORDS = ("pass", "pwd", "secret", "token", "key", "auth", "credential", "bearer")
"""A line that `_NAMED` or `_BARE` change has one of these."""
_LONG = re.compile(r"""(["'`])([A-Za-z0-9+/_=-]{32,4096})(\1)""")


def is_secret(path: str) -> bool:
    """Tell whether a file, by its name, is one that holds secrets."""
    return _FILES.match(PurePosixPath(path).name) is not None


def mask(text: str) -> str:
    """Return the text with a mask in place of what looks like a secret. Lines stay lines, but for
    those of a private key."""
    text = _KEY_BLOCK.sub(MASK, text)
    text = _KNOWN.sub(MASK, text)
    text = _IN_URL.sub(rf"\1{MASK}", text)
    lines = text.split("\n")
    for at in _naming(text.casefold()):
        lines[at] = _BARE.sub(rf"\1{MASK}", _NAMED.sub(rf"\1{MASK}\3", lines[at]))
    return _LONG.sub(_mask_long, "\n".join(lines))


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


def _mask_long(found: re.Match[str]) -> str:
    """Mask a long word in quotes that has digits and letters of both cases, or hexadecimal ones."""
    word = found[2]
    digits = sum(one.isdigit() for one in word)
    hexadecimal = digits >= 6 and not word.strip("0123456789abcdefABCDEF")
    mixed = digits >= 3 and word.lower() != word != word.upper()
    return f"{found[1]}{MASK}{found[3]}" if hexadecimal or mixed else found[0]
