"""Expectations under a Gaussian logit to 30 digits, for the tests of lib/models/inference/gaussian_expectation.ts.

    pip install mpmath==1.3.0
    python gaussian_expectation.py > gaussian_expectation.json
"""

import json
import sys

from mpmath import exp, inf, linspace, log, mp, mpf, npdf, quad

mp.dps = 30


def expectation(f, mean, deviation):
    bends = [mean + deviation * z for z in linspace(-12, 12, 25)]
    bends += [a for a in linspace(-60, 60, 25) if bends[0] < a < bends[-1]]
    bends = sorted(set([-inf, inf] + bends))[1:-1]
    return quad(lambda a: f(a) * npdf(a, mean, deviation), bends)


def sigmoid(a):
    return 1 / (1 + exp(-a))


def softplus(a):
    return a + log(1 + exp(-a)) if a > 0 else log(1 + exp(a))


cases = []
for mean, deviation in [
    (0.3, 0.1), (1, 1), (-2, 1.49), (-2, 1.51), (3, 2), (0, 5), (-20, 5), (10, 10), (-50, 100), (30, 100),
    (0, 1000), (-200, 299), (1e4, 1e4), (-3e5, 1e5),
]:
    m, s = mpf(mean), mpf(deviation)

    def slope(k):
        return expectation(lambda a: sigmoid(a) * sigmoid(-a) * ((a - m) / s) ** k, m, s)

    cases.append({
        "mean": mean,
        "deviation": deviation,
        "sigmoid": float(expectation(sigmoid, m, s)),
        "softplus": float(expectation(softplus, m, s)),
        "slopes": [float(slope(k)) for k in range(3)],
    })

json.dump(cases, sys.stdout, indent=1)
