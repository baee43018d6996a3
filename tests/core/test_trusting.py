"""Trust of a shaped candidate: fpc's definition by an independent implementation, and data with a known answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage

from core import pipeline, prepare, shaping
from core.errors import Stopped
from core.memo import no_memo, recalling
from core.model import NOISE, Edit, Plan, Recipe, Shape
from core.pipeline import trusting
from core.pipeline.compare import matrix_key
from core.pipeline.fitting import Bench
from core.pipeline.trusting import affordable, trust, verdict
from core.selection import CAUTION, TRUST_FLOOR, caution, trust_words
from core.selection.replayed import Replay
from core.selection.stability import resample

FOUR = ((0, 0), (9, 0), (0, 9), (9, 9))


def clouds(centres=FOUR, each: int = 60, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.concatenate([random.normal(centre, 1.0, (each, len(centre))) for centre in centres]).round(4)


def loaded(values: np.ndarray, folder):
    path = folder / "customers.csv"
    pd.DataFrame(values, columns=[f"feature {i}" for i in range(values.shape[1])]).to_csv(path, index=False)
    return pipeline.load(path, path.name, {})


def worked(values: np.ndarray, folder, *, k: int = 4, algorithm: str = "kmeans", resamples: int = 0, **recipe):
    """A comparison of one candidate with ``k`` segments, and its bench."""
    table = loaded(values, folder)
    plan = Plan(recipe=Recipe(**recipe), algorithms=(algorithm,), segments=(k, k), resamples=resamples)
    comparison = pipeline.compare(table, plan)
    matrix = prepare.prepare(table, plan.recipe)
    return comparison.candidates[0], Bench(matrix, matrix_key(table, plan), plan, recalling(no_memo))


def told(bench, fitted, *edits: Edit, resamples: int = 20):
    made = shaping.shaped(fitted, bench.matrix, Shape(edits), seed=bench.plan.seed)
    sizes = {int(s): int((made.labels == s).sum()) for s in np.unique(made.labels)}
    candidate = type(fitted)(**{**vars(fitted), "labels": made.labels, "sizes": sizes, "stability": (), "trust": {}})
    return trust(bench, fitted, candidate, made, resamples=resamples, report=lambda *_: None, threads=2)


def plain_clusterboot(values: np.ndarray, labels: np.ndarray, k: int, draws: list[np.ndarray]) -> list[float]:
    """Mean cluster-wise Jaccard of Ward's method, written out as sets after Hennig (2007): scipy, no code of ours."""
    found = np.zeros((len(draws), k))
    for at, draw in enumerate(draws):
        again = fcluster(linkage(values[draw], "ward"), k, "maxclust")
        groups = [{row for row, group in zip(draw, again, strict=True) if group == g} for g in set(again)]
        for segment in range(1, k + 1):
            own = {row for row in draw if labels[row] == segment}
            found[at, segment - 1] = max((len(own & g) / len(own | g) for g in groups), default=0.0)
    return found.mean(axis=0).tolist()


def test_trust_is_clusterboot_of_fpc(tmp_path):
    """Ward's method on overlapping clouds: the same cluster-wise Jaccard as sets of drawn customers and scipy give."""
    fitted, bench = worked(clouds(((0, 0), (3, 0), (0, 4)), each=40), tmp_path, k=4, algorithm="ward")
    found, tried = told(bench, fitted, resamples=12)
    labels, values = fitted.labels[bench.matrix.rows], bench.matrix.values
    draws = [resample(len(values), bench.plan.seed, number) for number in range(12)]
    expected = plain_clusterboot(values, labels, 4, draws)
    assert tried == 12 and list(found.trust.values()) == pytest.approx(expected)
    assert 0.3 < min(expected) < 0.95  # else nothing could differ


def test_words_are_those_of_hennig():
    """The bounds of fpc's manual: below .6 not to be trusted, .6 to .75 a pattern, .75 stable, .85 highly stable."""
    words = [trust_words(value) for value in (None, 0.59, 0.6, 0.7499, 0.75, 0.8499, 0.85, 1.0)]
    assert words == ["", "do not trust", "pattern only", "pattern only", "stable", "stable", "very stable", "very stable"]
    assert [caution(value) for value in (None, 0.0, 0.5999, TRUST_FLOOR)] == ["", CAUTION, CAUTION, ""]


def test_a_cloud_cut_by_force_is_not_trusted_the_others_are(tmp_path):
    """Must show: five segments of four clouds cut one in two; both halves below 0.75, the others at least 0.80."""
    values = clouds(each=100)
    fitted, bench = worked(values, tmp_path, k=5)
    found, tried = told(bench, fitted, resamples=50)
    truth = np.repeat(np.arange(4), 100)
    cut = [cloud for cloud in range(4) if len(set(fitted.labels[truth == cloud])) > 1 and
           np.unique(fitted.labels[truth == cloud], return_counts=True)[1].min() > 20]  # fmt: skip
    assert tried == 50 and len(cut) == 1
    halves = {int(s) for s in np.unique(fitted.labels[truth == cut[0]])}
    assert len(halves) == 2
    assert all((value < 0.75) == (segment in halves) for segment, value in found.trust.items())
    assert all(value >= 0.80 for segment, value in found.trust.items() if segment not in halves)


def test_halves_joined_again_are_trusted(tmp_path):
    """The halves of a cloud that was cut by force, merged: as stable as the other clouds, however it is cut each time."""
    values = clouds(each=100)
    fitted, bench = worked(values, tmp_path, k=5)
    before = told(bench, fitted)[0].trust
    truth = np.repeat(np.arange(4), 100)
    halves = sorted(before, key=before.get)[:2]
    assert len(set(truth[np.isin(fitted.labels, halves)])) == 1
    merged = told(bench, fitted, Edit("merge", halves[0], halves[1]))[0]
    assert merged.trust[halves[0]] > 0.95 and halves[1] not in merged.trust
    assert np.mean(merged.stability) > 0.9


def test_a_split_of_a_real_gap_is_trusted_one_of_a_crowd_is_not(tmp_path):
    """Two clouds held in one segment come apart the same every time; one cloud does not."""
    centres = ((0, 0, 0, 0, 0), (5, 0, 0, 0, 0), (20, 20, 0, 0, 0), (40, 0, 0, 0, 0))
    fitted, bench = worked(clouds(centres, each=100), tmp_path, k=3, scaling="none")
    pair = int(np.bincount(fitted.labels)[1:].argmax()) + 1
    apart = told(bench, fitted, Edit("split", pair))[0]
    assert set(apart.trust) == {1, 2, 3, 4} and min(apart.trust.values()) > 0.9
    crowd = 1 + pair % 3
    cut = told(bench, fitted, Edit("split", crowd))[0].trust
    assert cut[crowd] < 0.75 and cut[4] < 0.75
    assert min(cut[s] for s in {1, 2, 3} - {crowd}) > 0.95


def test_moved_customers_count_as_placed(tmp_path):
    """Ten customers put into another cloud's segment: nothing a resample finds can take them out, so trust stays."""
    fitted, bench = worked(clouds(), tmp_path)
    rows = tuple(int(row) for row in np.flatnonzero(fitted.labels == 1)[:10])
    moved = told(bench, fitted, Edit("move", 2, rows=rows))[0]
    assert min(moved.trust.values()) > 0.97 and np.mean(moved.stability) > 0.97


def test_all_is_the_same_again_whatever_the_threads(tmp_path):
    """Trust hangs on the seed alone."""
    fitted, bench = worked(clouds(((0, 0), (2, 1), (1, 3))), tmp_path, k=3)
    made = shaping.shaped(fitted, bench.matrix, Shape((Edit("split", 1),)), seed=0)
    found = [
        trust(Bench(bench.matrix, "k", bench.plan, recalling(no_memo)), fitted, fitted, made,
              resamples=10, report=lambda *_: None, threads=threads)
        for threads in (1, 2)
    ]  # fmt: skip
    assert (found[0][0].trust, found[0][0].stability) == (found[1][0].trust, found[1][0].stability)


def test_a_merge_needs_no_new_fits(tmp_path, monkeypatch):
    """What the resamples gave is kept: a person who merges does not wait for fifty fits."""
    fitted, bench = worked(clouds(), tmp_path)
    told(bench, fitted)
    monkeypatch.setattr(pipeline.stability, "_again", None)
    assert told(bench, fitted, Edit("merge", 1, 2))[0].trust[1] > 0.95


def test_stopping_ends_the_resamples(tmp_path):
    """A report that raises is heard before the fits are done."""
    fitted, bench = worked(clouds(), tmp_path)
    made = shaping.shaped(fitted, bench.matrix, Shape(), seed=0)

    def stop(step: str, done: int, total: int) -> None:
        assert step == "Checking stability" and 30 <= done <= 60 and total == 100
        raise Stopped

    with pytest.raises(Stopped):
        trust(bench, fitted, fitted, made, resamples=50, report=stop, threads=2)


def test_costly_algorithms_take_fewer_resamples_by_their_declared_cost(tmp_path, monkeypatch):
    """At most fifteen declared seconds, never fewer than ten resamples, never more than asked for."""
    fitted, bench = worked(clouds(), tmp_path)
    assert affordable(bench, fitted, 50) == 50 and affordable(bench, fitted, 7) == 7

    class Slow:
        seconds = 0.5

    class Costly:
        @staticmethod
        def cost(rows, features, *, candidates):
            return Slow

    monkeypatch.setattr(trusting, "ALGORITHMS", {"kmeans": Costly})
    assert affordable(bench, fitted, 50) == 30
    Slow.seconds = 9.0
    assert affordable(bench, fitted, 50) == 10 and affordable(bench, fitted, 5) == 5


def test_the_word_is_that_of_the_comparison(tmp_path):
    """Four clouds are natural, in the comparison and told of the candidate alone; the reason has its numbers."""
    fitted, bench = worked(clouds(), tmp_path, resamples=4)
    word, because = verdict(bench.matrix.values, fitted, bench.matrix.rows, seed=0)
    assert word == "natural"
    assert f"{fitted.score('silhouette').value:.2f}" in because and f"{np.mean(fitted.stability):.2f}" in because


def test_a_square_cut_in_four_repeats_but_is_no_discovery(tmp_path):
    """Four quarters of a square come out again as often as on any square: constructive, and the reason says so."""
    values = np.random.default_rng(0).random((400, 2)).round(4)
    fitted, bench = worked(values, tmp_path, resamples=10)
    assert np.mean(fitted.stability) > 0.8
    word, because = verdict(bench.matrix.values, fitted, bench.matrix.rows, seed=0)
    assert word == "constructive" and "data without segments" in because


def made_by(kind: str, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    if kind == "four clouds":
        return clouds(seed=seed)
    return (random.normal(size=(300, 2)) if kind == "bell" else random.random((300, 2))).round(4)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "words", "least"), [
    ("bell", {"none", "constructive"}, 19), ("even", {"none", "constructive"}, 19), ("four clouds", {"natural"}, 20),
])  # fmt: skip
def test_the_verdict_over_twenty_seeds(kind, words, least, tmp_path):
    """Must show: data without segments are none or constructive in 19 of 20 seeds, four clouds natural in 20 of 20."""
    found = []
    for seed in range(20):
        plan = Plan(algorithms=("kmeans", "ward", "gmm"), seed=seed)
        table = loaded(made_by(kind, seed), tmp_path)
        comparison = pipeline.compare(table, plan)
        alone = pipeline.portray(table, comparison, comparison.recommended, resamples=10)
        assert alone.verdict == comparison.verdict
        found.append(alone.verdict)
    assert sum(word in words for word in found) >= least, found


def test_merge_then_split_cuts_the_joined_segment(tmp_path):
    """By hand: segments 1 and 2 joined and cut the other way; groups found as before are joined and cut that way, too."""
    values = np.array([[x, y] for x in (0.0, 1.0) for y in (0.0, 10.0) for _ in range(5)])
    before = np.repeat([1, 1, 2, 2], 5)  # by x
    after = np.tile(np.repeat([1, 3], 5), 2)  # by y
    replay = Replay(before, after, {1: (1, 2), 3: (1, 2)}, values, 0)
    found, moved = replay.on(np.arange(20), np.repeat([7, 7, 8, 8], 5))
    assert found.tolist() == after.tolist() and not moved.any()


def test_unplaced_customers_stay_unplaced(tmp_path):
    """Noise of a resample belongs to no segment, also where segments were merged."""
    before = np.array([1, 1, 2, 2, NOISE, 1])
    after = np.array([1, 1, 1, 1, NOISE, NOISE])
    replay = Replay(before, after, {1: (1, 2)}, np.zeros((6, 1)), 0)
    found, moved = replay.on(np.arange(6), np.array([1, 1, 2, NOISE, 2, 1]))
    assert found.tolist() == [1, 1, 1, NOISE, 1, 1] and moved.tolist() == [False] * 5 + [True]
