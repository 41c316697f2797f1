"""Times scikit-learn's IsolationForest on float32 rows from a file; called by `bench forest`."""

import json
import statistics
import sys
import time

import numpy
import sklearn
from sklearn.ensemble import IsolationForest


def median_us(rounds, action):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times)


path, features, trees, sample, batch = sys.argv[1], *map(int, sys.argv[2:6])
rows = numpy.fromfile(path, dtype=numpy.float32).reshape(-1, features)


def fit(jobs=None):
    return IsolationForest(n_estimators=trees, max_samples=sample, random_state=1, n_jobs=jobs).fit(rows)


# n_jobs=None (1) and -1 (all cores): the better of both is the peer, as ours uses all cores to train.
forest = fit()
one, many = rows[:1], rows[:batch]
forest.score_samples(many)
print(json.dumps({
    "version": sklearn.__version__,
    "trainMicroseconds": min(median_us(5, fit), median_us(5, lambda: fit(-1))),
    "singleRowMicroseconds": median_us(30, lambda: forest.score_samples(one)),
    "batchRowMicroseconds": median_us(15, lambda: forest.score_samples(many)) / batch,
}))
