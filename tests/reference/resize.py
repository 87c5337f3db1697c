"""PyTorch's bilinear interpolation with antialiasing, of the image in tests/data/resize_test.ts.

    pip install torch
    python tests/reference/resize.py > tests/reference/resize.json
"""

import json

import torch

grid = torch.arange(32, dtype=torch.float64)
image = torch.sin(0.7 * grid[:, None] + 0.01 * grid[None, :] ** 2)
sides = {
    side: torch.nn.functional.interpolate(
        image[None, None], size=(side, side), mode="bilinear", antialias=True
    )[0, 0].tolist()
    for side in (24, 20, 16)
}
print(json.dumps({"torch": torch.__version__, "sides": sides}))
