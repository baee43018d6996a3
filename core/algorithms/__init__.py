"""Ways to form segments. To add one: a file ending in an ``Algorithm``, and its line here."""

from core.algorithms.autoencoder import AUTOENCODER
from core.algorithms.average import AVERAGE
from core.algorithms.bisecting import BISECTING
from core.algorithms.complete import COMPLETE
from core.algorithms.dbscan import DBSCAN
from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.genie import GENIE
from core.algorithms.gmm import GMM
from core.algorithms.hdbscan import HDBSCAN
from core.algorithms.kmeans import KMEANS
from core.algorithms.kmedoids import KMEDOIDS
from core.algorithms.running import clustering, one_thread, place, prepared, run
from core.algorithms.spectral import SPECTRAL
from core.algorithms.ward import WARD
from core.catalogue import Catalogue

ALGORITHMS: Catalogue[Algorithm] = Catalogue(
    "algorithm",
    KMEANS,
    BISECTING,
    GMM,
    WARD,
    AVERAGE,
    COMPLETE,
    GENIE,
    DBSCAN,
    HDBSCAN,
    SPECTRAL,
    KMEDOIDS,
    AUTOENCODER,
)


def proposed() -> tuple[str, ...]:
    """Names of the algorithms to run where nobody has chosen."""
    return tuple(name for name, algorithm in ALGORITHMS.items() if algorithm.in_default)


__all__ = ["ALGORITHMS", "Algorithm", "Cost", "Fitted", "clustering", "one_thread", "place", "prepared", "proposed", "run"]
