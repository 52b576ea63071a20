"""That the benchmark measures; never how fast."""

from __future__ import annotations

from tests.bench.service import SERVERS, WORKLOADS, run


def test_a_short_round_measures_every_server_and_loses_nothing() -> None:
    results = run(rounds=1, seconds=1)
    assert set(results) == {(workload, name) for workload in WORKLOADS for name in SERVERS}
    for (workload, _), (measured,) in results.items():
        assert measured.ops >= workload.people
        assert measured.lost == 0
        assert 0 < measured.acknowledged[0] <= measured.acknowledged[1]
        assert 0 < measured.seen[0] <= measured.seen[1]
        assert measured.cpu_per_1000_ops > 0
        assert measured.bytes_per_delivery > 0
