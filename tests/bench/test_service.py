"""The benchmark measures. The speed is no matter here."""

from __future__ import annotations

from tests.bench.service import ROWS, table
from tests.bench.service_rows import Options
from tests.bench.service_servers import COLLAB, DURABLE, RELAY, servers

SHORT = Options(
    rounds=1, warm_up=False, seconds=0.5, crowd=(10,), revisions=2000, live=(1, 10), rooms=2
)


def test_a_short_run_measures_load_loss_and_life_and_collab_loses_nothing() -> None:
    with servers(peers="none") as started:
        (twenty,), (crowd,), (kill,), (join,), (missed,), (many,) = (
            list(ROWS[name](started, SHORT))
            for name in ("twenty", "crowd", "kill", "join", "missed", "many")
        )
    assert list(twenty.columns) == [RELAY, DURABLE, COLLAB]
    p50, p95, cpu, size, lost = (line.values[COLLAB] for line in twenty.lines)
    assert 0 < float(p50) <= float(p95)
    assert float(cpu) > 0
    assert 20 < float(size) < 60
    assert lost == 0
    assert crowd.lines[0].values[COLLAB] in (0, 10)
    acknowledged, *wrong = (line.values[COLLAB] for line in kill.lines)
    assert int(acknowledged) > 0
    assert wrong == [0, 0, "0, 0"]
    assert all(float(value) > 0 for line in join.lines for value in line.values.values())
    *felt, callbacks = missed.lines
    assert all(float(value) > 0 for line in felt for value in line.values.values())
    assert all(float(value) >= 0 for value in callbacks.values.values())  # 0: less than noted
    assert list(many.columns) == ["1", "10"]
    for section in (twenty, crowd, kill, join, missed, many):
        assert section.title in table(section)
