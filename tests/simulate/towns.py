"""Invented municipalities whose every rate is known: areas, categories, actors, season, silence."""

from dataclasses import dataclass

import numpy as np

HISTORY, FOLLOWED = 156, 8
PHI = 1.3
ABSENT = 0.07
ACTORS = 8


@dataclass(frozen=True)
class Size:
    name: str
    reports: float  # a week
    areas: int
    categories: int


SIZES = (Size("S", 20, 15, 30), Size("M", 100, 30, 30), Size("L", 400, 60, 30))


@dataclass(frozen=True)
class Town:
    """Three years and eight weeks that follow them."""

    counts: np.ndarray  # (K, A, C, T)
    heard: np.ndarray  # (K, T)
    rate: np.ndarray  # (A, C), reports a week when everybody is heard

    @property
    def cells(self) -> np.ndarray:
        return self.counts.sum(axis=0)


def found(size: Size, random: np.random.Generator) -> Town:
    """A municipality in which nothing happens but season, chance and absence."""
    rate = np.outer(random.gamma(1.5, 1, size.areas), random.gamma(0.8, 1, size.categories))
    rate *= random.gamma(2.0, 0.5, rate.shape)
    rate *= size.reports / rate.sum()
    shares = random.dirichlet(np.full(ACTORS, 1.0), size.areas).T
    weeks = np.arange(HISTORY + FOLLOWED)
    strength = random.uniform(0, 0.4, size.categories)
    phase = random.uniform(0, 2 * np.pi, size.categories)
    season = np.exp(strength[:, None] * np.cos(2 * np.pi * weeks / 52.18 + phase[:, None]))
    heard = random.random((ACTORS, weeks.size)) >= ABSENT
    # Every cell's week has a luck of its own: variance PHI · mean, in the cell as in any sum.
    mean = rate[:, :, None] * season
    mean = random.gamma(mean / (PHI - 1)) * (PHI - 1)
    counts = random.poisson(shares[:, :, None, None] * mean * heard[:, None, None, :])
    return Town(counts.astype(float), heard, rate)


def with_rise(town: Town, extra: float, random: np.random.Generator) -> tuple[Town, int, int]:
    """The same with `extra` reports a week in one cell, from the first followed week on."""
    area = int(random.integers(town.rate.shape[0]))
    category = int(random.integers(town.rate.shape[1]))
    counts = town.counts.copy()
    for week in range(HISTORY, HISTORY + FOLLOWED):
        more = random.poisson(extra)
        for actor in random.integers(ACTORS, size=more):
            if town.heard[actor, week]:
                counts[actor, area, category, week] += 1
    return Town(counts, town.heard, town.rate), area, category
