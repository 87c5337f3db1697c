"""AUROCs of other implementations on the trained network's outputs, for the notebook's table and its test.

    pip install numpy==2.4.6 scikit-learn==1.9.1 safetensors==0.8.0 pytorch-ood==0.4.0 torch==2.13.0 torchvision==0.28.0
    cd tests/reference
    python other_implementations.py ../../data/resnet18-cifar100/outputs.safetensors > ../../data/resnet18-cifar100/other-implementations.json

All detectors are fitted on the training sample, and score the first COUNT images of each set: detectors.py in plain
float64 NumPy, and pytorch-ood in float32, with its defaults but for what OPTIONS says.
"""

import importlib.metadata
import json
import sys

import numpy as np
import torch
from pytorch_ood import detector as ood
from safetensors.numpy import load_file
from sklearn.metrics import roc_auc_score

import detectors

COUNT = 1000
OPTIONS = {"necoDimension": 100, "k": 5}

t = {k: v if v.dtype.kind in "ui" else v.astype(np.float64) for k, v in load_file(sys.argv[1]).items()}
part = lambda name, n=COUNT: {"features": t[f"{name}_features"][:n], "logits": t[f"{name}_logits"][:n]}
train = part("train", None) | {"labels": t["train_labels"].astype(int)}
sets = {"test": part("test"), "cifar10": part("cifar10"), "svhn": part("svhn")}
W, b = t["classifier_weight"], t["classifier_bias"]


def areas(score):
    """AUROC on both sets, from a function that gives larger scores to in-distribution images."""
    scores = {name: np.asarray(score(one), dtype=np.float64) for name, one in sets.items()}
    return {name: roc_auc_score(np.r_[np.ones(len(scores["test"])), np.zeros(len(scores[name]))],
                                np.r_[scores["test"], scores[name]]) for name in ("cifar10", "svhn")}


def with_numpy():
    s = detectors.statistics(train["features"], train["labels"])
    scores = {name: detectors.scores(train, one, s, W, b, OPTIONS) for name, one in sets.items()}
    by_features = {id(one["features"]): name for name, one in sets.items()}
    return {name: areas(lambda one: scores[by_features[id(one["features"])]][name]) for name in scores["test"]}


def with_pytorch_ood():
    f32 = lambda a: torch.tensor(a, dtype=torch.float32)
    z, logits, y, w, c = f32(train["features"]), f32(train["logits"]), torch.tensor(train["labels"]), f32(W), f32(b)
    of_logits = lambda d: lambda one: -d.predict_logits(f32(one["logits"]))
    of_features = lambda d: lambda one: -d.predict_features(f32(one["features"]))
    head = lambda x: x @ w.T + c
    react = ood.ReAct(backbone=None, head=head).fit_feature_maps(z, y)
    return {name: areas(score) for name, score in {
        "maximumSoftmaxProbability": of_logits(ood.MaxSoftmax(None)),
        "maximumLogit": of_logits(ood.MaxLogit(None)),
        "energy": of_logits(ood.EnergyBased(None)),
        "generalizedEntropy": of_logits(ood.GEN(None)),
        "klMatching": of_logits(ood.KLMatching(None).fit_logits(logits)),
        "mahalanobis": of_features(ood.Mahalanobis(None).fit_features(z, y)),
        "relativeMahalanobis": of_features(ood.RMD(None).fit_features(z, y)),
        "nearestNeighbours": of_features(ood.KNN(None, k=OPTIONS["k"]).fit_features(z, y)),
        "vim": of_features(ood.ViM(None, d=W.shape[1] // 2, w=w, b=c).fit_features(z, y)),
        "react": lambda one: -react.predict_feature_maps(f32(one["features"])),
    }.items()}


json.dump({
    "source": "tests/reference/other_implementations.py", "count": COUNT, "options": OPTIONS,
    "versions": {name: importlib.metadata.version(name) for name in ("numpy", "torch", "pytorch-ood")},
    "numpy": with_numpy(), "pytorch-ood": with_pytorch_ood(),
}, sys.stdout, indent=1)
