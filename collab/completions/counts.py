"""Estimates the probability of each next token from what followed the same tokens before.

The text itself says most, since people repeat what they write, and of it what is near. What was
learned from other code is a second, fainter text. The estimate of each order, which is a number of
equal tokens before the place, is smoothed by that of the order below: the hierarchical Dirichlet
language model of MacKay and Bauman Peto, 1995. That a text is its own best model is from
Hellendoorn and Devanbu, "Are deep neural networks the best choice for modeling source code?", 2017.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from collab.completions.learned import Context as Before
from collab.completions.scanner import Token

ORDERS = 7
_SMOOTHING = (40.0, 4.0, 1.5, 0.8, 0.5, 0.35, 0.3, 0.3)
"""The weight of the order below, in observations of an order."""
_FAINTNESS = (0.02, 0.02, 0.1, 0.3)
"""The weight of a learned observation, in observations in the text, by order."""
_MOST_LEARNED = (300.0, 300.0, 150.0, 80.0)
"""The largest weight of all learned observations of an order together."""
_HALF = 2000
"""The distance in tokens at which an observation counts half."""
_PLACES = 200
"""The number of the nearest places that are looked at."""
_UNSEEN = 1e-4
_KNOWN = 0.15
"""The share of what was never seen that goes to the names that are known."""


class Corpus:
    """The tokens of a text up to the caret, and the followers that were learned."""

    def __init__(
        self,
        tokens: Iterable[Token],
        learned: Mapping[Before, tuple[int, Mapping[str, int]]],
    ) -> None:
        self.words: list[str] = []
        self.blanks: list[str] = []
        for blank, word in tokens:
            if word != "\n" or self.words[-1:] != ["\n"]:
                self.words.append(word)
                self.blanks.append(blank)
        self.often = Counter(self.words)
        self._learned = learned
        self._after: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self.words, 1):
            self._after[word].append(at)

    def blank(self, before: str, word: str) -> str | None:
        """Return the blanks between two tokens where they last stood side by side."""
        for at in reversed(self._after.get(before, ())):
            if at < len(self.words) and self.words[at] == word:
                return self.blanks[at]
        return None

    def next(self, before: Sequence[str], known: Collection[str] = ()) -> dict[str, float]:
        """Return how likely each token is after these."""
        places = self._after.get(before[-1], ())[-_PLACES:] if before else ()
        return self._estimate(before, [at for at in places if at < len(self.words)], known, "")

    def matched(self, before: Sequence[str]) -> dict[str, float]:
        """Return for each token that stood after the last of these how many of them it stood
        after, at most; from 0 to 1, which is `ORDERS`."""
        found: dict[str, float] = {}
        places = self._after.get(before[-1], ())[-_PLACES:] if before else ()
        for at, order in self._orders(before, places):
            if at < len(self.words):
                word = self.words[at]
                found[word] = max(found.get(word, 0.0), order / ORDERS)
        return found

    def beginning(
        self, before: Sequence[str], start: str, known: Collection[str] = ()
    ) -> dict[str, float]:
        """Return how likely each token that begins so, and goes on, is after these."""
        places = [at for at, word in enumerate(self.words) if _goes_on(word, start)]
        return self._estimate(
            before, places, [name for name in known if _goes_on(name, start)], start
        )

    def whole(self, before: Sequence[str], word: str) -> float:
        """Return how likely the last token of the text is to be this very one after these."""
        places = [at - 1 for at in self._after.get(word, ())[:-1]][-_PLACES:]
        return self._estimate(before, places, [word], word, exact=True)[word]

    def _estimate(
        self,
        before: Sequence[str],
        places: Sequence[int],
        known: Collection[str],
        start: str,
        *,
        exact: bool = False,
    ) -> dict[str, float]:
        seen, totals = self._seen(before, places)
        learned = [self._learned.get(tuple(before[len(before) - n :])) for n in range(4)]
        found = {word for counts in seen for word in counts}
        if start and not exact:
            found.update(self.words[at] for at in places)
        for order, entry in enumerate(learned):
            if entry and not exact and (order or start) and order <= len(before):
                found.update(w for w in entry[1] if not start or _goes_on(w, start))
        found.update(known)
        chances = self._lowest(found, known, learned[0])
        for order in range(1, ORDERS + 1):
            entry = learned[order] if order < 4 and order <= len(before) else None
            faint = (
                min(_FAINTNESS[order] * entry[0], _MOST_LEARNED[order]) / entry[0] if entry else 0
            )
            total = totals[order] + (faint * entry[0] if entry else 0)
            if not total:
                continue
            smoothing, counts = _SMOOTHING[order], seen[order]
            more = entry[1] if entry else {}
            for word in found:
                count = counts.get(word, 0.0) + faint * more.get(word, 0)
                chances[word] = (count + smoothing * chances[word]) / (total + smoothing)
        return chances

    def _seen(
        self, before: Sequence[str], places: Sequence[int]
    ) -> tuple[list[dict[str, float]], list[float]]:
        """Return what was seen after the same tokens: for each order, by token, and in all."""
        words, end = self.words, len(self.words)
        seen: list[dict[str, float]] = [defaultdict(float) for _ in range(ORDERS + 1)]
        totals = [0.0] * (ORDERS + 1)
        for at, order in self._orders(before, places):
            near = _HALF / (_HALF + end - at)
            for each in range(1, order + 1):
                seen[each][words[at]] += near
                totals[each] += near
        return seen, totals

    def _orders(self, before: Sequence[str], places: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield each place with the number of tokens before it that are the same as these."""
        words, depth = self.words, min(len(before), ORDERS)
        for at in places:
            order = 0
            while order < depth and order < at and words[at - 1 - order] == before[-1 - order]:
                order += 1
            yield at, order

    def _lowest(
        self,
        found: Collection[str],
        known: Collection[str],
        entry: tuple[int, Mapping[str, int]] | None,
    ) -> dict[str, float]:
        """Return the estimate that looks at no token before."""
        total, counts = entry or (1, {})
        faint = min(_FAINTNESS[0], _MOST_LEARNED[0] / total)
        names = set(known)
        share = _KNOWN / max(1, len(names))
        whole = len(self.words) + faint * total + _SMOOTHING[0]
        return {
            word: (
                self.often.get(word, 0)
                + faint * counts.get(word, 0)
                + _SMOOTHING[0] * (_UNSEEN + (share if word in names else 0))
            )
            / whole
            for word in found
        }


def _goes_on(word: str, start: str) -> bool:
    return len(word) > len(start) and word.startswith(start)
