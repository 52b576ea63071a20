"""Reports of programs are taken apart, and nothing in them is believed."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from collab.runs.reports import Report, Reports, Result, Tally

PICTURE = json.dumps({"picture": b64encode(b"\x89PNG").decode()}).encode() + b"\n"
TEST = b'{"test": {"name": "test_a", "outcome": "passed", "more": 1}}\n'


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_reports_come_in_any_pieces(size: int) -> None:
    reports = Reports(1000)
    data = PICTURE + TEST
    found = [
        report for at in range(0, len(data), size) for report in reports.take(data[at : at + size])
    ]
    assert [report.image() for report in found] == [b"\x89PNG", b""]
    assert found[1].test == Result("test_a", "passed")


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[1]",
        b"\xff\xfe",
        b"[" * 5000,
        b'{"test": {"name": "a", "outcome": "great"}}',
        b'{"test": {"name": "a", "outcome": "passed", "line": -1}}',
        b'{"test": {"name": "%s", "outcome": "passed"}}' % (b"x" * 1001),
        b'{"test": 3}',
        b'{"picture": 3}',
    ],
)
def test_what_is_no_report_is_left_out(line: bytes) -> None:
    assert [report.test for report in Reports(9000).take(line + b"\n" + TEST)] == [
        Result("test_a", "passed")
    ]


def test_a_line_without_an_end_is_not_kept_for_ever() -> None:
    reports = Reports(100)
    assert reports.take(b"x" * 100) == []
    assert not reports.too_long
    reports.take(b"x")
    assert reports.too_long


def test_what_is_no_base64_is_no_picture() -> None:
    assert Report("§").image() == Report("abc").image() == Report().image() == b""


def test_an_error_counts_as_failed() -> None:
    tally = Tally()
    for outcome in ("passed", "failed", "error", "skipped"):
        tally = tally.with_(Result("a", outcome))
    assert tally == Tally(1, 2, 1)
