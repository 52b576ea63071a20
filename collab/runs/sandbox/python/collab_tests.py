"""A plugin of pytest that reports how each test went, on descriptor 3."""

import json
import os
import re

import pytest

_MOST = 8000
_LONGEST_NAME = 500
_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_reports = {}


def write(line):
    """A program in a browser has another way."""
    try:
        while line:
            line = line[os.write(3, line) :]
    except OSError:
        pass


def _say(result):
    write(json.dumps({"test": result}).encode() + b"\n")


def _place(item):
    path, line, _ = item.location
    return path.replace(os.sep, "/"), (line or 0) + 1


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item, nextitem):
    _reports[item.nodeid] = []
    yield
    phases = _reports.pop(item.nodeid)
    worst = "passed"
    message = ""
    for report in phases:
        if report.failed:
            worst = "failed" if report.when == "call" else "error"
            message = report.longreprtext
            break
        if report.skipped:
            worst = "skipped"
            message = _reason(report)
    path, line = _place(item)
    name = item.nodeid.partition("::")[2] or item.nodeid
    _say(
        {
            "name": name[:_LONGEST_NAME],
            "outcome": worst,
            "path": path[:_LONGEST_NAME],
            "line": line,
            "ms": int(1000 * sum(report.duration for report in phases)),
            # Differences of texts are in colours.
            "message": _COLOR.sub("", message)[-_MOST:],
        }
    )


def pytest_runtest_logreport(report):
    _reports.setdefault(report.nodeid, []).append(report)


def pytest_collectreport(report):
    if report.failed:
        path = report.nodeid.partition("::")[0]
        message = str(report.longrepr)[-_MOST:]
        result = {"name": report.nodeid[:_LONGEST_NAME], "outcome": "error", "message": message}
        _say({**result, "path": path[:_LONGEST_NAME]})


def _reason(report):
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    return getattr(report, "wasxfail", "") or report.longreprtext
