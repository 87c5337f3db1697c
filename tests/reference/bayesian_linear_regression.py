"""Reference values for tests/models/regression/bayesian_linear_regression_test.ts and evidence_test.ts.

    pip install scikit-learn==1.9.1 mpmath==1.4.1 numpy
    python tests/reference/bayesian_linear_regression.py > tests/reference/bayesian_linear_regression.json

Three independent ways to the same numbers: the naive dense formulas of Bishop (3.50 to 3.59, 3.86) with explicit
inverses in float64, scikit-learn's BayesianRidge, and the same dense formulas with 60 decimal digits.
"""

import json

import mpmath
import numpy as np
from sklearn.linear_model import BayesianRidge

mpmath.mp.dps = 60

# Inputs and targets are short decimals, so that every implementation reads the same doubles.
x = np.array([round(0.05 + 1.9 * ((7 * i) % 20) / 20, 4) for i in range(20)])
y = np.array([round(float(v + np.sin(3 * v) + 0.3 * np.cos(17 * i)), 4) for i, v in enumerate(x)])
at = np.array([-1.0, 0.0, 0.4, 1.1, 2.0, 5.0])


def powers(v, degree):
    return np.vander(v, degree + 1, increasing=True)


def dense(degree, alpha, beta):
    """Bishop's formulas as they stand."""
    Phi, phi = powers(x, degree), powers(at, degree)
    N, M = Phi.shape
    A = alpha * np.eye(M) + beta * Phi.T @ Phi
    S = np.linalg.inv(A)
    m = beta * S @ Phi.T @ y
    E = beta / 2 * np.sum((y - Phi @ m) ** 2) + alpha / 2 * m @ m
    return {
        "degree": degree, "alpha": alpha, "beta": beta,
        "mean": m.tolist(), "covariance": S.tolist(),
        "predictiveMean": (phi @ m).tolist(),
        "modelVariance": np.sum(phi @ S * phi, axis=1).tolist(),
        "logEvidence": float(M / 2 * np.log(alpha) + N / 2 * np.log(beta) - E
                             - np.linalg.slogdet(A)[1] / 2 - N / 2 * np.log(2 * np.pi)),
    }


def exact(degree, alpha, beta):
    """The same with 60 digits: what is true where float64 normal equations are not."""
    mp = mpmath.mpf
    Phi = mpmath.matrix([[mp(float(v)) ** j for j in range(degree + 1)] for v in x])
    target = mpmath.matrix([mp(float(v)) for v in y])
    N, M = Phi.rows, Phi.cols
    A = mp(alpha) * mpmath.eye(M) + mp(beta) * (Phi.T * Phi)
    S = A ** -1
    m = mp(beta) * (S * (Phi.T * target))
    r = target - Phi * m
    rows = [mpmath.matrix([mp(float(v)) ** j for j in range(M)]) for v in at]
    result = {
        "degree": degree, "alpha": alpha, "beta": beta,
        "mean": [float(v) for v in m],
        "predictiveMean": [float((p.T * m)[0]) for p in rows],
        "modelVariance": [float((p.T * S * p)[0]) for p in rows],
    }
    if alpha > 0:
        E = mp(beta) / 2 * (r.T * r)[0] + mp(alpha) / 2 * (m.T * m)[0]
        result["logEvidence"] = float(
            mp(M) / 2 * mpmath.log(alpha) + mp(N) / 2 * mpmath.log(beta) - E
            - mpmath.log(mpmath.det(A)) / 2 - mp(N) / 2 * mpmath.log(2 * mpmath.pi))
    return result


def bayesian_ridge(degree):
    """scikit-learn calls the noise precision alpha_ and the prior precision lambda_."""
    ridge = BayesianRidge(alpha_1=0, alpha_2=0, lambda_1=0, lambda_2=0, fit_intercept=False,
                          compute_score=True, tol=1e-13, max_iter=100000)
    ridge.fit(powers(x, degree), y)
    mean, deviation = ridge.predict(powers(at, degree), return_std=True)
    return {
        "degree": degree, "alpha": float(ridge.lambda_), "beta": float(ridge.alpha_),
        "mean": ridge.coef_.tolist(), "covariance": ridge.sigma_.tolist(),
        "predictiveMean": mean.tolist(), "predictiveVariance": (deviation**2).tolist(),
        "logEvidence": float(ridge.scores_[-1]),
    }


print(json.dumps({
    "x": x.tolist(), "y": y.tolist(), "at": at.tolist(),
    "dense": [dense(1, 2.0, 12.5), dense(3, 0.5, 25.0)],
    "exact": [exact(12, 1e-9, 25.0), exact(9, 0.0, 1.0)],
    "bayesianRidge": [bayesian_ridge(1), bayesian_ridge(4)],
}, indent=1))
