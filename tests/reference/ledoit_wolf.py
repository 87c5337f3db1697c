"""Ledoit and Wolf's shrinkage by scikit-learn, for the tests of lib/metrics/shrinkage.ts.

    pip install scikit-learn==1.9.1
    python tests/reference/ledoit_wolf.py > tests/reference/ledoit_wolf.json
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.covariance import LedoitWolf

random = np.random.default_rng(3)


def case(images, classes, features):
    labels = np.arange(images) % classes
    F = 3 * random.normal(size=(classes, features))[labels] + random.normal(size=(images, features)) @ random.normal(size=(features, features))
    F = np.round(F, 6)
    deviations = F - np.array([F[labels == c].mean(axis=0) for c in range(classes)])[labels]
    fitted = LedoitWolf(assume_centered=True).fit(deviations)
    return {"features": F.tolist(), "labels": labels.tolist(), "share": fitted.shrinkage_, "covariance": fitted.covariance_.tolist()}


json.dump({"scikit-learn": sklearn.__version__, "cases": [case(12, 3, 5), case(60, 2, 4), case(8, 2, 10)]}, sys.stdout)
