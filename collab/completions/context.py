"""Describes the place of the caret in a text, for the conditions of the rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from msgspec import Struct

from collab.completions.providers import Question
from collab.completions.scanner import Inside, Token, inside, is_comment, scan, word_at_end, words
from collab.protocol import Language

CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in CLOSING.items()}
_BLANKS = re.compile(r"[ \t]*")

# A Python line that begins with one of these is not within brackets, even if one above is open.
_STATEMENTS = words("def class return import while try with raise assert pass break continue del @")
_PYTHON_BLOCKS = words("class def async for while if elif else try except finally with match case")
_ENDS = frozenset(";\n{}")  # they end statements in JavaScript
_WIDEST_UNIT = 8


class Scope(Struct, frozen=True):
    """A block around the caret. `kind` is class, def, loop, or the first word of the block."""

    kind: str
    name: str = ""
    is_async: bool = False
    parameters: Sequence[str] = ()


class Context(Struct, frozen=True, dict=True):
    """The text around the caret, scanned once."""

    language: Language
    text: str
    """The text before the caret."""
    rest: str
    """The text after the caret."""
    scanned: list[Token]
    """The tokens of the text before the caret."""
    tokens: list[Token]
    """The same without comments."""
    within: Inside

    @classmethod
    def read(cls, question: Question) -> Context:
        text = question.code[: question.position]
        tokens = scan(text, question.language)
        within = inside(tokens, text, question.language)
        code = [token for token in tokens if not is_comment(token[1], question.language)]
        rest = question.code[question.position :]
        return cls(question.language, text, rest, tokens, code, within)

    @cached_property
    def line(self) -> str:
        """Return the line up to the caret, without its indentation."""
        return self._whole_line.lstrip(" \t")

    @cached_property
    def indent(self) -> str:
        found = _BLANKS.match(self._whole_line)
        return found[0] if found else ""

    @cached_property
    def outer(self) -> str:
        """Return the indentation around that of the line."""
        for blanks in reversed(_indentations(self.tokens)):
            if len(blanks) < len(self.indent):
                return blanks
        return ""

    @cached_property
    def _whole_line(self) -> str:
        return self.text[self.text.rfind("\n") + 1 :]

    @cached_property
    def after(self) -> str:
        """Return the text after the caret on its line."""
        return self.rest.partition("\n")[0]

    @cached_property
    def word(self) -> str:
        """Return the name that is being typed, or that was just typed."""
        return word_at_end(self.text)

    @cached_property
    def unit(self) -> str:
        """Return the text's unit of indentation.

        It is that of the nearest line that is indented deeper than the line before it.
        """
        before = 0
        found = ""
        for blanks in _indentations(self.tokens):
            if len(blanks) > before and len(blanks) - before <= _WIDEST_UNIT:
                found = "\t" if blanks[-1] == "\t" else " " * (len(blanks) - before)
            before = len(blanks)
        return found or ("    " if self.language == "python" else "  ")

    @cached_property
    def brackets(self) -> list[int]:
        """Return the tokens of brackets that are not closed yet, innermost first."""
        found: list[int] = []
        closed: list[str] = []
        tokens = self.tokens
        python = self.language == "python"
        for index in range(len(tokens) - 1, -1, -1):
            token = tokens[index][1]
            if token in _OPENING:
                closed.append(token)
            elif token in CLOSING:
                if not closed:
                    found.append(index)
                elif closed[-1] == CLOSING[token]:
                    closed.pop()
            elif python and token in _STATEMENTS and self._begins_line(index):
                break
        return found

    def _begins_line(self, index: int) -> bool:
        return index == 0 or self.tokens[index - 1][1] == "\n"

    @cached_property
    def statement(self) -> int:
        """Return the index of the first token of the statement around the caret.

        It is the number of tokens if the statement has no token yet.
        """
        tokens = self.tokens
        if self.language == "python":
            start = self.brackets[-1] if self.brackets else len(tokens)
            while start and tokens[start - 1][1] != "\n":
                start -= 1
            return start
        start, depth = len(tokens), 0
        while start:
            token = tokens[start - 1][1]
            if token in _OPENING:
                depth += 1
            elif token in CLOSING:
                if not depth:
                    break
                depth -= 1
            if not depth and token in _ENDS:
                break
            start -= 1
        return start

    @cached_property
    def scopes(self) -> list[Scope]:
        """Return the blocks around the caret, innermost first."""
        if self.language == "python":
            return list(self._python_scopes())
        return [self._block(index) for index in self.brackets if self.tokens[index][1] == "{"]

    def _python_scopes(self) -> list[Scope]:
        tokens, start = self.tokens, self.statement
        least = len(tokens[start][0]) if start < len(tokens) else len(self.indent)
        found: list[Scope] = []
        for index in range(start - 1, -1, -1):
            if least == 0:
                break
            blanks, token = tokens[index]
            if token in _PYTHON_BLOCKS and len(blanks) < least and self._begins_line(index):
                least = len(blanks)
                found.append(self._definition(index))
        return found

    def _definition(self, index: int) -> Scope:
        """Return the Python block that begins with a token."""
        words = [token for _, token in self.tokens[index : index + 60]]
        is_async = words[0] == "async"
        kind, *others = words[is_async:] or [""]
        name = others[0] if others else ""
        if kind in ("for", "while"):
            return Scope("loop", is_async=is_async)
        if kind != "def":
            return Scope(kind, name, is_async)
        return Scope(kind, name, is_async, _parameters(others[1:]))

    def _block(self, index: int) -> Scope:
        """Return the block that a brace of JavaScript opened."""
        words: list[str] = []
        depth = 0
        for at in range(index - 1, max(-1, index - 60), -1):
            token = self.tokens[at][1]
            if token in _OPENING:
                depth += 1
            elif token in CLOSING:
                depth -= 1
            if depth < 0 or (not depth and token in _ENDS):
                break
            words.append(token)
        words.reverse()
        return _named(words)


def _named(words: list[str]) -> Scope:
    """Return the block that the tokens before a brace announce."""
    is_async = "async" in words
    if "class" in words:
        at = words.index("class") + 1
        return Scope("class", words[at] if at < len(words) else "")
    for kind in ("for", "while", "do"):
        if words[:1] == [kind]:
            return Scope("loop", is_async=is_async)
    if words[:1] and words[0] in ("if", "else", "try", "catch", "finally", "switch"):
        return Scope(words[0])
    if "(" in words and (words[-1] == "=>" or ")" in words):
        at = words.index("(")
        return Scope("def", words[at - 1] if at else "", is_async, _parameters(words[at:]))
    if words[-1:] == ["=>"]:
        return Scope("def", "", is_async, words[-2:-1])
    if words[:1] and words[0] in ("interface", "enum", "type", "namespace"):
        return Scope(words[0])
    return Scope("object" if words else "block")


def _parameters(words: Sequence[str]) -> list[str]:
    """Return the names in a list of parameters, which begins with its bracket."""
    found: list[str] = []
    depth = 0
    for before, word in pairwise(words):
        depth += (before in CLOSING) - (before in _OPENING)
        if depth <= 0:
            break
        if depth == 1 and before in ("(", ",", "*", "**", "...") and word.isidentifier():
            found.append(word)
    return found


def _indentations(tokens: Sequence[Token]) -> list[str]:
    """Return the blanks at the start of the last lines that are not empty."""
    found: list[str] = []
    recent = tokens[-4000:]
    for (_, before), (blanks, word) in pairwise([("", "\n"), *recent]):
        if before == "\n" != word:
            found.append(blanks)
    return found
