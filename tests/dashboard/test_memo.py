"""Laws of fits that are not computed twice: the same result from disk as from the fit, for its owner alone, or a miss."""

from __future__ import annotations

import os
import stat
import threading
import time

import numpy as np
import pytest

from core import pipeline
from core.memo import Kept, no_memo
from core.model import Plan
from dashboard import ids
from dashboard.store import NotFound, Store
from tests.dashboard.test_store import same

CANARY = np.frombuffer(b"canary-7f3a-canary", dtype=np.uint8)


def kept(seed: int = 0) -> Kept:
    """Arrays of several kinds and orders, facts of every JSON kind."""
    rng = np.random.default_rng(seed)
    arrays = {
        "labels": rng.integers(-1, 9, 50).astype(np.int16),
        "tree": np.asfortranarray(rng.random((6, 4))),
        "strided": rng.random((8, 8))[::2, 1::3],
        "one": np.array(3.5, dtype=np.float32),
        "none": np.empty((0, 2)),
        "names": np.array(["ä", "b"]),
    }
    facts = {"problem": "", "notes": ["n"], "facts": {"bic": 1.5, "nan": float("nan")}, "seconds": 0.25, "none": None}
    return Kept(arrays, facts)


class Making:
    """Counts how often it is asked to compute."""

    def __init__(self, result: Kept | None = None) -> None:
        self.times, self.result = 0, result or kept()

    def __call__(self) -> Kept:
        self.times += 1
        return self.result


@pytest.fixture()
def memo(store, add, owner):
    return store.memo(owner, add(owner).id, "v")


def files(store: Store) -> list:
    return sorted((store.directory / "memo").rglob("*.val"), key=lambda path: path.stat().st_size)


def equal(one: Kept, other: Kept) -> bool:
    assert one.arrays.keys() == other.arrays.keys()
    for name, array in one.arrays.items():
        assert array.dtype == other.arrays[name].dtype
        assert array.flags.f_contiguous == other.arrays[name].flags.f_contiguous
        np.testing.assert_array_equal(array, other.arrays[name])
    assert repr(one.facts) == repr(other.facts)
    return True


def test_what_is_kept_is_not_computed_again_and_comes_back_as_it_was(store, memo):
    """Arrays, their order in memory and every fact are the same whether they were just made or read."""
    making = Making()
    first = memo("k", making)
    again = Store(store.directory).memos.of(*memo.scope.split("/"), version="v", still=lambda: True)("k", making)
    assert making.times == 1
    assert equal(first, again)
    np.testing.assert_array_equal(again.arrays["strided"], kept().arrays["strided"])


def test_nobody_else_and_no_other_code_is_given_it(store, memo, add, owner):
    """Key, version, file and owner must all be the same."""
    other, making = ids.new_id(), Making()
    memo("k", making)
    dataset = memo.scope.split("/")[1]
    second = add(owner, "a\n1\n", "other.csv").id
    theirs = add(other).id
    for ask, key in (
        (memo, "l"), (store.memo(owner, dataset, "w"), "k"), (store.memo(owner, second, "v"), "k"),
        (store.memo(other, theirs, "v"), "k"),
    ):  # fmt: skip
        before = making.times
        ask(key, making)
        assert making.times == before + 1
    with pytest.raises(NotFound):
        store.memo(other, dataset, "v")


@pytest.mark.parametrize("harm", ["flip", "cut", "remove", "pickle"])
def test_a_damaged_part_is_a_miss_and_is_told_without_values(store, memo, harm, caplog):
    """Whatever became of one file, the result is computed again, right, and kept again."""
    making = Making()
    memo("k", making)
    path = files(store)[-1]
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes({"flip": bytes(content), "cut": bytes(content[:-9]), "pickle": b"\x80\x04N."}[harm])
    assert equal(memo("k", making), memo("k", making))
    assert making.times == 2
    assert "computed again" in caplog.text and "bic" not in caplog.text and memo.scope not in caplog.text


def test_a_lost_or_overwritten_index_is_only_an_empty_one(store, memo):
    """The index is a cache like any other: without it everything is computed once more."""
    making = Making()
    memo("k", making)
    store.memos.workspace.cache.close()
    for path in (store.directory / "memo").glob("cache.db*"):
        path.write_bytes(b"nonsense" * 100)
    assert equal(memo("k", making), memo("k", making))
    assert making.times in (2, 3), "the call that finds the damage may not be able to keep its result"


def test_what_would_need_a_pickle_is_used_and_not_kept(store, memo, caplog):
    """Objects and things that are no JSON never reach the disk."""
    for odd in (Kept({"a": np.array([{}], dtype=object)}), Kept({}, {"a": object()})):
        making = Making(odd)
        assert memo("k", making) is not None and memo("k", making) is not None
        assert making.times == 2
    assert "cannot be kept" in caplog.text
    assert not any(b"\x80\x04" in path.read_bytes()[:2] for path in files(store))


def test_equal_computations_at_once_are_made_once_and_different_ones_side_by_side(memo):
    """Eight threads that need the same tree wait for one; two keys never wait for each other."""
    started = threading.Barrier(2, timeout=10)
    making, found = Making(), []

    def slow() -> Kept:
        time.sleep(0.2)
        return making()

    threads = [threading.Thread(target=lambda: found.append(memo("k", slow))) for _ in range(8)]
    for key in "xy":  # each waits inside its computation until the other is inside, too
        threads.append(threading.Thread(target=memo, args=(key, lambda: (started.wait(), kept())[1])))
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert making.times == 1 and len(found) == 8
    assert all(equal(found[0], one) for one in found)
    assert memo.memos._making == {}


def test_what_raises_is_not_kept(memo):
    """The next one who asks computes it."""

    def broken() -> Kept:
        raise ArithmeticError

    for _ in range(2):
        with pytest.raises(ArithmeticError):
            memo("k", broken)
    making = Making()
    memo("k", making)
    assert making.times == 1


def test_the_least_recently_used_goes_first_and_the_limit_holds(tmp_path):
    """What is asked for again and again stays, however much else is kept."""
    directory = tmp_path / "store"
    directory.mkdir(mode=0o700)
    store = Store(directory, memo_mb=2)
    memo = store.memos.of("o", "d", version="v", still=lambda: True)
    favourite = Making()
    for number in range(20):
        memo("favourite", favourite)
        memo(str(number), Making(Kept({"a": np.full(200_000, number, dtype=np.uint8)})))
        time.sleep(0.01)
    assert favourite.times == 1
    assert sum(path.stat().st_size for path in files(store)) < 2_200_000
    early, late = Making(), Making()
    memo("19", late)
    memo("0", early)
    assert (early.times, late.times) == (1, 0)


def test_what_would_fill_the_room_alone_is_not_kept(tmp_path):
    """One giant must not push out everything else."""
    memo = Store(tmp_path, memo_mb=1).memos.of("o", "d", version="v", still=lambda: True)
    making = Making(Kept({"a": np.zeros(400_000, dtype=np.uint8)}))
    memo("k", making)
    memo("k", making)
    assert making.times == 2


@pytest.mark.parametrize("way", ["dataset", "all", "sweep"])
def test_it_goes_with_the_file_it_was_made_of(store, add, owner, way):
    """Deleting a file, everything, or a session that was not seen for long leaves no byte of it."""
    dataset = add(owner).id
    store.touch(owner)
    store.memo(owner, dataset, "v")("k", Making(Kept({"a": CANARY})))
    other = ids.new_id()
    theirs = store.memo(other, add(other).id, "v")
    theirs("k", Making())
    if way == "dataset":
        store.delete_dataset(owner, dataset)
    elif way == "all":
        store.delete_all(owner)
    else:
        store.database.change("UPDATE sessions SET seen = seen - 31 * 86400 WHERE id = ?", owner)
        store.sweep(30)
    left = b"".join(path.read_bytes() for path in (store.directory / "memo").rglob("*") if path.is_file())
    assert CANARY.tobytes() not in left
    making = Making()
    theirs("k", making)
    assert making.times == 0, "another owner's results stay"


def test_a_fit_that_ends_after_its_file_was_deleted_leaves_nothing(store, add, owner):
    """A job that is still alive writes into the void."""
    dataset = add(owner).id
    memo = store.memo(owner, dataset, "v")

    def make() -> Kept:
        store.delete_dataset(owner, dataset)
        return Kept({"a": CANARY})

    assert equal(memo("k", make), Kept({"a": CANARY}))
    assert files(store) == []


def test_left_overs_of_a_killed_job_go_and_what_is_noted_or_young_stays(store, memo):
    """A kill between writing a file and noting it must not fill the disk for ever."""
    making = Making()
    memo("k", making)
    folder = store.directory / "memo" / "zz"  # the cache names its own by hex digits
    folder.mkdir()
    for name, age in (("old", 7200), ("young", 60)):
        (folder / f"{name}.val").write_bytes(b"x")
        os.utime(folder / f"{name}.val", (time.time() - age,) * 2)
    store.sweep(30)
    assert [path.name for path in folder.iterdir()] == ["young.val"]
    memo("k", making)
    assert making.times == 1


def test_the_folder_is_its_owners_alone(store, memo):
    """Kept results are data like any other."""
    memo("k", Making())
    assert stat.S_IMODE((store.directory / "memo").stat().st_mode) == 0o700


def test_a_comparison_is_the_same_with_an_empty_a_full_and_no_memo(store, add, owner, memo):
    """The memo is never seen in a result, and the second comparison fits nothing."""
    table = pipeline.load(store.source(owner, memo.scope.split("/")[1]), "shop.csv", {})
    plan, made = Plan(algorithms=("kmeans", "ward"), segments=(2, 4), resamples=2), []

    def counting(key, make):
        return memo(key, lambda: (made.append(key), make())[1])

    first = pipeline.compare(table, plan, memo=counting, threads=2)
    fitted = len(made)
    second = pipeline.compare(table, plan, memo=counting, threads=2)
    plain = pipeline.compare(table, plan, memo=no_memo, threads=1)
    assert fitted >= 6 and len(made) == fitted
    for one, two, three in zip(first.candidates, second.candidates, plain.candidates, strict=True):
        assert same(one, two)
        np.testing.assert_array_equal(one.labels, three.labels)
    assert first.recommended == second.recommended == plain.recommended
