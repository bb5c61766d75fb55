"""How many voices there are among vectors of speech, and which vector is whose.

A group is cut in two along the line in which its vectors differ most; the cut counts only where
vectors of different parts are much less alike than those of one. Then each part is tried again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, groupby

import numpy as np
from numpy.typing import NDArray

from storybank.values import Vector

Labels = NDArray[np.intp]
"""The number of a voice for each vector, from 0."""

MOST_VOICES = 4
UNLIKE = 0.88
"""How alike two voices may be: mean cosine between the parts by mean cosine within. Of the real
recordings of one adult none is under 0.93, of one child none under 0.89 (docs/voices.md)."""
UNLIKE_EXPECTED = 0.925
"""The same where two people are expected to speak: a question that is taken for the teller's words
does more harm than asking a person who spoke."""
UNLIKE_MORE = 0.82
"""The same for a third and fourth voice, against every other."""
SURELY_ONE = 0.955
"""Where two people are expected and one is heard: less alike than this, two people may be taken for
one. Of the talks and meetings in which that happens none is more alike, unless it is short."""
ENOUGH = 38
"""With fewer vectors (15 s of speech) a second person may have said too little to be known."""
UNSURE = -1
RUN = 5
LEAST_WINDOWS = 4
"""A voice has at least so many vectors: with one every 0.4 s, nearly three seconds of speech."""
APART = 4
"""Vectors so many places apart share no sound: 1.6 s is four steps."""
ROUNDS, POWER, AXES = 12, 20, 2
STARTS = (0.5, 0.2, 0.8, 0.08, 0.92)
"""Shares of the vectors that are put in the first part before it settles."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A group's vectors in two parts, and how alike these are (1.0: as alike as within)."""

    members: Labels
    second: NDArray[np.bool_]
    alike: float


def voices_of(vectors: Vector, places: Labels, *, expected: bool = False) -> Labels:
    """Give the voice of each vector, numbered by who speaks first; all 0 where there is one.

    `vectors` have length one, shape (n, d), in the order of time; `places` are their times in
    steps, shape (n,). `expected` says that two people are likely to speak; where one is heard then,
    and it may as well be two, all are `UNSURE`.
    """
    labels: Labels = np.zeros(len(vectors), np.intp)
    everybody = np.arange(len(vectors))
    first = _best_cut(vectors, places, everybody)
    if first is None or first.alike > (UNLIKE_EXPECTED if expected else UNLIKE):
        sure = first is not None and first.alike > SURELY_ONE and len(vectors) >= ENOUGH
        return labels if sure or not expected else labels + UNSURE
    labels[first.members[first.second]] = 1
    while labels.max() + 1 < MOST_VOICES:
        more = _with_another(vectors, places, labels)
        if more is None:
            break
        labels = more
    return in_order(labels)


def _with_another(vectors: Vector, places: Labels, labels: Labels) -> Labels | None:
    """Give `labels` with one voice more, unlike all the others; None where there is none.

    Windows in which one voice ends and another begins lie between the two, and would make a voice
    of their own: no run of them is as long as `RUN`.
    """
    number = int(labels.max()) + 1
    tried = []
    for voice in range(number):
        members = np.flatnonzero(labels == voice)
        cut = _best_cut(vectors, places, members)
        if cut is None:
            continue
        found = labels.copy()
        found[cut.members[cut.second]] = number
        found = settled(vectors, found)
        tried.append((_closest(vectors, places, found), found))
    tried = [(near, found) for near, found in tried if _all_run(found)]
    near, best = min(tried, key=lambda one: one[0], default=(1.0, labels))
    return best if near <= UNLIKE_MORE else None


def _closest(vectors: Vector, places: Labels, labels: Labels) -> float:
    """Give how alike the two voices are that are most alike."""
    found = []
    for one, other in combinations(range(int(labels.max()) + 1), 2):
        both = (labels == one) | (labels == other)
        found.append(alike(vectors[both], places[both], labels[both] == other))
    return max(found)


def _all_run(labels: Labels) -> bool:
    """Say whether each voice speaks for RUN windows on end at least once."""
    runs: dict[int, int] = {}
    for voice, run in groupby(labels.tolist()):
        runs[voice] = max(runs.get(voice, 0), len(list(run)))
    return min(runs.values()) >= RUN


def centres(vectors: Vector, labels: Labels) -> Vector:
    """Give the mean direction of each voice, shape (voices, d)."""
    sums = np.stack([vectors[labels == k].sum(axis=0) for k in range(int(labels.max()) + 1)])
    return _unit(sums)


def settled(vectors: Vector, labels: Labels) -> Labels:
    """Give each vector to the voice whose mean it is nearest to, until nothing moves."""
    for _ in range(ROUNDS):
        moved = np.argmax(vectors @ centres(vectors, labels).T, axis=1)
        if len(np.unique(moved)) <= labels.max() or (moved == labels).all():
            break
        labels = moved
    return labels


def in_order(labels: Labels) -> Labels:
    """Give the same voices numbered by who speaks first."""
    seen = list(dict.fromkeys(labels.tolist()))
    ordered: Labels = np.array([seen.index(k) for k in labels.tolist()], np.intp)
    return ordered


def alike(vectors: Vector, places: Labels, second: NDArray[np.bool_]) -> float:
    """Give how alike two parts are: mean cosine between them by mean cosine within each.

    Vectors that share sound are not compared. 1.0 where one part has too few to say.
    """
    one, other = vectors[~second], vectors[second]
    between = _mean_cosine(vectors, places, (~second, second))
    within = [
        _mean_cosine(part, places[who], None) for part, who in ((one, ~second), (other, second))
    ]
    if between is None or None in within:
        return 1.0
    return between / (sum(w for w in within if w is not None) / 2)


def _mean_cosine(
    vectors: Vector,
    places: Labels,
    parts: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None,
) -> float | None:
    """Give the mean cosine of pairs that share no sound; None where there is no pair."""
    if parts is None:
        total = float(vectors.sum(axis=0) @ vectors.sum(axis=0)) - len(vectors)
        pairs = len(vectors) * (len(vectors) - 1)
    else:
        total = 2 * float(vectors[parts[0]].sum(axis=0) @ vectors[parts[1]].sum(axis=0))
        pairs = 2 * int(parts[0].sum()) * int(parts[1].sum())
    for shift in range(1, len(vectors)):
        near = places[shift:] - places[:-shift] < APART
        if not near.any():
            break
        if parts is not None:
            near &= parts[1][shift:] != parts[1][:-shift]
        cosines = np.einsum("nd,nd->n", vectors[shift:], vectors[:-shift])
        total -= 2 * float(cosines[near].sum())
        pairs -= 2 * int(near.sum())
    return total / pairs if pairs > 0 else None


def _best_cut(vectors: Vector, places: Labels, members: Labels) -> _Cut | None:
    """Give the cut of one group whose parts are least alike; None where it is too small."""
    if len(members) < 2 * LEAST_WINDOWS:
        return None
    group, when = vectors[members], places[members]
    found = [_Cut(members, second, alike(group, when, second)) for second in _cuts(group)]
    return min(found, key=lambda cut: cut.alike, default=None)


def _cuts(group: Vector) -> Iterator[NDArray[np.bool_]]:
    for along in _along_axes(group - group.mean(axis=0)):
        for share in STARTS:
            labels: Labels = (along > np.quantile(along, share)).astype(np.intp)
            if labels.all() or not labels.any():
                continue
            second = settled(group, labels) == 1
            if LEAST_WINDOWS <= second.sum() <= len(group) - LEAST_WINDOWS:
                yield second


def _along_axes(centred: Vector) -> Iterator[Vector]:
    """Give where vectors lie along the two lines in which they differ most, by power iteration.

    A full decomposition of 256 dimensions takes a hundred times as long, and all processors.
    """
    for _ in range(AXES):
        axis = centred[np.argmax(np.einsum("nd,nd->n", centred, centred))]
        for _ in range(POWER):
            axis = (centred @ axis) @ centred
            axis = axis / max(float(np.linalg.norm(axis)), 1e-12)
        along = centred @ axis
        yield along
        centred = centred - np.outer(along, axis)


def _unit(rows: Vector) -> Vector:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vector = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
