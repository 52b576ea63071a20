"""The rules for JavaScript and TypeScript, in the form of the table for Python."""

from __future__ import annotations

from collections.abc import Sequence

from collab.completions.rules.rule import Rule
from collab.completions.scanner import words

_DECLARE = r"(?:export )?(?:const|let|var) "

RULES: Sequence[Rule] = (
    # Definitions.
    Rule(r"(?:export )?(?:default )?(?:async )?function\*? [\w$]+", "() {", 0.6),
    Rule(r"(?:export )?(?:default )?(?:async )?function\*? [\w$]+\(", ") {", 0.4),
    Rule(r"(?:export )?(?:default )?(?:async )?function\*? ?[\w$]*\(.*\)", " {", 0.9),
    Rule(r"(?:export )?(?:default )?(?:abstract )?class [\w$]+", " {", 0.5),
    Rule(r"(?:export )?(?:default )?class [\w$]+ extends [\w$.]+", " {", 0.7),
    Rule(r"(?:export )?interface [\w$]+", " {", 0.6),
    Rule(r"(?:export )?enum [\w$]+", " {", 0.8),
    Rule(r"(?:export )?type [\w$]+", " =", 0.5),
    Rule(r"constructor", "() {", 0.7, "class"),
    Rule(r"constructor\(.*\)", " {", 0.9, "class"),
    Rule(
        r"(?:async |static |get |set |\*)*(?!if\b|for\b|while\b|switch\b)[\w$]+\(.*\)",
        " {",
        0.8,
        "class",
    ),
    Rule(r"async", " function", 0.6, "module"),
    Rule(_DECLARE + r"[\w$]+", " =", 0.5),
    Rule(_DECLARE + r"[{\[].*[}\]]", " =", 0.9),
    Rule(r".*\([\w$, ]*\) =>", " {", 0.5),
    Rule(r".*= async \([\w$, ]*\)", " => {", 0.9),
    Rule(r".*\b(?:async )?\(\)", " => {", 0.4, "bracket"),
    # Blocks.
    Rule(r"(?:\} )?else", " {", 0.7),
    Rule(r"\} catch", " (error) {", 0.6),
    Rule(r"\} catch \(\w+\)", " {", 0.9),
    Rule(r"(?:\} )?finally", " {", 0.9),
    Rule(r"try", " {", 0.9),
    Rule(r"do", " {", 0.8),
    Rule(r"(?:\} else )?if", " (", 0.9),
    Rule(r"(?:\} else )?if \(.*\)", " {", 0.4, "!bracket"),
    Rule(r"while", " (", 0.9),
    Rule(r"while \(.*\)", " {", 0.5, "!bracket"),
    Rule(r"switch", " (", 0.9),
    Rule(r"switch \(.*\)", " {", 0.9, "!bracket"),
    Rule(r"for", " (", 0.9),
    Rule(r"for \(", "const", 0.4),
    Rule(r"for \(const (\w+) of .*[\w)\]]", ") {", 0.4),
    Rule(r"for \(const (\w+)", " of {many}) {", 0.65),
    Rule(r"for \(const (\w+) of", " {many}) {", 0.7),
    Rule(r"for \(const \w+", " of", 0.6),
    Rule(r"for \((?:let|var) i", " = 0;", 0.8),
    Rule(r"for \((?:let|var) (\w+) = 0;", " {1} <", 0.9),
    Rule(r"for \((?:let|var) (\w+) = 0; \w+ < [\w.$]+", "; {1}++) {", 0.6),
    Rule(r"for \((?:let|var) (\w+) = 0; \w+ < [\w.$]+;", " {1}++) {", 0.9),
    Rule(r"for \(.*\)", " {", 0.9, "!bracket"),
    Rule(r"case ['\"\w.$]+", ":", 0.6),
    Rule(r"default", ":", 0.8, "!module"),
    # Statements.
    Rule(r"super", "(", 0.6, "init"),
    Rule(r"this\.[_#]?([\w$]+) =", " {parameter};", 0.7, "def"),
    Rule(r"import \{.*\}", " from", 0.9),
    Rule(r"import \* as [\w$]+", " from", 0.9),
    Rule(r"import (?!type$)[\w$]+", " from", 0.6),
    Rule(r"export \* from", " './", 0.6),
    Rule(r".*\btypeof [\w$.]+ ===", " '", 0.6),
    Rule(r".*(?:^|[(&|! ])Array\.isArray", "(", 0.9),
    Rule(r"console", ".log(", 0.7),
    Rule(r"console\.", "log(", 0.6),
    Rule(r"console\.log", "(", 0.9),
    Rule(r"throw", " new", 0.8),
    Rule(r"throw new", " Error(", 0.6),
    Rule(r"throw new \w*Error", "(", 0.9),
    Rule(r"(?:break|continue|return (?:true|false|null|this))", ";", 0.8),
    Rule(r"module", ".exports =", 0.6, "module"),
    Rule(r"module\.exports", " =", 0.8, "module"),
    Rule(r"await Promise", ".all(", 0.8, "async"),
)

MEMBERS = ("push", "log", "stringify", "then", "textContent", "length", "floor", "keys")
"""Members that people want first of what has them."""

KEYWORDS = words(
    "async await break case catch class const continue default delete do else export extends false "
    "finally for from function if import in instanceof let new null of return static super switch "
    "this throw true try typeof undefined var void while with yield"
)
