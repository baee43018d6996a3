"""Real files from the shared folder: segment, replay and score from the command line, one after the other."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.bundles import read_capsule, read_model
from core.cli import main

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("pattern", "algorithm"), [("**/*[Mm]all*.csv", "kmeans"), ("**/*[Mm]all*.csv", "ward"), ("**/*holesale*.csv", "gmm")]
)
def test_a_real_file_is_segmented_replayed_and_scored(shared_data: Path, tmp_path: Path, pattern: str, algorithm: str) -> None:
    """The capsule gives the same labels, and the model puts the fitted rows back where the fit put them at the share it prints."""
    found = sorted(shared_data.glob(pattern))
    if not found:
        pytest.skip("the file is not there")
    source, out = found[0], tmp_path / "out"
    arguments = ["--algorithm", algorithm, "--segments", "4", "--resamples", "2", "--defaults"]
    assert main(["segment", str(source), "--out", str(out), *arguments]) == 0
    assert main(["replay", str(out / "capsule.zip"), "--data", str(source)]) == 0
    assert main(["score", str(out / "model.zip"), str(source), "--out", str(tmp_path / "scored.parquet"), "--defaults"]) == 0
    model, kept = read_model(out / "model.zip")[0], read_capsule(out / "capsule.zip")
    placed = pd.read_parquet(tmp_path / "scored.parquet")
    own = next(name for name in ("segment_2", "segment") if name in placed)
    assert len(placed) == kept.rows
    assert abs((placed[own].to_numpy() == kept.labels).mean() - model.agreement) < 0.02
    assert model.agreement >= 0.99
