"""The matches that a query finds in a text, and the text that replaces them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.search.finder import BadQuery, Finder, Query, preview
from collab.search.template import TooLong

MOST = 10**6


def found(text: str, query: Query) -> list[str]:
    return [text[match.start : match.end] for match in Finder(query).find(text, MOST)]


@pytest.mark.parametrize(
    ("query", "text", "matches"),
    [
        (Query("foo"), "Foo xfoo fo.", ["Foo", "foo"]),
        (Query("foo", case=True), "Foo xfoo", ["foo"]),
        (Query("foo", words=True), "foo xfoo foo_ foo-", ["foo", "foo"]),
        (Query("f(", words=True), "f() xf(", ["f("]),
        (Query("(", words=True), "f(x)", ["("]),
        (Query("a.b"), "a.b axb", ["a.b"]),
        (Query("a\nb"), "a\nb", ["a\nb"]),
        (Query("a.b", regex=True), "a.b axb a\nb", ["a.b", "axb"]),
        (Query("^a$", regex=True), "a\nba\na", ["a", "a"]),
        (Query("a|ab", regex=True, words=True), "ab a", ["ab", "a"]),
        (Query(r"(\w)\1", regex=True), "aab b", ["aa"]),
        (Query("(?<=x)a", regex=True), "xa a", ["a"]),
        (Query("a*", regex=True), "baab", ["aa"]),
        (Query("ß"), "ß SS", ["ß"]),
        (Query("🦦+", regex=True), "x🦦🦦", ["🦦🦦"]),
    ],
)
def test_a_query_finds_this(query: Query, text: str, matches: list[str]) -> None:
    assert found(text, query) == matches


def test_a_match_tells_its_place_and_its_line() -> None:
    text = "🦦 = 1\n\n    if foo(bar,\n  foo):\n"
    first, second = Finder(Query("foo")).find(text, MOST)
    assert (first.start, first.end, first.line, first.column) == (14, 17, 3, 8)
    assert first.excerpt == "if foo(bar,"
    assert first.excerpt[first.marked : first.marked_end] == "foo"
    assert (second.line, second.column, second.excerpt) == (4, 3, "foo):")
    [across] = Finder(Query(r"bar,\s+", regex=True)).find(text, MOST)
    assert (across.excerpt, across.marked, across.marked_end) == ("if foo(bar,", 7, 11)


def test_of_a_long_line_the_part_around_the_match_is_shown() -> None:
    text = "a" * 1000 + "foo" + "b" * 1000
    [match] = Finder(Query("foo")).find(text, MOST)
    assert match.excerpt == "…" + "a" * 40 + "foo" + "b" * 197 + "…"
    assert match.excerpt[match.marked : match.marked_end] == "foo"
    [long] = Finder(Query("a+", regex=True)).find(text, MOST)
    assert long.excerpt == "a" * 240 + "…"
    assert (long.marked, long.marked_end) == (0, 240)
    whole, cut = "foo" + "b" * 237, "foo" + "b" * 238
    for line, excerpt in ((whole, whole), (cut, whole + "…")):
        for text in (line, f"{line}\n"):
            [match] = Finder(Query("foo")).find(text, MOST)
            assert match.excerpt == excerpt


@given(st.text("ab \n🦦", max_size=60), st.sampled_from(["a", "ab", " ", "🦦", "a b"]))
def test_lines_columns_and_excerpts_fit_the_text(text: str, query: str) -> None:
    for match in Finder(Query(query)).find(text, MOST):
        line = text.split("\n")[match.line - 1]
        assert line[match.column - 1 :].startswith(query)
        assert match.excerpt[match.marked : match.marked_end] == query
        assert match.excerpt in line


def test_that_the_empty_text_matches_is_known() -> None:
    finder = Finder(Query("x*", regex=True))
    assert list(finder.find("abc", MOST)) == []
    assert finder.empty


@pytest.mark.parametrize(
    ("template", "pattern", "text", "after"),
    [
        ("$2-$1", r"(\w)(\d)", "a1 b2", "1-a 2-b"),
        (r"\2\1", r"(\w)(\d)", "a1", "1a"),
        ("[$&][$0]", "a", "a", "[a][a]"),
        (r"${x}\g<x>\g<1>${1}", "(?P<x>a)", "a", "aaaa"),
        ("$$1", "a", "a", "$1"),
        (r"a\nb\tc\\n", "x", "x", "a\nb\tc\\n"),
        ("$10", "(a)", "a", "a0"),
        ("$ \\ $x \\d", "a", "a", "$ \\ $x \\d"),
        ("<$1>", "(a)?b", "b", "<>"),
        ("", "a", "bab", "bb"),
    ],
)
def test_a_template_has_groups_in_it(template: str, pattern: str, text: str, after: str) -> None:
    finder = Finder(Query(pattern, template, regex=True))
    for match in reversed(list(finder.find(text, MOST))):
        assert match.replacement is not None
        text = text[: match.start] + match.replacement + text[match.end :]
    assert text == after


@given(st.text("ab1$\\", max_size=20), st.text("ab \n", max_size=40))
def test_a_plain_replacement_stands_for_itself(replacement: str, text: str) -> None:
    for match in Finder(Query("a", replacement)).find(text, MOST):
        assert match.replacement == replacement


def test_a_replacement_that_is_too_long_is_not_made() -> None:
    finder = Finder(Query("(a+)", "$1$1", regex=True))
    assert len(list(finder.find("a" * 50, 100))) == 1
    with pytest.raises(TooLong):
        list(finder.find("a" * 51, 100))


def test_a_long_replacement_is_cut_to_be_looked_at() -> None:
    [match] = Finder(Query("a", "b" * 300)).find("a", MOST)
    assert preview(match).replacement == "b" * 240 + "…"


@pytest.mark.parametrize(
    ("query", "key", "words"),
    [
        (Query("a(", regex=True), "query", "missing ), unterminated subpattern, at character 2."),
        (Query("a{9999999999}", regex=True), "query", "a number in it is too large"),
        (Query("(" * 999 + ")" * 999, regex=True), "query", "nested too deeply"),
        (Query("(?i)a", regex=True, words=True), "words", "begins with flags"),
        (Query("(a)", "$2", regex=True), "replacement", "The pattern has no group 2; it has 1."),
        (Query("a", r"\1", regex=True), "replacement", "has no group 1; it has none."),
        (Query("a", "${b}", regex=True), "replacement", "no group called b"),
        (Query("a", include=["[z-a]"]), "include", "is no pattern"),
        (Query("a", exclude=["/"]), "exclude", "names no file"),
    ],
)
def test_a_query_that_cannot_be_asked_gets_words(query: Query, key: str, words: str) -> None:
    with pytest.raises(BadQuery, match=re.escape(words)) as bad:
        Finder(query)
    assert bad.value.key == key
