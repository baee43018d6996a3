"""Ways to form segments. To add one: a file ending in an ``Algorithm``, and its line here."""

from core.algorithms.dbscan import DBSCAN
from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.gmm import GMM
from core.algorithms.kmeans import KMEANS
from core.algorithms.running import clustering, one_thread, place, prepared, run
from core.algorithms.ward import WARD
from core.catalogue import Catalogue

ALGORITHMS: Catalogue[Algorithm] = Catalogue("algorithm", KMEANS, GMM, WARD, DBSCAN)

__all__ = ["ALGORITHMS", "Algorithm", "Cost", "Fitted", "clustering", "one_thread", "place", "prepared", "run"]
