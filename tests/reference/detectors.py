"""Reference values for tests/detectors/ and tests/metrics/: every score and metric in plain float64 NumPy.

    pip install numpy==2.4.6 scikit-learn==1.9.1 safetensors==0.8.0
    python tests/reference/detectors.py random > tests/reference/detectors_random.json
    python tests/reference/detectors.py data/resnet18-cifar100/outputs.safetensors > tests/reference/detectors_resnet18.json

`random` draws a small set and writes it beside the values. Otherwise the values are of the first SUBSET images of each set
of a network's outputs, fitted on its committed statistics and training sample. Written as the formulas stand, one
image or class at a time, with explicit inverses, so that it shares no shortcut with what it checks.
"""

import json
import sys

import numpy as np
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

SUBSET = 200


def logsumexp(z):
    return z.max() + np.log(np.sum(np.exp(z - z.max())))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def statistics(features, labels):
    C, N = labels.max() + 1, len(labels)
    means = np.array([features[labels == c].mean(axis=0) for c in range(C)])
    mean = features.mean(axis=0)
    within = sum(np.outer(f - means[y], f - means[y]) for f, y in zip(features, labels)) / N
    total = sum(np.outer(f - mean, f - mean) for f in features) / N
    variances = [np.mean([np.sum((f - means[c]) ** 2) for f in features[labels == c]]) for c in range(C)]
    return dict(counts=np.bincount(labels), mean=mean, means=means, within=within, total=total, variances=np.array(variances))


def scores(train, test, s, W, b, options):
    """Each detector's score of each image of `test`, fitted on `train` and the statistics `s`."""
    D, C = W.shape[1], W.shape[0]
    F, Z = test["features"], test["logits"]
    result = {
        "maximumSoftmaxProbability": [softmax(z).max() for z in Z],
        "maximumLogit": [z.max() for z in Z],
        "energy": [logsumexp(z) for z in Z],
        "energyAtTemperature2": [2 * logsumexp(z / 2) for z in Z],
        "generalizedEntropy": [-np.sum(softmax(z) ** 0.1 * (1 - softmax(z)) ** 0.1) for z in Z],
        "generalizedEntropyTop": [-np.sum(p ** 0.1 * (1 - p) ** 0.1) for p in (np.sort(softmax(z))[::-1][: C // 2] for z in Z)],
    }

    templates = {}
    for z in train["logits"]:
        templates.setdefault(int(z.argmax()), []).append(softmax(z))
    templates = [np.mean(t, axis=0) for t in templates.values()]
    result["klMatching"] = [-min(np.sum(p * np.log(p / d)) for d in templates) for p in map(softmax, Z)]

    precision, background = np.linalg.pinv(s["within"], hermitian=True), np.linalg.pinv(s["total"], hermitian=True)
    nearest = np.array([min((f - m) @ precision @ (f - m) for m in s["means"]) for f in F])
    overall = np.array([(f - s["mean"]) @ background @ (f - s["mean"]) for f in F])
    result["mahalanobis"] = -nearest
    result["relativeMahalanobis"] = -(nearest - overall)

    u = -np.linalg.pinv(W) @ b
    moment = s["total"] + np.outer(s["mean"] - u, s["mean"] - u)
    R = np.linalg.eigh(moment)[1][:, : D - D // 2]
    residuals = np.array([np.linalg.norm(R.T @ (f - u)) for f in F])
    alpha = np.mean([z.max() for z in train["logits"]]) / np.mean([np.linalg.norm(R.T @ (f - u)) for f in train["features"]])
    result["residual"] = -residuals
    result["vim"] = [logsumexp(z) - alpha * r for z, r in zip(Z, residuals)]

    def neco(dimension, sigma):
        P = np.linalg.eigh(s["total"] / np.outer(sigma, sigma))[1][:, D - dimension:]
        return np.array([np.linalg.norm(P.T @ ((f - s["mean"]) / sigma)) / np.linalg.norm((f - s["mean"]) / sigma) for f in F])

    sigma = np.sqrt(np.diag(s["total"]))
    result["neco"] = neco(options["necoDimension"], np.where(sigma > 0, sigma, 1))
    result["necoNotStandardised"] = neco(options["necoDimension"], np.ones(D))
    result["necoTimesMaximumLogit"] = [score * z.max() for score, z in zip(result["neco"], Z)]

    units = train["features"] / np.linalg.norm(train["features"], axis=1, keepdims=True)
    result["nearestNeighbours"] = [-np.sort(np.sum((f / np.linalg.norm(f) - units) ** 2, axis=1))[options["k"] - 1] for f in F]
    t = np.percentile(train["features"], 90)
    result["react"] = [logsumexp(W @ np.minimum(f, t) + b) for f in F]
    result["classMeanCosine"] = [max(f @ m / np.linalg.norm(f) / np.linalg.norm(m) for m in s["means"]) for f in F]
    return {name: [float(v) for v in values] for name, values in result.items()}


def collapse(train, s, W, ood):
    C = len(W)
    M = s["means"] - s["mean"]
    between = sum(n * np.outer(m, m) for n, m in zip(s["counts"], M)) / s["counts"].sum()
    values, vectors = np.linalg.eigh(between)
    inverse = sum(np.outer(v, v) / value for value, v in list(zip(values, vectors.T))[-(C - 1):])

    def spread(v):
        norms = np.linalg.norm(v, axis=1)
        return norms.std() / norms.mean()

    def angles(v):
        cosines = [v[c] @ v[d] / np.linalg.norm(v[c]) / np.linalg.norm(v[d]) for c in range(C) for d in range(C) if c != d]
        return np.mean(np.abs(np.array(cosines) + 1 / (C - 1)))

    nearest = np.array([np.argmin([np.sum((f - m) ** 2) for m in s["means"]]) for f in train["features"]])
    mean = ood.mean(axis=0)
    return {
        "withinClassVariability": np.trace(s["within"] @ inverse) / C,
        "traceQuotient": np.trace(s["within"]) / np.trace(between),
        "withinClassVariances": s["variances"].tolist(),
        "equinorm": {"classMeans": spread(M), "classifier": spread(W)},
        "equiangularity": {"classMeans": angles(M), "classifier": angles(W)},
        "selfDuality": np.sum((W / np.linalg.norm(W) - M / np.linalg.norm(M)) ** 2),
        "alignment": np.mean([w @ m / np.linalg.norm(w) / np.linalg.norm(m) for w, m in zip(W, M)]),
        "nearestMeanDisagreement": np.mean(nearest != train["logits"].argmax(axis=1)),
        "orthogonality": {"ood": np.mean([abs(m @ mean) / np.linalg.norm(m) / np.linalg.norm(mean) for m in s["means"]])},
    }


def detection(inside, outside):
    """By scikit-learn, with out-of-distribution positive and then in-distribution positive."""
    inside, outside = np.array(inside), np.array(outside)
    out = np.r_[np.zeros(len(inside)), np.ones(len(outside))]
    everything = np.r_[inside, outside]

    def fpr(labels, values):
        false, true, _ = roc_curve(labels, values, drop_intermediate=False)
        return false[np.argmax(true >= 0.95)]

    def trapezoid(labels, values):
        precision, recall, _ = precision_recall_curve(labels, values)
        return auc(recall, precision)

    return {
        "auroc": roc_auc_score(out, -everything),
        "auprOutPositive": average_precision_score(out, -everything),
        "auprInPositive": average_precision_score(1 - out, everything),
        "auprOutPositiveTrapezoid": trapezoid(out, -everything),
        "auprInPositiveTrapezoid": trapezoid(1 - out, everything),
        "fpr95OutPositive": fpr(out, -everything),
        "fpr95InPositive": fpr(1 - out, everything),
    }


def delong(inside, outside):
    """Variance of the AUROC from its structural components, one pair at a time."""
    kernel = (np.subtract.outer(inside, outside) > 0) + 0.5 * (np.subtract.outer(inside, outside) == 0)
    return float(kernel.mean(axis=1).var(ddof=1) / len(inside) + kernel.mean(axis=0).var(ddof=1) / len(outside))


def random_set():
    rng = np.random.default_rng(7)
    C, D = 5, 12
    centres = rng.normal(size=(C, D))
    W, b = np.round(rng.normal(size=(C, D)), 4), np.round(rng.normal(size=C), 4)

    def draw(count, spread, shift):
        labels = np.arange(count) % C
        features = np.round(np.maximum(0, 1 + spread * centres[labels] + rng.normal(size=(count, D)) + shift), 4)
        features[:, -1] = 0  # a dead feature: both covariances are singular
        return {"features": features, "logits": np.round(features @ W.T + b, 3), "labels": labels}

    return draw(90, 1, 0), draw(40, 1, 0), draw(30, 0.2, 0.5), W, b


def network_set(path):
    from safetensors.numpy import load_file

    t = {k: v if v.dtype.kind in "ui" else v.astype(np.float64) for k, v in load_file(path).items()}
    part = lambda name, n: {"features": t[f"{name}_features"][:n], "logits": t[f"{name}_logits"][:n]}
    train = part("train", None) | {"labels": t["train_labels"].astype(int)}
    s = dict(counts=np.bincount(train["labels"]), mean=t["mean"], means=t["class_means"],
             within=t["within_class_covariance"], total=t["total_covariance"])
    return train, part("test", SUBSET), part("svhn", SUBSET), t["classifier_weight"], t["classifier_bias"], s


def listed(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def main(source):
    if source == "random":
        train, inside, outside, W, b = random_set()
        s, options = statistics(train["features"], train["labels"]), {"necoDimension": 3, "k": 5}
        rounded = np.round(scores(train, inside, s, W, b, options)["maximumLogit"], 1)  # ties
        coarse = rounded, np.round(scores(train, outside, s, W, b, options)["maximumLogit"], 1)
        extra = {
            "train": {k: listed(v) for k, v in train.items()},
            "inside": {k: listed(v) for k, v in inside.items()},
            "outside": {k: listed(v) for k, v in outside.items()},
            "classifier": {"weights": W.tolist(), "bias": b.tolist()},
            "neuralCollapse": collapse(train, s, W, outside["features"]),
            "coarse": {"inside": coarse[0].tolist(), "outside": coarse[1].tolist(),
                       "metrics": detection(*coarse), "delong": delong(*coarse)},
        }
    else:
        train, inside, outside, W, b, s = network_set(source)
        options = {"necoDimension": 100, "k": 5}
        sample = statistics(train["features"], train["labels"])
        extra = {"subset": SUBSET, "neuralCollapse": collapse(train, sample, W, outside["features"])}
    values = {"inside": scores(train, inside, s, W, b, options), "outside": scores(train, outside, s, W, b, options)}
    metrics = {name: detection(values["inside"][name], values["outside"][name]) for name in values["inside"]}
    json.dump({"source": "tests/reference/detectors.py", "options": options, **extra, "scores": values, "metrics": metrics}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
