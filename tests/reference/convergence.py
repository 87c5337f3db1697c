"""R-hat and bulk effective sample size from ArviZ, for the tests of lib/metrics/convergence.ts.

    pip install arviz==0.23.4 scipy numpy
    python convergence.py > convergence.json
"""

import json
import sys

import arviz
import numpy as np
from scipy.stats import norm

rng = np.random.default_rng(7)


def autoregressive(chains, draws, correlation, shift=0.0, scale=1.0):
    z = rng.normal(size=(chains, draws))
    for s in range(1, draws):
        z[:, s] = correlation * z[:, s - 1] + np.sqrt(1 - correlation**2) * z[:, s]
    z[0] = shift + scale * z[0]
    return z


def json_number(value):
    """Infinity as null, which JSON can hold."""
    return float(value) if np.isfinite(value) else None


def case(name, chains):
    chains = np.round(chains, 6)
    return {
        "name": name,
        "chains": chains.tolist(),
        "r_hat": json_number(arviz.rhat(chains, method="rank")),
        "bulk_ess": float(arviz.ess(chains, method="bulk")),
    }


probabilities = [1e-12, 1e-4, 0.01, 0.3, 0.5, 0.9, 0.975, 1 - 1e-6]
json.dump(
    {
        "arviz": arviz.__version__,
        "normal_quantiles": [[p, float(norm.ppf(p))] for p in probabilities],
        "cases": [
            case("independent", autoregressive(4, 100, 0.0)),
            case("slow", autoregressive(4, 100, 0.9)),
            case("antithetic", autoregressive(2, 101, -0.5)),
            case("one chain elsewhere", autoregressive(4, 100, 0.3, shift=3.0)),
            case("one chain wider", autoregressive(4, 100, 0.3, scale=5.0)),
            case("heavy tails", rng.standard_cauchy(size=(3, 80))),
            case("ties", np.floor(4 * rng.random(size=(3, 60)))),
            case("two values, half each", [[(7 * i + 3 * c) % 2 for i in range(100)] for c in range(2)]),
            case("stuck at two values", [[1.0] * 10, [2.0] * 10]),
            case("stuck at three values", [[0.1] * 12, [0.2] * 12, [0.7] * 12]),
            case("one chain stuck", np.vstack([np.full(40, 0.3), rng.normal(size=(2, 40))])),
        ],
    },
    sys.stdout,
)
