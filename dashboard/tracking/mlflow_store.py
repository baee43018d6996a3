"""Entries to MLflow and back out of it, as a client only. Imported by the sender alone, which is a process of its own."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mlflow.entities import Metric, Param, RunTag
from mlflow.tracking import MlflowClient

from dashboard.tracking.entries import Entry

EXPERIMENT = "Segment Atlas"
RUN_TAG, WHOLE_TAG, PARENT_TAG = "segment_atlas.run", "segment_atlas.whole", "mlflow.parentRunId"
_PART = re.compile(r"[^A-Za-z0-9_.\- /]")


class Tracked:
    """One tracking store, at ``uri``. ``folder`` is where the embedded one keeps its files, None for any other."""

    def __init__(self, uri: str, folder: Path | None) -> None:
        self._client = MlflowClient(tracking_uri=uri)
        self._folder = folder
        self._experiment = self._find_experiment()

    def log(self, run: str, entry: Entry, *, created: float, tags: Mapping[str, str]) -> str:
        """Write an entry with its children, exactly once however often it is tried; MLflow's id of it.

        The id of our run is a tag that is set with the first request. What an earlier try left unfinished is deleted.
        """
        for known in self._of_run(run):
            if known.data.tags.get(WHOLE_TAG) == "yes":
                return known.info.run_id
            self._delete(known.info.run_id)
        return self._write(run, entry, created=created, tags=tags)

    def erase(self, run: str) -> None:
        """Delete the entry of a run with its children: from the embedded store for good, elsewhere as the server does it."""
        for known in self._of_run(run):
            self._delete(known.info.run_id)

    def _find_experiment(self) -> str:
        known = self._client.get_experiment_by_name(EXPERIMENT)
        if known is not None:
            return known.experiment_id
        location = (self._folder / "artefacts").as_uri() if self._folder else None
        return self._client.create_experiment(EXPERIMENT, artifact_location=location)

    def _of_run(self, run: str) -> list:
        return list(self._client.search_runs([self._experiment], f"tags.`{RUN_TAG}` = '{run}'", max_results=100))

    def _write(self, run: str, entry: Entry, *, created: float, tags: Mapping[str, str]) -> str:
        made = self._one(entry, {RUN_TAG: run, WHOLE_TAG: "no", **tags}, created)
        for child in entry.children:
            self._one(child, {PARENT_TAG: made}, created)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            for name, content in entry.files.items():
                (Path(folder) / name).write_bytes(content)
                self._client.log_artifact(made, str(Path(folder) / name))
        self._client.set_tag(made, WHOLE_TAG, "yes")
        return made

    def _one(self, entry: Entry, tags: Mapping[str, str], created: float) -> str:
        at = int(created * 1000)
        first = {**tags, "mlflow.user": "segment-atlas", "mlflow.source.name": "segment-atlas"}
        run = self._client.create_run(self._experiment, start_time=at, tags=first, run_name=entry.name).info.run_id
        metrics = [Metric(_PART.sub("_", name), value, at, 0) for name, value in entry.metrics.items()]
        params = [Param(_PART.sub("_", name), value) for name, value in entry.params.items()]
        self._client.log_batch(run, metrics, params, [RunTag(name, value) for name, value in entry.tags.items()])
        seconds = max(0.0, entry.metrics.get("seconds", 0.0))
        self._client.set_terminated(run, "FINISHED", end_time=at + int(seconds * 1000))
        return run

    def _delete(self, run_id: str) -> None:
        children = self._client.search_runs([self._experiment], f"tags.`{PARENT_TAG}` = '{run_id}'", max_results=5000)
        for one in (*(child.info.run_id for child in children), run_id):  # the parent last: it is what is looked for
            self._client.delete_run(one)
            if self._folder:
                self._purge(one)

    def _purge(self, run_id: str) -> None:
        """What ``mlflow gc`` does for one run; a client only marks runs as deleted."""
        self._client._tracking_client.store._hard_delete_run(run_id)
        shutil.rmtree(self._folder / "artefacts" / run_id, ignore_errors=True)

