"""K-means on many small data sets at once: what reference data need hundreds of times."""

from __future__ import annotations

import numpy as np

ROUNDS = 15


def many_kmeans(sets: np.ndarray, n_segments: int, *, seed: int, starts: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Groups (s, n) from 0 and inertia (s,) of each of the ``sets`` (s, n, d): the best of k-means++ starts.

    At most 15 rounds of Lloyd's method, the same for every set, so that real
    and reference data are treated alike.
    Source: Arthur & Vassilvitskii (2007), k-means++.
    """
    random = np.random.default_rng(seed)
    data = np.repeat(sets.astype(np.float32), starts, axis=0)
    squares = np.einsum("snd,snd->sn", data, data)
    centres = _seeds(data, squares, n_segments=n_segments, random=random)
    groups = np.full(data.shape[:2], -1)
    for _ in range(ROUNDS):
        before = groups
        groups = _apart(data, squares, centres=centres).argmin(axis=2)
        if np.array_equal(groups, before):
            break
        member = (groups[:, None, :] == np.arange(n_segments)[:, None]).astype(np.float32)
        counts = member.sum(axis=2)[:, :, None]
        centres = np.where(counts > 0, member @ data / np.maximum(counts, 1), centres)
    inertia = np.maximum(_apart(data, squares, centres=centres).min(axis=2), 0).sum(axis=1, dtype=float).reshape(-1, starts)
    best = inertia.argmin(axis=1)
    chosen = groups.reshape(len(sets), starts, -1)[np.arange(len(sets)), best]
    return chosen, inertia.min(axis=1)


def _seeds(data: np.ndarray, squares: np.ndarray, *, n_segments: int, random: np.random.Generator) -> np.ndarray:
    """First centres (s, k, d): rows drawn in proportion to their squared distance from those drawn before."""
    line = np.arange(len(data))
    centres = np.empty((len(data), n_segments, data.shape[2]), dtype=np.float32)
    closest = np.ones(data.shape[:2])
    for at in range(n_segments):
        mass = closest.cumsum(axis=1)
        drawn = (mass < random.random((len(data), 1)) * mass[:, -1:]).sum(axis=1)
        centres[:, at] = data[line, np.minimum(drawn, data.shape[1] - 1)]
        apart = np.maximum(_apart(data, squares, centres=centres[:, at : at + 1])[:, :, 0], 0)
        closest = apart.astype(float) if at == 0 else np.minimum(closest, apart)
    return centres


def _apart(data: np.ndarray, squares: np.ndarray, *, centres: np.ndarray) -> np.ndarray:
    """Squared distances (s, n, k)."""
    found = data @ (-2 * centres).transpose(0, 2, 1)
    found += squares[:, :, None]
    found += np.einsum("skd,skd->sk", centres, centres)[:, None, :]
    return found
