"""Which language a file is in, where nobody has chosen one: that of its name.

`frontend/src/room/languages.ts` has the same table; both run `tests/vectors/changes.json`.
"""

from __future__ import annotations

from collab.protocol import Language

LANGUAGES: dict[Language, str] = {"python": "py", "javascript": "js", "typescript": "ts"}
"""The languages that a new room may begin in, and how the name of its first file ends."""

PLAIN: Language = "text"
"""The language of what is in no other."""

_ENDINGS: dict[str, Language] = {
    ending: language
    for language, endings in {
        "python": "py pyi pyw",
        "javascript": "js mjs cjs jsx",
        "typescript": "ts mts cts tsx",
        "json": "json jsonc ipynb",
        "html": "html htm",
        "css": "css",
        "scss": "scss",
        "less": "less",
        "markdown": "md markdown",
        "yaml": "yaml yml",
        "toml": "toml",
        "xml": "xml svg",
        "sql": "sql",
        "shell": "sh bash zsh",
        "c": "c h",
        "cpp": "cpp cc cxx hpp hh",
        "csharp": "cs",
        "java": "java",
        "kotlin": "kt kts",
        "swift": "swift",
        "go": "go",
        "rust": "rs",
        "ruby": "rb",
        "php": "php",
        "r": "r",
        "lua": "lua",
        "perl": "pl pm",
        "haskell": "hs",
        "vue": "vue",
        "svelte": "svelte",
        "diff": "diff patch",
        "latex": "tex",
    }.items()
    for ending in endings.split()
}
_NAMES: dict[str, Language] = {"dockerfile": "dockerfile", "makefile": "makefile"}


def language_of(name: str) -> Language:
    """The language that the name of a file gives it."""
    lower = name.lower()
    return _NAMES.get(lower) or _ENDINGS.get(lower.rpartition(".")[2], PLAIN)


def chosen_language(name: str, language: Language | None) -> Language | None:
    """What somebody chose, when a file is added in a language.

    Releases before the tree named the language of every file. So one that the name gives by itself
    counts as none, for these endings and for ever, or the fold of an old log would change.
    """
    by_name = language in LANGUAGES and name.endswith(f".{LANGUAGES[language]}")
    return None if by_name else language
