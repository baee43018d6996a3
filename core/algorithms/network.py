"""A network that learns to reconstruct its rows through a narrow middle (an autoencoder), as plain arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.algorithms.rows import sample_rows
from core.memo import Kept

TRAIN_ROWS = 20_000
HELD_OUT = 10  # one row in so many judges the network
LEAST_ROWS = 20  # fewer rows are too few to hold some back
WIDEST = 64
FARTHEST = 10.0  # standard deviations: beyond, a single row would drown all others in the squared error
NOTICEABLE = 5e-3  # relative fall of the validation loss that counts as progress
STEP = 0.01
DECIMALS = 6  # of a code: equal rows in different blocks differ in the last bits of a matrix product
BLOCK = 50_000
ACTIVATIONS = ("tanh", "relu", "logistic")


@dataclass(frozen=True)
class Shape:
    """What the network is and how long it is trained; the fields are the parameters of ``AUTOENCODER``.

    ``depth`` hidden layers on each side of a middle of ``bottleneck`` units (0: see :func:`width`).
    """

    depth: int = 1
    bottleneck: int = 0
    activation: str = "tanh"
    stopping: str = "on"
    patience: int = 10
    rounds: int = 100


def width(n_features: int, asked: int) -> int:
    """Units in the middle: what is asked, 0 for half the columns, 2 to 8, yet fewer than the columns.

    One or two columns leave nothing to compress: the middle is then as wide as they are, or as asked if that is less.
    """
    most = n_features if n_features <= 2 else n_features - 1
    return min(asked or int(np.clip(-(-n_features // 2), 2, 8)), most)


def train(values: np.ndarray, shape: Shape, *, seed: int) -> Kept:
    """Weights of the round with the lowest validation loss, over a seeded sample beyond 20,000 rows.

    A tenth of the rows is held out. ``facts`` has ``losses`` (mean squared error
    after each round on ``train`` and ``validation`` rows, columns at variance 1),
    ``kept_round`` from 1, ``reconstruction_error`` the share (0..1) of the
    held-out rows' variance that is lost, ``notes``. Arrays as :func:`encode` takes.
    """
    chosen = sample_rows(len(values), TRAIN_ROWS, seed)
    scaling = _scaling(values[chosen])
    rows = _scaled(scaling, values[chosen])
    random = np.random.RandomState(seed)  # MLPRegressor would draw the same order each round from a number
    order = random.permutation(len(rows))
    held = len(rows) // HELD_OUT if len(rows) >= LEAST_ROWS else 0
    check, learn = rows[order[:held]] if held else rows, rows[order[held:]]
    losses: dict[str, list[float]] = {"train": [], "validation": []}
    best: list[np.ndarray] = []
    for network in _rounds(learn, shape, random):
        for name, part in (("train", learn), ("validation", check)):
            losses[name].append(_loss(network, part))
        if losses["validation"][-1] < min(losses["validation"][:-1], default=np.inf):
            best = [part.copy() for pair in zip(network.coefs_, network.intercepts_, strict=True) for part in pair]
        if shape.stopping == "on" and _settled(losses["validation"], shape.patience):
            break
    kept = int(np.argmin(losses["validation"]))
    spread = float(((check - check.mean(axis=0)) ** 2).mean())
    notes: tuple[str, ...] = ()
    if len(rows) < len(values):
        notes += (f"The network learned from {len(rows):,} of {len(values):,} customers; all are grouped.",)
    if kept == shape.rounds - 1:
        notes += (f"The network was still improving in round {shape.rounds}, its last.",)
    if not held:
        notes += (
            f"{len(rows)} customers are too few to hold some back: the network is judged on those it learned from.",
        )
    layers = {f"layer_{at}": part for at, part in enumerate(best)}
    facts = {
        "losses": losses,
        "kept_round": kept + 1,
        "reconstruction_error": min(1.0, losses["validation"][kept] / spread) if spread else 0.0,
        "notes": list(notes),
    }
    return Kept({**scaling, **layers, "activation": np.array(shape.activation)}, facts)


def _rounds(learn: np.ndarray, shape: Shape, random: np.random.RandomState) -> Iterator:
    """The same network after each round through ``learn``."""
    from sklearn.neural_network import MLPRegressor

    d = learn.shape[1]
    middle = width(d, shape.bottleneck)
    widest = int(np.clip(4 * d, 16, WIDEST))
    side = [max(middle, widest >> at) for at in range(shape.depth)]
    network = MLPRegressor(
        hidden_layer_sizes=(*side, middle, *side[::-1]),
        activation=shape.activation,
        alpha=0.0,  # the held-out rows guard against overfitting, not small weights
        batch_size=min(len(learn), int(np.clip(len(learn) // 10, 8, 200))),
        learning_rate_init=STEP / shape.depth,
        random_state=random,
    )
    target = learn if d > 1 else learn[:, 0]
    for _ in range(shape.rounds):
        yield network.partial_fit(learn, target)


def _loss(network, rows: np.ndarray) -> float:
    return float(((network.predict(rows).reshape(rows.shape) - rows) ** 2).mean())


def _settled(losses: list[float], patience: int) -> bool:
    """Whether the last ``patience`` rounds brought no noticeable progress over the best before them."""
    return len(losses) > patience and min(losses[-patience:]) > (1 - NOTICEABLE) * min(losses[:-patience])


def _scaling(values: np.ndarray) -> dict[str, np.ndarray]:
    """Columns are divided by ``largest``, then brought to mean 0 and variance 1: so squares never overflow."""
    largest = np.abs(values).max(axis=0)
    largest[largest == 0] = 1.0
    shares = values / largest
    spread = shares.std(axis=0)
    spread[np.ptp(shares, axis=0) == 0] = 1.0
    return {"largest": largest, "shift": shares.mean(axis=0), "spread": spread}


def _scaled(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):  # a new row may lie far beyond all that were learned from: it is held at the limit
        shares = values / model["largest"]
        return np.clip((shares - model["shift"]) / model["spread"], -FARTHEST, FARTHEST)


def encode(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """Codes (n, bottleneck) float32 of any rows: the first half of the network, in blocks, to six decimals.

    ``model`` holds what :func:`train` gave. Rows farther than ten standard
    deviations from the mean in a column count as ten away.
    """
    from scipy.special import expit

    step = {"tanh": np.tanh, "logistic": expit, "relu": lambda part: np.maximum(part, 0)}[str(model["activation"])]
    n_layers = sum(name.startswith("layer_") for name in model) // 2
    layers = [(model[f"layer_{2 * at}"], model[f"layer_{2 * at + 1}"]) for at in range(n_layers // 2)]
    codes = np.empty((len(values), len(layers[-1][1])), dtype=np.float32)
    for start in range(0, len(values), BLOCK):
        part = _scaled(model, values[start : start + BLOCK])
        for weights, offset in layers:
            part = step(part @ weights + offset)
        codes[start : start + BLOCK] = np.round(part, DECIMALS)
    return codes
