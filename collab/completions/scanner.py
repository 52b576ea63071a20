"""Splits a text into tokens in time linear in its length. The text may be broken anywhere.

Every pattern accepts an unfinished string or comment up to the end of the text, and never
backtracks (`*+`). So the patterns fit every text, and no text makes them slow.
"""

from __future__ import annotations

import re
from typing import Literal

from collab.protocol import Language

Token = tuple[str, str]
"""The blanks before a token, and the token itself. The end of a line is the token "\\n"."""

Inside = Literal["code", "string", "comment"]

NAME = re.compile(r"[^\W\d][\w$]*+|\$[\w$]*+")
_WORD_AT_END = re.compile(r"(?:[^\W\d]|\$)[\w$]*\Z")

_NUMBER = r"\d(?:[\w.]|(?<=[eE])[+-])*+"

_PYTHON = re.compile(
    r"([ \t\f\r]*+)("
    r"\#[^\n]*+"
    r'|[rRbBuUfF]{0,2}(?:"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?)"
    rf"|(?:[^\W\d])\w*+|{_NUMBER}"
    r"|\n|\\\r?\n|->|:=|\.\.\.|\*\*=?|//=?|<<=?|>>=?|[-+*/%@&|^<>=!]=|.|\Z)",
    re.DOTALL,
)
_JAVASCRIPT = re.compile(
    r"([ \t\f\r\v\u00a0\ufeff]*+)("
    r"//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    # A template within a template is read as two strings with code between; the quotes stay paired.
    r"|`(?:[^`\\]|\\.)*+`?"
    # A slash opens a regular expression if the expression could end on this line.
    r"|/(?![*/\s=])(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,30}+\]){1,100}+/[dgimsuvy]*+"
    r"(?=[ \t]*(?:[.,;)\]}\n]|\Z))"
    rf"|(?:[^\W\d]|[$#])[\w$]*+|{_NUMBER}"
    r"|\n|=>|\.\.\.|\?\?=?|\?\.|===|!==|\*\*=?|&&=?|\|\|=?|\+\+|--|<<=?|>>>?=?|[-+*/%&|^<>=!]=|.|\Z)",
    re.DOTALL,
)

_QUOTES = "\"'`"
_PREFIXED = re.compile(r"[rRbBuUfF]{0,2}(\"\"\"|'''|[\"'`])")


def words(text: str) -> frozenset[str]:
    """Return the set of words of a text."""
    return frozenset(text.split())


def scan(text: str, language: Language) -> list[Token]:
    """Return all tokens in order.

    With the blanks before them they make up the text, except for blanks at its end.
    """
    found: list[Token] = (_PYTHON if language == "python" else _JAVASCRIPT).findall(text)
    while found and not found[-1][1]:
        found.pop()  # the end of the text, and blanks before it
    return found


def is_comment(token: str, language: Language) -> bool:
    if language == "python":
        return token.startswith("#")
    return token.startswith(("//", "/*"))


def is_string(token: str) -> bool:
    return token[-1:] in _QUOTES or _PREFIXED.match(token) is not None


def inside(tokens: list[Token], text: str, language: Language) -> Inside:
    """Return what the end of a text is inside of, by the tokens of the text."""
    if not tokens or tokens[-1][1] == "\n":
        return "code"
    token = tokens[-1][1]
    if not text.endswith(token):
        return "code"  # blanks follow it
    if is_comment(token, language):
        closed = token.startswith("/*") and token.endswith("*/") and len(token) > 3
        return "code" if closed else "comment"
    opened = _PREFIXED.match(token)
    return "code" if opened is None or _closed(token, opened) else "string"


def _closed(token: str, opened: re.Match[str]) -> bool:
    quote = opened[1]
    body = token[opened.end() :]
    if not body.endswith(quote):
        return False
    before = body[: -len(quote)]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 0


def word_at_end(text: str) -> str:
    """Return the name, or the start of a name, at the end of a text."""
    found = _WORD_AT_END.search(text, max(0, len(text) - 200))
    return found[0] if found else ""
