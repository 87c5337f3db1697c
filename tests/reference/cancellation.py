"""Scores and neural-collapse measures in 60 digits, where float64 formulas as they stand lose most of theirs.

    pip install mpmath==1.3.0
    python tests/reference/cancellation.py > tests/reference/cancellation.json

Every case draws a few features as float64 numbers, and everything from there on is computed in 60 digits: features with
a common offset of 1e8; classes whose spread is 1e-7 of their features; classes whose spread is so in half of the
features only; logits with an offset, and huge ones.
"""

import json
import random
import sys

import mpmath as mp

mp.mp.dps = 60
C, D, EACH, TEST, K = 3, 6, 8, 5, 2
NECO, RESIDUAL = 4, 4  # both cut through the spread within classes
draw = random.Random(5)


def normal(rows, columns, scale=1.0):
    return [[draw.gauss(0, scale) for _ in range(columns)] for _ in range(rows)]


def case(name, offset=0.0, spread=lambda j: 1.0, logit_offset=0.0, logit_scale=1.0):
    means = normal(C, D, 10)
    labels = [i % C for i in range(C * EACH)]

    def around(label):
        return [means[label][j] + spread(j) * draw.gauss(0, 1) + offset for j in range(D)]

    def logits(count):
        return [[logit_scale * z + logit_offset for z in row] for row in normal(count, C, 3)]

    train = {"features": [around(y) for y in labels], "logits": logits(len(labels)), "labels": labels}
    # Of the images to score the last two are far from every class.
    images = [around(i % C) for i in range(TEST - 2)] + [[draw.gauss(0, 10) + offset for _ in range(D)] for _ in range(2)]
    test = {"features": images, "logits": logits(TEST)}
    last_layer = {"weights": normal(C, D), "bias": normal(1, C)[0]}
    values = {"scores": scores(train, test, last_layer), "collapse": collapse(train, test, last_layer)}
    numbers = json.loads(json.dumps(values, default=float))
    return {"name": name, "train": train, "test": test, "lastLayer": last_layer, **numbers}


def vectors(rows):
    return [mp.matrix(row) for row in rows]


def mean(list_of_vectors):
    total = mp.zeros(len(list_of_vectors[0]), 1)
    for v in list_of_vectors:
        total += v
    return total / len(list_of_vectors)


def dot(a, b):
    return mp.fsum(x * y for x, y in zip(a, b))


def norm(v):
    return mp.sqrt(dot(v, v))


def covariance(deviations):
    total = mp.zeros(D, D)
    for v in deviations:
        total += v * v.T
    return total / len(deviations)


def statistics(train):
    F, labels = vectors(train["features"]), train["labels"]
    means, overall = [mean([f for f, y in zip(F, labels) if y == c]) for c in range(C)], mean(F)
    within = covariance([f - means[y] for f, y in zip(F, labels)])
    return F, means, overall, within, covariance([f - overall for f in F])


def softmax(z):
    e = [mp.exp(mp.mpf(a) - max(z)) for a in z]
    return [a / mp.fsum(e) for a in e]


def pseudo_inverse_times(W, b):
    """W† b for W with more columns than rows, of full rank."""
    return W.T * mp.lu_solve(W * W.T, b)


def scores(train, test, last_layer):
    F, means, overall, within, total = statistics(train)
    T = vectors(test["features"])
    P, P0 = within**-1, total**-1
    nearest = [min(((f - m).T * P * (f - m))[0] for m in means) for f in T]
    background = [((f - overall).T * P0 * (f - overall))[0] for f in T]

    templates = {}
    for z in train["logits"]:
        templates.setdefault(z.index(max(z)), []).append(softmax(z))
    templates = [[mp.fsum(p[c] for p in ps) / len(ps) for c in range(C)] for ps in templates.values()]
    divergences = [
        min(mp.fsum(p * mp.log(p / d) for p, d in zip(ps, ds)) for ds in templates) for ps in map(softmax, test["logits"])
    ]

    units = [f / norm(f) for f in F]
    neighbours = [sorted(dot(f / norm(f) - g, f / norm(f) - g) for g in units)[K - 1] for f in T]

    W, b = mp.matrix(last_layer["weights"]), mp.matrix(last_layer["bias"])
    u = -pseudo_inverse_times(W, b)
    _, V = mp.eigsy(total + (overall - u) * (overall - u).T)
    R = V[:, : D - RESIDUAL]
    residuals = [norm(R.T * (f - u)) for f in T]
    energy = [max(z) + mp.log(mp.fsum(mp.exp(mp.mpf(a) - max(z)) for a in z)) for z in test["logits"]]
    alpha = mp.fsum(max(z) for z in train["logits"]) / mp.fsum(norm(R.T * (f - u)) for f in F)

    def neco(f):
        sigma = mp.diag([1 / mp.sqrt(total[j, j]) for j in range(D)])
        _, V = mp.eigsy(sigma * total * sigma)
        z = sigma * (f - overall)
        return norm(V[:, D - NECO :].T * z) / norm(z)

    return {
        "mahalanobis": [-d for d in nearest],
        "relativeMahalanobis": [d0 - d for d, d0 in zip(nearest, background)],
        "klMatching": [-d for d in divergences],
        "nearestNeighbours": [-d for d in neighbours],
        "residual": [-r for r in residuals],
        "vim": [e - alpha * r for e, r in zip(energy, residuals)],
        "neco": [neco(f) for f in T],
        "classMeanCosine": [max(dot(f, m) / norm(f) / norm(m) for m in means) for f in T],
    }


def collapse(train, test, last_layer):
    F, means, overall, within, _ = statistics(train)
    M, W = [m - overall for m in means], vectors(last_layer["weights"])
    between = covariance([M[y] for y in train["labels"]])
    values, V = mp.eigsy(between)
    nc1 = mp.fsum((V[:, k].T * within * V[:, k])[0] / values[k] for k in range(D - (C - 1), D)) / C

    def spread(v):
        norms = [norm(a) for a in v]
        middle = mp.fsum(norms) / len(norms)
        return mp.sqrt(mp.fsum((n - middle) ** 2 for n in norms) / len(norms)) / middle

    def angles(v):
        pairs = [(a, b) for a in range(C) for b in range(C) if a != b]
        return mp.fsum(abs(dot(v[a], v[b]) / norm(v[a]) / norm(v[b]) + mp.mpf(1) / (C - 1)) for a, b in pairs) / len(pairs)

    def length(v):
        return mp.sqrt(mp.fsum(dot(a, a) for a in v))

    nearest = [min(range(C), key=lambda c: dot(f - means[c], f - means[c])) for f in F]
    outside = mean(vectors(test["features"]))
    return {
        "withinClassVariability": nc1,
        "traceQuotient": mp.fsum(within[j, j] for j in range(D)) / mp.fsum(between[j, j] for j in range(D)),
        "equinorm": {"classMeans": spread(M), "classifier": spread(W)},
        "equiangularity": {"classMeans": angles(M), "classifier": angles(W)},
        "selfDuality": mp.fsum(dot(w / length(W) - m / length(M), w / length(W) - m / length(M)) for w, m in zip(W, M)),
        "alignment": mp.fsum(dot(w, m) / norm(w) / norm(m) for w, m in zip(W, M)) / C,
        "nearestMeanDisagreement": mp.mpf(sum(z.index(max(z)) != c for z, c in zip(train["logits"], nearest))) / len(F),
        "orthogonality": {"ood": mp.fsum(abs(dot(m, outside)) / norm(m) / norm(outside) for m in means) / C},
        "withinClassCovariance": [within[i, j] for i in range(D) for j in range(D)],
    }


json.dump(
    {
        "mpmath": mp.__version__,
        "options": {"k": K, "neco": NECO, "residual": RESIDUAL},
        "cases": [
            case("ordinary features"),
            case("a common offset of 1e8", offset=1e8),
            case("a spread of 1e-7 of the features", spread=lambda j: 1e-6),
            case("a spread of 1e-7 in half of the features", spread=lambda j: 1e-6 if j < D // 2 else 1.0),
            case("logits of 1e8 and a bit", logit_offset=1e8),
            case("logits of 1e15", logit_scale=1e15),
        ],
    },
    sys.stdout,
)
