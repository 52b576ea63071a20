"""The benchmark does the work it times, and does it right. Its speed is no matter here."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from msgspec import json

from ot import Operation
from tests.bench import engine_data, engine_growth, engine_ot, engine_typing
from tests.bench.engine import ROWS, run, table
from tests.bench.engine_data import Concurrent, Input, Typing


def made_up(shape: str = "typing") -> dict[str, Input]:
    return engine_data.inputs(None, shape, "", 2000)


def outcome(row: str, engine: str, given: Input) -> object:
    prepare, work = engine_ot.CASES[row, engine]
    return work(prepare(given))()


@pytest.mark.parametrize("shape", engine_data.SHAPES)
@pytest.mark.parametrize(
    ("row", "engine"), [cell for cell in engine_ot.CASES if cell[0] in ("typing", "load")]
)
def test_what_is_typed_or_loaded_is_the_text_of_the_trace(
    row: str, engine: str, shape: str
) -> None:
    given = made_up(shape)[row]
    assert isinstance(given, Typing)
    assert outcome(row, engine, given) == given.end


def test_whoever_is_far_behind_comes_where_going_one_by_one_leads() -> None:
    engines = [engine for row, engine in engine_ot.CASES if row == "behind"]
    outcomes = [outcome("behind", engine, made_up()["behind"]) for engine in engines]
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert isinstance(outcomes[0], Operation)
    assert not outcomes[0].is_noop()


def test_a_history_ends_with_one_text_by_runs_and_key_by_key() -> None:
    given = made_up()["merge"]
    assert isinstance(given, Concurrent)
    assert len(given.runs) < len(given.keys) / 2
    text = outcome("merge", "ot", given)
    assert isinstance(text, str)
    assert len(text) == sum(engine_data.growth(key.patches) for key in given.keys)
    assert outcome("live", "ot", given) == outcome("live", "ot, Server", given) == text


def test_a_history_that_no_server_can_have_had_is_left_out(tmp_path: Path) -> None:
    """The third author heard the second key, and not the first."""
    keys = [(0, []), (1, []), (2, [1])]
    txns = [{"agent": by, "parents": of, "patches": [[0, 0, "x"]]} for by, of in keys]
    write_trace(tmp_path, "tangled", numAgents=3, endContent="xxx", txns=txns)
    write_trace(tmp_path, "rustcode", startContent="", endContent="x", txns=txns[:1])
    inputs = engine_data.inputs(tmp_path, None, "tangled", 100)
    assert "merge" not in inputs
    assert "typing" in inputs


@pytest.mark.parametrize(("unit", "expected"), [("utf16", (2, 2, "b")), ("utf8", (4, 4, "b"))])
def test_positions_are_counted_as_a_peer_counts_them(
    unit: engine_data.Unit, expected: tuple[int, int, str]
) -> None:
    given = Typing("😀😀", [(1, 1, "b")], "😀b")
    assert engine_data.counted(given, unit) == Typing("😀😀", [expected], "😀b")


@pytest.mark.parametrize("shape", engine_growth.MADE)
def test_all_that_grows_ends_with_one_text(shape: str) -> None:
    edits = engine_growth.MADE[shape](200)
    assert len(edits) == 200
    text = engine_growth.document(edits)
    assert text != edits.text
    assert engine_growth.batch(edits) == engine_growth.one_by_one(edits) == text
    history = engine_growth.rebase(edits)
    assert history.text(history.revision) == text


def test_a_run_measures_every_row_in_its_own_processes() -> None:
    results = run(made_up(), rounds=1, seconds=0, peers=False)
    assert set(results.cells) == set(engine_ot.CASES)
    assert all(round_.times[0] > 0 for (round_,) in results.cells.values())
    printed = table(results)
    assert all(row.title in printed for row in ROWS)
    assert not results.left_out


def test_typing_is_compared_over_several_traces() -> None:
    times = {"str slicing": 4.0, "ot": 1.0, "loro": 2.0}
    lines = list(engine_typing.table({"a": times, "b": times | {"ot": 3.0, "yjs": 1.0}}))
    assert lines[2].split() == ["ot", "0.25", "0.75", "0.43"]
    assert [line.rpartition(": ")[2] for line in lines[-2:]] == ["missed", "missed"]
    assert not any(line.startswith("yjs") for line in lines)


def write_trace(folder: Path, name: str, **trace: object) -> None:
    with gzip.open(folder / f"{name}.json.gz", "wb") as file:
        file.write(json.encode(trace))
