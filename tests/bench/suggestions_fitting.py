"""Fits weights to what was right, by Newton's method."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Row = tuple[Sequence[float], bool]
"""The features of a guess, and whether it was right."""
Choice = tuple[Sequence[Sequence[float]], int]
"""The features of outcomes, and the index of that which came."""
Array = NDArray[np.float64]
Looked = tuple[float, Array, Array]
"""The logarithm of the likelihood, its slope, and how it bends: minus its second derivatives."""
_ENOUGH = 1e-6
"""The gain of likelihood below which no further step is made."""
_HALVINGS = 30


def fitted(rows: Sequence[Row], *, doubt: float = 1.0) -> list[float]:
    """Return the weights of a logistic regression, with a ridge of `doubt`."""
    features = np.array([row for row, _ in rows], dtype=float)
    right = np.array([right for _, right in rows], dtype=float)

    def look(weights: Array) -> Looked:
        scores = features @ weights
        chances = 1 / (1 + np.exp(-scores))
        likelihood = float(right @ scores - np.logaddexp(0, scores).sum())
        bend = features.T @ (features * (chances * (1 - chances))[:, None])
        return likelihood, features.T @ (right - chances), bend

    return _climbed(look, features.shape[1], doubt)


def fitted_choices(choices: Sequence[Choice], *, doubt: float = 1.0) -> list[float]:
    """Return the weights of a conditional logit model, with a ridge of `doubt`."""
    sizes = [len(made) for made, _ in choices]
    starts = np.cumsum([0, *sizes[:-1]])
    came = starts + np.array([came for _, came in choices])
    features = np.concatenate([np.array(made, dtype=float) for made, _ in choices])

    def look(weights: Array) -> Looked:
        scores = features @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        powers = np.exp(scores)
        totals = np.add.reduceat(powers, starts)
        weighted = features * (powers / np.repeat(totals, sizes))[:, None]
        means = np.add.reduceat(weighted, starts)
        likelihood = float(scores[came].sum() - np.log(totals).sum())
        slope = features[came].sum(axis=0) - means.sum(axis=0)
        return likelihood, slope, features.T @ weighted - means.T @ means

    return _climbed(look, features.shape[1], doubt)


def _climbed(look: Callable[[Array], Looked], size: int, doubt: float) -> list[float]:
    """Return the weights that are likeliest, less a ridge of `doubt`. There is one such place."""

    def ridged(weights: Array) -> Looked:
        likelihood, slope, bend = look(weights)
        ridge = float(weights @ weights) * doubt / 2
        return likelihood - ridge, slope - doubt * weights, bend + doubt * np.eye(size)

    weights = np.zeros(size)
    likelihood, slope, bend = ridged(weights)
    gained = True
    while gained:
        step, gained = np.linalg.solve(bend, slope), False
        for halving in range(_HALVINGS):
            tried = weights + step / 2**halving
            looked = ridged(tried)
            if looked[0] > likelihood:
                gained = looked[0] - likelihood > _ENOUGH
                weights, (likelihood, slope, bend) = tried, looked
                break
    return [round(float(weight), 4) for weight in weights]
