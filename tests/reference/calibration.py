"""Vector scaling by SciPy and isotonic calibration by scikit-learn, for the tests of lib/models/inference/.

    pip install scipy scikit-learn==1.9.1
    python tests/reference/calibration.py > tests/reference/calibration.json
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.isotonic import IsotonicRegression

random = np.random.default_rng(4)
N, K, DEVIATION = 60, 3, 0.7
truth = np.round(random.normal(size=(N, K)), 6)
labels = np.array([random.choice(K, p=p) for p in softmax(truth, axis=1)])
logits = np.round(2.5 * truth + [0.5, 0, -1], 6)


def objective(theta):
    w, b = theta[:K], theta[K:]
    log_likelihood = log_softmax(w * logits + b, axis=1)[np.arange(N), labels].sum()
    return ((w - 1) ** 2 + b**2).sum() / (2 * DEVIATION**2) - log_likelihood


fitted = minimize(objective, np.r_[np.ones(K), np.zeros(K)], method="BFGS", options={"gtol": 1e-9})
p = softmax(logits, axis=1)
isotonic = IsotonicRegression(out_of_bounds="clip").fit(p.ravel(), np.eye(K)[labels].ravel())
new = np.round(2 * random.normal(size=(10, K)), 6)
g = isotonic.predict(softmax(new, axis=1).ravel()).reshape(-1, K)
json.dump(
    {
        "versions": {"scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "priorDeviation": DEVIATION,
        "logits": logits.tolist(),
        "labels": labels.tolist(),
        "vector": {"factors": fitted.x[:K].tolist(), "offsets": fitted.x[K:].tolist()},
        "isotonic": {"logits": new.tolist(), "probabilities": (g / g.sum(axis=1, keepdims=True)).tolist()},
    },
    sys.stdout,
)
