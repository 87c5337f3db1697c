"""Values from other implementations for the tests of approximate inference in classification.

    pip install torch scikit-learn scipy laplace-torch torchmetrics
    python classification.py > classification.json

scikit-learn: modes of logistic regression (C = sigma^2, a column of ones instead of an intercept, which it would not
penalise), Gaussian-process classification, metrics. laplace-torch: covariances and probit predictions. torch.distributions:
KL divergence and ELBO. NumPy: evidence and predictions by importance sampling with 10^7 draws.
"""

import json
import warnings

import numpy as np
import torch
from laplace import Laplace
from scipy.integrate import quad
from scipy.special import expit, log_expit
from scipy.stats import multivariate_t, norm
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from torchmetrics.functional.classification import multiclass_calibration_error

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(6)
torch.manual_seed(6)


def overlapping(classes, points):
    labels = np.arange(points) % classes
    angle = 2 * np.pi * np.arange(classes) / classes
    centres = 1.2 * np.column_stack([np.cos(angle), np.sin(angle)])
    return centres[labels] + rng.normal(size=(points, 2)) + [0.5, -0.3], labels


def with_ones(X):
    return np.column_stack([X, np.ones(len(X))])


def mode(X, labels, sigma):
    """(weights by rows, then biases): our order of the parameters."""
    model = LogisticRegression(C=sigma**2, fit_intercept=False, tol=1e-14, max_iter=100_000, solver="newton-cg")
    coefficients = model.fit(with_ones(X), labels).coef_
    return np.concatenate([coefficients[:, :-1].ravel(), coefficients[:, -1]])


def laplace_values(model, X, labels, X_new, sigma, parts=("full", "diagonal")):
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(labels)), batch_size=len(X)
    )
    values = {}
    for name, weights, structure in [
        ("full", "all", "full"),
        ("diagonal", "all", "diag"),
        ("last_layer", "last_layer", "full"),
    ]:
        if name not in parts:
            continue
        laplace = Laplace(
            model, "classification", subset_of_weights=weights, hessian_structure=structure, prior_precision=sigma**-2
        )
        laplace.fit(loader)
        covariance = (
            torch.diag(laplace.posterior_variance) if structure == "diag" else laplace.posterior_covariance
        )
        values[name] = {
            "covariance": covariance.detach().numpy().tolist(),
            "log_evidence": laplace.log_marginal_likelihood().item(),
            "probit": laplace(torch.tensor(X_new), link_approx="probit").detach().numpy().tolist(),
        }
    return values


def parameters(model):
    return torch.cat([p.detach().ravel() for p in model.parameters()]).numpy().tolist()


def linear_laplace(X, labels, X_new, sigma):
    """Expanded at the mode; a linear model has no separate last layer."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 3))
    theta = mode(X, labels, sigma)
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor(theta[:6].reshape(3, 2)))
        model[0].bias.copy_(torch.tensor(theta[6:]))
    return {"theta": parameters(model), **laplace_values(model, X, labels, X_new, sigma)}


def network_laplace(X, labels, X_new, sigma):
    """Expanded at random parameters, where the Gauss-Newton matrix is defined as well as at a mode."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 5), torch.nn.ReLU(), torch.nn.Linear(5, 3))
    parts = ("full", "diagonal", "last_layer")
    values = laplace_values(model, X, labels, X_new, sigma, parts)
    return {"sizes": [2, 5, 3], "theta": parameters(model), **values}


def variational(X, labels, sigma):
    """KL by torch.distributions; the expected log likelihood by adaptive quadrature over each activation."""
    mean, deviation = np.array([1.1, -0.4, 0.2]), np.array([0.3, 0.6, 0.15])
    q = torch.distributions.Normal(torch.tensor(mean), torch.tensor(deviation))
    p = torch.distributions.Normal(torch.zeros(3), sigma * torch.ones(3))
    divergence = torch.distributions.kl_divergence(q, p).sum().item()
    Phi, sign = with_ones(X), 2 * labels - 1
    expected = sum(
        quad(lambda z, m=m, s=s, y=y: norm.pdf(z) * log_expit(y * (m + s * z)), -12, 12, epsabs=1e-12)[0]
        for m, s, y in zip(Phi @ mean, np.sqrt(Phi**2 @ deviation**2), sign)
    )
    # The same by draws of torch.distributions, with its standard error, as a check of the quadrature.
    theta = q.sample((200_000,)).numpy()
    draws = sum(log_expit(y * (theta @ phi)) for phi, y in zip(Phi, sign))
    standard_error = draws.std() / np.sqrt(len(draws))
    assert abs(draws.mean() - expected) < 4 * standard_error
    return {
        "mean": mean.tolist(),
        "deviation": deviation.tolist(),
        "divergence": divergence,
        "expected_log_likelihood": expected,
        "elbo": expected - divergence,
    }


def importance(X, labels, X_new, sigma, draws=10_000_000, chunk=250_000):
    """Evidence and predictions under a multivariate t proposal around the mode, with standard errors."""
    theta = mode(X, labels, sigma)
    Phi, sign, new = with_ones(X), 2 * labels - 1, with_ones(X_new)
    p = expit(Phi @ theta)
    covariance = np.linalg.inv(Phi.T @ (Phi * (p * (1 - p))[:, None]) + np.eye(3) / sigma**2)
    proposal = multivariate_t(theta, 1.3 * covariance, df=6, seed=7)
    log_weights, predictions = [], []
    for _ in range(draws // chunk):
        t = proposal.rvs(chunk)
        log_prior = -(t**2).sum(1) / (2 * sigma**2) - 3 * np.log(sigma * np.sqrt(2 * np.pi))
        log_weights.append(log_expit((t @ Phi.T) * sign).sum(1) + log_prior - proposal.logpdf(t))
        predictions.append(expit(t @ new.T))
    log_weights, predictions = np.concatenate(log_weights), np.concatenate(predictions)
    largest = log_weights.max()
    w = np.exp(log_weights - largest)
    estimate = (w[:, None] * predictions).mean(0) / w.mean()
    error = np.sqrt((w[:, None] ** 2 * (predictions - estimate) ** 2).mean(0) / draws) / w.mean()
    return {
        "draws": draws,
        "log_evidence": np.log(w.mean()) + largest,
        "log_evidence_error": w.std() / np.sqrt(draws) / w.mean(),
        "probabilities": estimate.tolist(),
        "errors": error.tolist(),
    }


def gaussian_process(X, labels, X_new, variance, length):
    process = GaussianProcessClassifier(ConstantKernel(variance) * RBF(length), optimizer=None).fit(X, labels)
    mean, var = process.latent_mean_and_variance(X_new)
    # predict_proba approximates this integral by five error functions.
    exact = [quad(lambda z: norm.pdf(z) * expit(m + s * z), -12, 12, epsabs=1e-13)[0] for m, s in zip(mean, np.sqrt(var))]
    assert np.abs(process.predict_proba(X_new)[:, 1] - exact).max() < 2e-3
    return {
        "variance": variance,
        "length": length,
        "log_evidence": process.log_marginal_likelihood_value_,
        "probabilities": exact,
    }


def metrics():
    probabilities = rng.dirichlet([0.6, 0.6, 0.6], size=400)
    labels = np.array([rng.choice(3, p=0.7 * p + 0.1) for p in probabilities])
    scores = np.round(rng.normal(size=60) + (np.arange(60) < 25), 1)
    return {
        "probabilities": probabilities.tolist(),
        "labels": labels.tolist(),
        "negative_log_likelihood": log_loss(labels, probabilities),
        "brier": ((probabilities - np.eye(3)[labels]) ** 2).sum(1).mean(),
        "calibration_error": multiclass_calibration_error(
            torch.tensor(probabilities), torch.tensor(labels), num_classes=3, n_bins=15, norm="l1"
        ).item(),
        "scores": scores.tolist(),
        "positives": 25,
        "auroc": roc_auc_score(np.arange(60) < 25, scores),
    }


X2, labels2 = overlapping(2, 40)
X3, labels3 = overlapping(3, 60)
X_new = np.array([[0.0, 0.0], [1.0, -2.0], [-3.0, 1.0], [10.0, 10.0]])
sigma = 1.5
print(
    json.dumps(
        {
            "sigma": sigma,
            "new": X_new.tolist(),
            "two_classes": {
                "X": X2.tolist(),
                "labels": labels2.tolist(),
                "mode": mode(X2, labels2, sigma).tolist(),
                "variational": variational(X2, labels2, sigma),
                "importance": importance(X2, labels2, X_new, sigma),
                "gaussian_process": gaussian_process(X2, labels2, X_new, 4.0, 1.5),
            },
            "three_classes": {
                "X": X3.tolist(),
                "labels": labels3.tolist(),
                "mode": mode(X3, labels3, sigma).tolist(),
                "linear_laplace": linear_laplace(X3, labels3, X_new, sigma),
                "network_laplace": network_laplace(X3, labels3, X_new, sigma),
            },
            "metrics": metrics(),
        }
    )
)
