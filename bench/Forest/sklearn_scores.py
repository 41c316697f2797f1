"""Scores rows with scikit-learn's IsolationForest, once per seed; called by `bench forest`."""

import sys

import numpy
from sklearn.ensemble import IsolationForest

train, test, target, features, trees, sample, seeds = *sys.argv[1:4], *map(int, sys.argv[4:8])
known = numpy.fromfile(train, dtype=numpy.float32).reshape(-1, features)
rows = numpy.fromfile(test, dtype=numpy.float32).reshape(-1, features)
scores = [
    -IsolationForest(n_estimators=trees, max_samples=min(sample, len(known)), random_state=seed, n_jobs=-1).fit(known).score_samples(rows)
    for seed in range(1, seeds + 1)
]
numpy.asarray(scores, dtype=numpy.float64).tofile(target)
