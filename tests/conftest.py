"""What every test may use: the real files when they lie beside the project, and a settings maker."""

from __future__ import annotations

import os
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

# `make test` draws the same examples every time; `make test-long` draws others.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

PROJECT = Path(__file__).resolve().parent.parent
CLOCK = ("tests/faults/", "tests/journeys/")


class _Files(LoadFileScheduling):
    """Whole files for each of several processes, and for one of them all tests that drive a browser or kill processes, one
    at a time, as these watch the clock."""

    def _split_scope(self, nodeid: str) -> str:
        return "clock" if nodeid.startswith(CLOCK) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    return _Files(config, log)


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files lying beside the project; tests on them skip where the folder is absent."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real files are not beside this checkout")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _quiet_third_party() -> None:
    """Deprecations inside packages that this project cannot mend are not failures of its own."""
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"(dash|celery|kombu|flask_compress)(\.|$)")


@pytest.fixture()
def make_settings(tmp_path):
    """A maker of settings on a data directory of this test alone; name what shall differ."""
    from dashboard.settings import Settings

    return lambda **changes: Settings(**{"data_dir": tmp_path / "store", "secret_key": "s" * 32, **changes})


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The one app of this process, jobs running: Dash keeps callbacks in global lists, so there is no second."""
    from dashboard.app import create_app
    from dashboard.settings import Settings

    server = create_app(Settings(data_dir=tmp_path_factory.mktemp("app") / "store", secret_key="s" * 32, tracking=False))
    server.extensions["atlas"].jobs.start()
    yield server
    server.extensions["atlas"].jobs.stop()


@pytest.fixture()
def client(app):
    """A browser session of its own."""
    return app.test_client()
