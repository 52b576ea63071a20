"""The benchmark of suggestions measures. How good or fast they are is no matter here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import pytest

from collab.protocol import KnownLanguage
from tests.bench.suggestions import LANGUAGES, PROVIDERS, calibration, measure
from tests.bench.suggestions_corpus import cuts, files
from tests.bench.suggestions_fitting import fitted_choices


@pytest.mark.parametrize("language", LANGUAGES)
def test_cuts_are_the_same_each_time_and_their_files_are_on_one_side(
    language: KnownLanguage,
) -> None:
    first = cuts(language, "held-out", 20, 7)
    assert first == cuts(language, "held-out", 20, 7)
    assert first != cuts(language, "held-out", 20, 8)
    for cut in first:
        assert cut.question.position == len(cut.question.code)
    assert not set(files(language, "held-out")) & set(files(language, "tuning"))


@pytest.mark.parametrize("name", sorted(set(PROVIDERS) - {"jedi"}))
async def test_what_is_accepted_was_shown_and_what_is_shown_was_asked(name: str) -> None:
    quality = await measure(PROVIDERS[name], cuts("python", "held-out", 60, 7))
    assert 0 < quality.accepted <= quality.shown <= quality.asked == 60
    assert len(quality.milliseconds) == 60


def test_each_row_of_the_tables_is_told_how_often_it_is_right() -> None:
    assert any("def" in line for line in calibration("tuning", 100, 7))


def test_weights_of_outcomes_are_those_that_make_what_came_likeliest() -> None:
    """Of two outcomes the one with the feature came three times as often: its odds are e^weight."""
    made = [[1.0], [0.0]]
    [weight] = fitted_choices([(made, 0)] * 300 + [(made, 1)] * 100, doubt=1e-6)
    assert weight == pytest.approx(math.log(3), abs=0.001)


def test_no_weights_nearby_are_likelier_though_most_outcomes_are_very_unlikely() -> None:
    random = Random(3)
    choices = []
    for _ in range(300):
        made = [[random.uniform(-16, 0), random.uniform(-9, 0)] for _ in range(60)]
        scores = [math.exp(one + 0.5 * other) for one, other in made]
        choices.append((made, random.choices(range(60), scores)[0]))

    def likelihood(weights: Sequence[float]) -> float:
        found = -sum(weight**2 for weight in weights) / 2
        for made, came in choices:
            scores = [math.fsum(map(float.__mul__, one, weights)) for one in made]
            found += scores[came] - math.log(math.fsum(map(math.exp, scores)))
        return found

    one, other = fitted_choices(choices)
    best = likelihood([one, other])
    for by in (-0.01, 0.01):
        assert likelihood([one + by, other]) < best
        assert likelihood([one, other + by]) < best
