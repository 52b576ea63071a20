"""Shapes of tokens, and suggestions that begin a line."""

from __future__ import annotations

from collab.completions.scanner import scan
from collab.completions.shapes import CONSTANT, NAME, TYPE, shaped
from tests.completions.cases import every

CASES = "".join(f"  if (kind === {n}) {{\n    return {n};\n  }}\n" for n in range(1, 9))


def test_a_shape_is_a_common_token_or_a_kind_and_a_line_end_tells_how_lines_are_indented() -> None:
    text = "def go(Wheel):\n\n    return LARGEST\nsize"
    symbols, brackets = shaped(scan(text, "python"), "", "python", frozenset({"def", "return"}))
    first = ["def", NAME, "(", TYPE, ")", ":"]
    assert symbols == [*first, "\n\n>", "return", CONSTANT, "\n<", NAME]
    assert brackets == ["", "", "", "(", "(", *[""] * 7]


def test_what_closes_a_block_begins_the_next_line_unless_it_is_there() -> None:
    before = f"function f(kind) {{\n{CASES}  if (kind === 9) {{\n    return 9;"
    assert "\n  }" in every(before + "|", "javascript")
    assert "\n  }" not in every(before + "|\n  }\n}", "javascript")
