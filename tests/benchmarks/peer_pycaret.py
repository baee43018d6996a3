"""One PyCaret model as a PyCaret user makes it. Runs in PyCaret's own environment, started by ``bench_peers.py``."""

from __future__ import annotations

import measure
import numpy as np


def main_part(values: str, labels: str, model: str, segments: int) -> dict:
    """``setup`` and ``create_model`` with its table of scores; the labels are left beside ``values``."""
    import pandas as pd
    import pycaret
    from pycaret.clustering import create_model, pull, setup

    given = np.load(values, allow_pickle=False)
    frame = pd.DataFrame(given, columns=[f"x{at}" for at in range(given.shape[1])])

    def work():  # noqa: ANN202  PyCaret's model
        setup(frame, session_id=0, verbose=False, html=False)
        return create_model(model, num_clusters=segments, verbose=False)

    made, seconds = measure.timed(work)
    np.save(labels, np.asarray(made.labels_))
    told = pull().iloc[0]
    scores = {str(name): float(value) for name, value in told.items() if isinstance(value, (int, float))}
    return {"seconds": seconds, "version": pycaret.__version__, "told": scores}


if __name__ == "__main__":
    measure.begin(None, main_part)
