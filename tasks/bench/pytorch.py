"""PyTorch's side of the benchmark, in the protocol of ours.ts: the name of a piece of work a line, its seconds back."""

import json
import os
import sys
import time

import torch
import torch._inductor.config
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = (
            nn.Identity()
            if stride == 1 and inputs == outputs
            else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        )

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


def resnet18(options):
    shapes = [(64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1)]
    stem = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 100)]
    network = nn.Sequential(*stem, *[Block(*shape) for shape in shapes], *head)
    return network.to(memory_format=torch.channels_last) if "channels_last" in options else network


def images(count, options):
    side = 24 if "24" in options else 32
    x = torch.randn(count, 3, side, side)
    return x.to(memory_format=torch.channels_last) if "channels_last" in options else x


def train(options):
    network, x, y = resnet18(options), images(128, options), torch.arange(128) % 100
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 5e-4}, {"params": free}]
    optimizer = torch.optim.SGD(groups, lr=0.01, momentum=0.9, nesterov=True)
    forward = torch.compile(network) if "compiled" in options else network

    def run():
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled="bfloat16" in options):
            loss = F.cross_entropy(forward(x), y)
        loss.backward()
        optimizer.step()
        loss.item()

    return run


def infer(options):
    network, x = resnet18(options).eval(), images(500, options)
    torch._inductor.config.freezing = True  # folds normalisation into the convolutions
    forward = torch.compile(network) if "compiled" in options else network

    def run():
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled="bfloat16" in options):
            forward(x)

    return run


def perceptron(options):
    network = nn.Sequential(nn.Linear(2, 50), nn.ReLU(), nn.Linear(50, 1))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True)
    x, y = torch.randn(64, 2), torch.ones(64, 1)

    def run():
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(network(x), y).backward()
        optimizer.step()

    return run


def product(options):
    dtype = torch.bfloat16 if "bfloat16" in options else torch.float32
    a, b = (torch.randn(4096, 4096).to(dtype) for _ in range(2))
    return lambda: a @ b


work = {"train": train, "infer": infer, "perceptron": perceptron, "product": product}
SECONDS = 0.5  # a round lasts at least this long


def measure(run, runs):
    start = time.perf_counter()
    for _ in range(runs):
        run()
    return (time.perf_counter() - start) / runs


ready = {}
for line in sys.stdin:
    name = line.strip()
    kind, *options = name.split()
    try:
        if name not in ready:
            run = work[kind](options)
            measure(run, 3)
            ready[name] = run, max(1, int(SECONDS / measure(run, 1)) + 1)
        print(json.dumps({"seconds": measure(*ready[name])}), flush=True)
    except Exception as error:
        print(json.dumps({"error": (str(error).strip() or repr(error)).splitlines()[0]}), flush=True)
