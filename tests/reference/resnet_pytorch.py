"""The residual network of lib/resnet/resnet.ts in PyTorch: what it must agree with.

    pip install torch torchvision numpy safetensors
    deno run -A tests/reference/resnet_initial.ts FOLDER [WIDTH]
    python tests/reference/resnet_pytorch.py FOLDER > tests/reference/resnet_pytorch.json

The first command writes initial weights and batches of CIFAR-100 from this project's seeded generator; the second trains
on them with torch.optim.SGD, and again three times from weights that differ in their last digits, by 2^-20 of each: so far
can two right programs part. It also writes FOLDER/pytorch.safetensors: a network initialised by PyTorch with its logits.
"""

import json
import sys

import torch
import torchvision
from safetensors.torch import load_file, save_file
from torch import nn
from torchvision.models.resnet import BasicBlock


class CifarResNet18(torchvision.models.ResNet):
    """torchvision's ResNet-18 with the stem for 32 x 32 images, and any width."""

    def __init__(self, width, classes):
        super().__init__(BasicBlock, [2, 2, 2, 2], num_classes=classes)
        self.inplanes = width
        self.conv1 = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.maxpool = nn.Identity()
        for i in range(4):
            layer = self._make_layer(BasicBlock, width * 2**i, 2, stride=1 if i == 0 else 2)
            setattr(self, f"layer{i + 1}", layer)
        self.fc = nn.Linear(8 * width, classes)


def channels_first(images):
    return images.permute(0, 3, 1, 2).contiguous()


folder = sys.argv[1]
given = load_file(f"{folder}/initial.safetensors")
images, labels = channels_first(given.pop("images")), given.pop("labels").long()
batch_size = int(given.pop("batch_size")[0])
width, classes = given["conv1.weight"].shape[0], given["fc.weight"].shape[0]

network = CifarResNet18(width, classes)
network.load_state_dict(given)  # Strict: the names and shapes are torchvision's.
with torch.no_grad():
    logits = network.eval()(images[:8])


def train(perturbation=0.0):
    network.load_state_dict(given)
    network.train()
    with torch.no_grad():
        for p in network.parameters():
            p.mul_(1 + perturbation * torch.randn_like(p))
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim == 1]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": 5e-4}, {"params": free, "weight_decay": 0}],
        lr=0.01,
        momentum=0.9,
        nesterov=True,
    )
    losses = []
    for start in range(0, len(images), batch_size):
        batch = slice(start, start + batch_size)
        loss = nn.functional.cross_entropy(
            network(images[batch]), labels[batch], label_smoothing=0.1
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


torch.manual_seed(0)
losses = train()
perturbed = [train(2**-20) for _ in range(3)]

torch.manual_seed(1)
other = CifarResNet18(4, 10).train()
some = images[:64]
for _ in range(3):
    other(some + torch.randn_like(some))  # Running statistics unlike the initial ones.
state = {k: v for k, v in other.eval().state_dict().items()}
generator = torch.Generator().manual_seed(2)
state["images"] = torch.randn(8, 32, 32, 3, generator=generator).half()
with torch.no_grad():
    state["logits"] = other(channels_first(state["images"].float()))
save_file({k: v.contiguous() for k, v in state.items()}, f"{folder}/pytorch.safetensors")
json.dump(
    {
        "width": width,
        "initialLogits": logits.tolist(),
        "losses": losses,
        "perturbedLosses": perturbed,
    },
    sys.stdout,
)
