"""That the measure of suggestions measures; never how good or how fast."""

from __future__ import annotations

import pytest

from collab.protocol import KnownLanguage
from tests.bench.suggestions import LANGUAGES, PROVIDERS, calibration, measure
from tests.bench.suggestions_corpus import cuts, files


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
