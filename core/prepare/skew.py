"""Numbers with a long tail, brought nearer to a bell shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_SAFE = 1e100  # beyond it a power would overflow


@dataclass(frozen=True)
class Bend:
    """A learned transform: ``rule`` none, log or yeojohnson, its power and the size values are divided by before it."""

    rule: str = "none"
    power: float = 1.0
    size: float = 1.0


def bend(fit: np.ndarray, rule: str) -> Bend:
    """The transform of a column from its fitted values (n,), gaps left out.

    log is log(1 + x) and is for values from 0 on alone: elsewhere nothing is done.
    yeojohnson finds the power of greatest likelihood (Yeo & Johnson 2000,
    doi:10.1093/biomet/87.4.954), by scikit-learn's PowerTransformer.
    """
    known = fit[~np.isnan(fit)]
    if not applies(known, rule):
        return Bend()
    if rule == "log":
        return Bend("log")
    largest = float(np.abs(known).max(initial=0.0))
    size = 1.0 if largest < _SAFE else float(2.0 ** np.clip(np.floor(np.log2(largest)), 0, 1000))
    return Bend("yeojohnson", _power(known / size), size)


def applies(known: np.ndarray, rule: str) -> bool:
    """Whether ``rule`` can be used on these values (n,) without gaps."""
    return rule == "yeojohnson" or rule == "log" and not (known < 0).any()


def _power(known: np.ndarray) -> float:
    from sklearn.preprocessing import PowerTransformer

    try:
        with np.errstate(all="ignore"):
            power = float(PowerTransformer("yeo-johnson", standardize=False).fit(known[:, None]).lambdas_[0])
    except (ValueError, RuntimeError):  # no power is likeliest, as among numbers that hardly differ
        return 1.0
    return power if np.isfinite(power) and abs(power) < 50 else 1.0


def bent(values: np.ndarray, by: Bend) -> np.ndarray:
    """``values`` (n,) under a learned transform, gaps staying gaps.

    Below 0, where only rows that were not fitted can lie under log, it is mirrored.
    """
    if by.rule == "none":
        return values
    if by.rule == "log":
        return np.sign(values) * np.log1p(np.abs(values))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        at = values / by.size
        low = at < 0
        up = _grown(np.where(low, 0.0, at), by.power)
        down = -_grown(np.where(low, -at, 0.0), 2 - by.power)
        found = np.where(low, down, up)
    # A power that runs over in a row that was not fitted stays finite.
    return np.where(np.isnan(values), np.nan, np.nan_to_num(found, nan=0.0))


def _grown(size: np.ndarray, power: float) -> np.ndarray:
    """((1 + x)^power - 1) / power for x from 0 on, the logarithm at power 0."""
    logs = np.log1p(size)
    return logs if abs(power) < 1e-12 else np.expm1(power * logs) / power
