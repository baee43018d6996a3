"""The autoencoder: what it keeps, what it encodes, and when it stops."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit
from sklearn.datasets import make_blobs
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.neural_network import MLPRegressor

from core.algorithms import clustering, one_thread, place, prepared, run
from core.algorithms import network as network_module
from core.algorithms.autoencoder import AUTOENCODER
from core.algorithms.network import Shape, encode, train, width
from core.errors import BadRequest, SegmentationError

ROOT = Path(__file__).resolve().parents[2]


def learned(values: np.ndarray, shape: Shape | None = None, *, seed: int = 0):
    """A network trained on one thread."""
    with one_thread():
        return train(values, shape or Shape(), seed=seed)


def lost_by_components(values: np.ndarray, kept: int) -> float:
    """Share of the variance of the standardised columns beyond so many principal components (the exact optimum of a line)."""
    standard = (values - values.mean(axis=0)) / values.std(axis=0)
    return 1 - PCA(kept).fit(standard).explained_variance_ratio_.sum()


def curved(n_rows: int = 3_000) -> np.ndarray:
    """Two hidden numbers bent into five columns, with little noise."""
    random = np.random.default_rng(0)
    u, v = random.uniform(-1, 1, (2, n_rows))
    columns = np.column_stack([u, v, np.sin(3 * u), u * v, np.cos(3 * v)])
    return columns + random.normal(0, 0.02, columns.shape)


def test_a_curved_surface_is_reconstructed_better_than_by_components():
    """Two numbers describe a bent sheet: the network loses less than a third of what as many components lose."""
    values = curved()
    found = learned(values, Shape(bottleneck=2))
    assert found.facts["reconstruction_error"] < lost_by_components(values, 2) / 3


def test_a_flat_surface_is_reconstructed_as_well_as_by_components():
    """On a plane with noise components are the optimum: the network comes near it and cannot be better by more than chance."""
    random = np.random.default_rng(1)
    values = random.normal(size=(4_000, 2)) @ random.normal(size=(2, 6)) + random.normal(0, 0.3, (4_000, 6))
    best = lost_by_components(values, 2)
    lost = learned(values, Shape(bottleneck=2)).facts["reconstruction_error"]
    assert 0.85 * best < lost < 1.25 * best


def test_the_round_with_the_lowest_validation_loss_is_kept():
    """The kept weights are those of the best round, whether training stopped there or went on."""
    values = make_blobs(600, 6, centers=4, random_state=0)[0]
    for stopping in ("on", "off"):
        found = learned(values, Shape(stopping=stopping, rounds=60))
        kept, losses = found.facts["kept_round"], found.facts["losses"]["validation"]
        assert losses[kept - 1] == min(losses)
        ended_there = learned(values, Shape(stopping="off", rounds=kept))
        assert all(np.array_equal(ended_there.arrays[name], part) for name, part in found.arrays.items())


def test_noise_in_few_rows_is_not_learned_by_heart():
    """Left to run, the training loss falls while the validation loss rises; the kept round lies before that."""
    values = np.random.default_rng(3).normal(size=(60, 8))
    losses = learned(values, Shape(depth=2, stopping="off", rounds=400)).facts["losses"]
    stopped = learned(values, Shape(depth=2, rounds=400)).facts
    assert losses["train"][-1] < 0.5 * losses["train"][stopped["kept_round"] - 1]
    assert losses["validation"][-1] > 1.2 * min(stopped["losses"]["validation"])
    assert stopped["losses"]["validation"][stopped["kept_round"] - 1] <= stopped["losses"]["validation"][-1]
    assert len(stopped["losses"]["train"]) < 200


@pytest.mark.parametrize(("activation", "bend"), [("tanh", np.tanh), ("logistic", expit), ("relu", lambda x: np.maximum(x, 0))])  # fmt: skip
def test_codes_are_the_middle_layer_of_the_network(activation, bend, monkeypatch):
    """The codes are the activations that scikit-learn's own forward pass has in its middle layer."""
    made: list[MLPRegressor] = []
    rounds = network_module._rounds

    def watched(*args):
        for network in rounds(*args):
            made.append(network)
            yield network

    monkeypatch.setattr(network_module, "_rounds", watched)
    values = make_blobs(400, 5, centers=3, random_state=2)[0]
    found = learned(values, Shape(depth=2, activation=activation, stopping="off", rounds=1))
    standard = (values - values.mean(axis=0)) / values.std(axis=0)
    layers = made[0]._forward_pass([standard, *[None] * (made[0].n_layers_ - 1)])
    assert np.abs(encode(found.arrays, values) - layers[3]).max() <= 2e-6
    assert np.allclose(bend(layers[2] @ made[0].coefs_[2] + made[0].intercepts_[2]), layers[3])
    with_loss = ((made[0].predict(standard) - standard) ** 2).mean()
    parts = [found.facts["losses"][name][0] for name in ("train", "validation")]
    assert np.isclose(0.9 * parts[0] + 0.1 * parts[1], with_loss)


def test_equal_customers_have_equal_codes_wherever_they_stand():
    """A customer's code does not depend on which others are encoded beside it."""
    values = curved(2_000)
    found = learned(values, Shape(rounds=5))
    whole = encode(found.arrays, values)
    assert np.array_equal(whole[::7], encode(found.arrays, values[::7]))
    assert np.array_equal(whole[:1], encode(found.arrays, values[:1]))


def test_segments_of_bent_data_are_found_again():
    """Clouds far apart stay apart in the codes."""
    values, truth = make_blobs(900, 8, centers=4, random_state=5)
    fitted = run(AUTOENCODER, values, seed=0, params={"n_segments": 4})
    assert adjusted_rand_score(truth, fitted.raw_labels) > 0.99


def test_facts_and_curves_tell_how_the_network_did():
    """The silhouette among codes is scikit-learn's; the curves have one value per round; all numbers are plain."""
    values = make_blobs(500, 6, centers=3, random_state=4)[0]
    shared = prepared(AUTOENCODER, values, seed=0)
    fitted = run(AUTOENCODER, values, seed=0, params={"n_segments": 3}, shared=shared)
    codes = shared.arrays["codes"].astype(float)
    assert fitted.facts["latent_silhouette"] == pytest.approx(silhouette_score(codes, fitted.raw_labels))
    assert fitted.facts["bottleneck"] == codes.shape[1] == 3
    assert 0 <= fitted.facts["reconstruction_error"] <= 1
    assert len(fitted.curves["train_loss"]) == len(fitted.curves["validation_loss"]) >= fitted.facts["kept_round"] >= 1
    assert np.argmin(fitted.curves["validation_loss"]) == fitted.facts["kept_round"] - 1


def test_width_of_the_middle():
    """Half the columns, 2 to 8; never as wide as the data unless there are only one or two columns."""
    assert [width(d, 0) for d in (1, 2, 3, 4, 8, 30)] == [1, 2, 2, 2, 4, 8]
    assert [width(d, 64) for d in (1, 2, 3, 8)] == [1, 2, 2, 7]
    assert width(8, 3) == 3


def test_a_large_table_is_learned_from_a_sample(monkeypatch):
    """Beyond the limit a sample trains the network, which is said; every customer gets a segment."""
    monkeypatch.setattr(network_module, "TRAIN_ROWS", 500)
    values, truth = make_blobs(3_000, 4, centers=3, random_state=0)
    fitted = run(AUTOENCODER, values, seed=0, params={"n_segments": 3})
    assert "500 of 3,000" in fitted.notes[0]
    assert adjusted_rand_score(truth, fitted.raw_labels) > 0.99


def test_fresh_process_gives_the_same_labels():
    """Same rows and seed, same labels, whatever the process and the number of threads it may use."""
    code = (
        "import numpy as np; from core.algorithms import run; from core.algorithms.autoencoder import AUTOENCODER;"
        "v = np.random.default_rng(0).normal(size=(2500, 6));"
        "f = run(AUTOENCODER, v, seed=3, params={'n_segments': 4, 'rounds': 8});"
        "print(f.raw_labels.tolist(), f.curves['validation_loss'])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True, text=True, check=True,
        ).stdout
        for threads in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1


@pytest.mark.parametrize(
    "values",
    [
        np.array([[1e308, 1.0], [-1e308, 2.0], [1e308, 3.0]]),
        np.vstack([np.full((40, 3), 1e-300), [[1e300, 0, 1]], np.eye(3)]),
        np.column_stack([np.full(50, 7.7), np.arange(50.0)]),
        np.array([[5e-324, 0.0], [0.0, 0.0], [5e-324, 1.0]]),
        np.linspace(0, 1, 25)[:, None],
    ],
    ids=["overflowing", "one giant", "constant column", "subnormal", "one column"],
)
@pytest.mark.parametrize("activation", ["tanh", "relu", "logistic"])
def test_strange_numbers_give_segments_or_words(values, activation):
    """Any finite matrix ends in labels or in a problem a person can read; fitted rows are placed where they were."""
    params = {"n_segments": 3, "activation": activation, "rounds": 15}
    try:
        found = clustering(run(AUTOENCODER, values, seed=0, params=params))
    except SegmentationError as problem:
        assert str(problem)
    else:
        assert np.array_equal(place(AUTOENCODER, found, values), found.labels)
        assert set(place(AUTOENCODER, found, values * 0 + 1e308)) <= set(range(1, found.n_segments + 1))


def test_equal_codes_are_told_not_hidden(monkeypatch):
    """A network that tells nobody apart is a problem in words, not one big segment."""
    values = make_blobs(50, 3, random_state=0)[0]
    shared = prepared(AUTOENCODER, values, seed=0, fixed={"rounds": 1})
    same = type(shared)({**shared.arrays, "codes": np.zeros_like(shared.arrays["codes"])}, shared.facts)
    with pytest.raises(BadRequest, match="same code"):
        run(AUTOENCODER, values, seed=0, params={"n_segments": 2}, shared=same)
