import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { normals, seeded } from "../../lib/random.ts";
import {
  addBias,
  batchNormalization,
  convolution,
  foldNormalization,
  relu,
  storageOf,
  storedAs,
  tf,
} from "../../lib/tensorflow/mod.ts";
import { assertGradients, onCpu } from "./gradients.ts";

const N = 3, H = 4, W = 5, C = 2, K = 3;
const random = (size: number, seed: number) => normals(seeded(seed), size);

/** Σ w ⊙ batchNormalization(x): float64, straight from the definition. */
function weightedNormalization(
  [x, scale, offset]: Float64Array[],
  w: Float64Array,
  epsilon: number,
): number {
  let sum = 0;
  for (let c = 0; c < C; c++) {
    const channel = x.filter((_, i) => i % C === c), weights = w.filter((_, i) => i % C === c);
    const mean = channel.reduce((a, b) => a + b) / channel.length;
    const variance = channel.reduce((a, b) => a + (b - mean) ** 2, 0) / channel.length;
    channel.forEach((value, i) => {
      const normalized = (value - mean) / Math.sqrt(variance + epsilon);
      sum += weights[i] * (scale[c] * normalized + offset[c]);
    });
  }
  return sum;
}

/** Σ w ⊙ convolution(x, filters): float64, straight from the definition. */
function weightedConvolution(
  [x, filters]: Float64Array[],
  w: Float64Array,
  { size, stride }: { size: number; stride: number },
): number {
  const padding = (size - 1) / 2, rows = Math.ceil(H / stride), columns = Math.ceil(W / stride);
  let sum = 0;
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < K; k++) {
          const weight = w[((n * rows + i) * columns + j) * K + k];
          for (let a = 0; a < size; a++) {
            for (let b = 0; b < size; b++) {
              const h = i * stride + a - padding, v = j * stride + b - padding;
              if (h < 0 || h >= H || v < 0 || v >= W) continue;
              for (let c = 0; c < C; c++) {
                sum += weight * x[((n * H + h) * W + v) * C + c] *
                  filters[((a * size + b) * C + c) * K + k];
              }
            }
          }
        }
      }
    }
  }
  return sum;
}

Deno.test("batchNormalization() has the value and gradients of its definition, by finite differences", async () => {
  const w = random(N * H * W * C, 4), epsilon = 1e-3;
  await assertGradients(
    (x, scale, offset) =>
      batchNormalization(x as tf.Tensor4D, {
        scale: scale as tf.Tensor1D,
        offset: offset as tf.Tensor1D,
        epsilon,
      }).y.mul(tf.tensor4d(Float32Array.from(w), [N, H, W, C])).sum(),
    (inputs) => weightedNormalization(inputs, w, epsilon),
    [
      { values: random(N * H * W * C, 1), shape: [N, H, W, C] },
      { values: random(C, 2), shape: [C] },
      { values: random(C, 3), shape: [C] },
    ],
  );
});

Deno.test("batchNormalization() returns the mean and the unbiased variance of each channel", () =>
  tf.tidy(() => {
    const x = tf.tensor4d([1, 10, 2, 20, 4, 60], [1, 3, 1, 2]);
    const scale = tf.ones<tf.Rank.R1>([2]), offset = tf.zeros<tf.Rank.R1>([2]);
    const { mean, variance } = batchNormalization(x, { scale, offset });
    [7 / 3, 30].forEach((expected, c) =>
      assertAlmostEquals(mean.dataSync()[c], expected, 1e-5 * expected)
    );
    [7 / 3, 700].forEach((expected, c) =>
      assertAlmostEquals(variance.dataSync()[c], expected, 1e-5 * expected)
    );
  }));

Deno.test("batchNormalization() equals tfjs's cpu backend", async () => {
  const run = () =>
    tf.tidy(() => {
      const x = tf.tensor4d(Float32Array.from(random(N * H * W * C, 1)), [N, H, W, C]);
      const scale = tf.tensor1d([0.5, -2]), offset = tf.tensor1d([1, 3]);
      const { y, mean, variance } = batchNormalization(x, { scale, offset });
      const gradients = tf.grads((x, scale, offset) =>
        batchNormalization(x as tf.Tensor4D, {
          scale: scale as tf.Tensor1D,
          offset: offset as tf.Tensor1D,
        }).y.square().sum()
      )([x, scale, offset]);
      return [y, mean, variance, ...gradients].map((t) => [...t.dataSync()]);
    });
  const here = run(), there = await onCpu(run);
  here.forEach((values, k) =>
    values.forEach((value, i) => assertAlmostEquals(value, there[k][i], 2e-4))
  );
});

Deno.test("foldNormalization() gives the filters and bias of a convolution with normalisation behind it", () =>
  tf.tidy(() => {
    const x = tf.tensor4d(Float32Array.from(random(N * H * W * C, 1)), [N, H, W, C]);
    const filters = tf.tensor4d(Float32Array.from(random(9 * C * K, 2)), [3, 3, C, K]);
    const [mean, variance] = [tf.tensor1d([1, -2, 3]), tf.tensor1d([0.5, 4, 9])];
    const [scale, offset] = [tf.tensor1d([1, -2, 0.5]), tf.tensor1d([0, 5, -1])];
    const options = { mean, variance, scale, offset, epsilon: 0.25 };
    const folded = foldNormalization(filters, options);
    const y = addBias(convolution(x, folded.filters), folded.bias).dataSync();
    convolution(x, filters).dataSync().forEach((value, i) => {
      const at = (values: tf.Tensor1D) => values.dataSync()[i % K];
      const expected = at(scale) * (value - at(mean)) / Math.sqrt(at(variance) + 0.25) + at(offset);
      assertAlmostEquals(y[i], expected, 1e-4);
    });
  }));

Deno.test("addBias() has the value and gradients of a sum with each channel's bias", async () => {
  const w = random(N * H * W * C, 4);
  await assertGradients(
    (x, bias) =>
      addBias(x as tf.Tensor4D, bias as tf.Tensor1D)
        .mul(tf.tensor4d(Float32Array.from(w), [N, H, W, C])).sum(),
    ([x, bias]) => x.reduce((sum, value, i) => sum + w[i] * (value + bias[i % C]), 0),
    [
      { values: random(N * H * W * C, 1), shape: [N, H, W, C] },
      { values: random(C, 2), shape: [C] },
    ],
  );
});

for (const [size, stride] of [[3, 1], [3, 2], [1, 1], [1, 2], [5, 2]]) {
  Deno.test(`convolution() has the value and gradients of its definition: ${size} × ${size}, stride ${stride}`, async () => {
    const shape = [N, Math.ceil(H / stride), Math.ceil(W / stride), K];
    const w = random(shape.reduce((a, b) => a * b), 4);
    await assertGradients(
      (x, filters) =>
        convolution(x as tf.Tensor4D, filters as tf.Tensor4D, { stride })
          .mul(tf.tensor(Float32Array.from(w), shape)).sum(),
      (inputs) => weightedConvolution(inputs, w, { size, stride }),
      [
        { values: random(N * H * W * C, 1), shape: [N, H, W, C] },
        { values: random(size * size * C * K, 2), shape: [size, size, C, K] },
      ],
    );
  });
}

Deno.test("tf.conv2d() has the filter gradient of its definition where it strides 1 × 1 filters", () => {
  const stride = 2, shape = [N, H / stride, Math.ceil(W / stride), K];
  const w = random(shape.reduce((a, b) => a * b), 4);
  return assertGradients(
    (x, filters) =>
      tf.conv2d(x as tf.Tensor4D, filters as tf.Tensor4D, stride, "same")
        .mul(tf.tensor(Float32Array.from(w), shape)).sum(),
    (inputs) => weightedConvolution(inputs, w, { size: 1, stride }),
    [
      { values: random(N * H * W * C, 1), shape: [N, H, W, C] },
      { values: random(C * K, 2), shape: [1, 1, C, K] },
    ],
  );
});

Deno.test("convolution() refuses filters that cannot be padded evenly", () => {
  const x = tf.zeros<tf.Rank.R4>([1, 4, 4, 1]);
  for (const [height, width] of [[2, 2], [3, 1]]) {
    const filters = tf.zeros<tf.Rank.R4>([height, width, 1, 1]);
    assertThrows(() => convolution(x, filters), RangeError, `got ${height} × ${width}`);
    filters.dispose();
  }
  x.dispose();
});

Deno.test("relu() has the value and gradient of max(x, 0), and the second derivative of a square of it", async () => {
  const w = random(12, 4);
  await assertGradients(
    (x) => relu(x).mul(tf.tensor1d(Float32Array.from(w))).sum(),
    ([x]) => x.reduce((sum, value, i) => sum + w[i] * Math.max(value, 0), 0),
    [{ values: random(12, 1), shape: [12] }],
  );
  tf.tidy(() => {
    const second = tf.grad((x) => tf.grad((x) => relu(x).square().sum())(x).sum());
    assertEquals([...second(tf.tensor1d([-1, 2])).dataSync()], [0, 2]);
  });
});

Deno.test("storedAs() rounds to bfloat16, and its gradient comes back in float32", () =>
  tf.tidy(() => {
    const x = tf.tensor1d([1, 1 + 2 ** -9, 3.14159]);
    const half = storedAs(x, "bfloat16");
    const gradient = tf.grad((x) => storedAs(storedAs(x, "bfloat16"), "float32").square().sum())(x);
    if (tf.getBackend() !== "tensorflow") return assertEquals(storageOf(half), "float32");
    assertEquals([storageOf(half), storageOf(gradient), half.dtype], [
      "bfloat16",
      "float32",
      "float32",
    ]);
    assertEquals([...half.dataSync()], [1, 1, 3.140625]);
    assertEquals([...gradient.dataSync()], [2, 2, 6.28125]);
  }));

Deno.test("operations follow the storage of their inputs, and promote to float32 where it differs", () =>
  tf.tidy(() => {
    const x = tf.tensor1d([0.5, -0.25]), half = storedAs(x, "bfloat16");
    const narrow = tf.getBackend() === "tensorflow" ? "bfloat16" : "float32";
    assertEquals(storageOf(half.add(half)), narrow);
    assertEquals(storageOf(relu(half)), narrow);
    assertEquals(storageOf(half.pad([[1, 2]])), narrow);
    assertEquals([...half.pad([[1, 2]]).dataSync()], [0, 0.5, -0.25, 0, 0]);
    assertEquals([...half.pad([[1, 2]], 3).dataSync()], [3, 0.5, -0.25, 3, 3]);
    const promoted = half.mul(x);
    assertEquals(storageOf(promoted), "float32");
    assertEquals([...promoted.dataSync()], [0.25, 0.0625]);
  }));

Deno.test("a block in bfloat16 has the values and gradients of float32 to its precision", () =>
  tf.tidy(() => {
    const x = tf.tensor4d(Float32Array.from(random(N * H * W * C, 1)), [N, H, W, C]);
    const filters = tf.tensor4d(Float32Array.from(random(9 * C * C, 2)), [3, 3, C, C]);
    const scale = tf.tensor1d([0.5, 2]), offset = tf.tensor1d([0.5, 1]);
    const block = (storage: "bfloat16" | "float32") => (filters: tf.Tensor) => {
      const h = convolution(storedAs(x, storage), filters as tf.Tensor4D, { stride: 2 });
      return storedAs(relu(batchNormalization(h, { scale, offset }).y), "float32");
    };
    const w = tf.tensor1d(Float32Array.from(random(block("float32")(filters).size, 5)));
    const gradient = (storage: "bfloat16" | "float32") =>
      tf.grad((filters) => block(storage)(filters).flatten().mul(w).sum())(filters);
    const relative = (a: tf.Tensor, b: tf.Tensor) => a.sub(b).norm().div(b.norm()).dataSync()[0];
    const unit = 2 ** -8; // half of the spacing of bfloat16 at 1, twice: of each of a few operations
    assert(relative(block("bfloat16")(filters), block("float32")(filters)) < 4 * unit);
    assert(relative(gradient("bfloat16"), gradient("float32")) < 8 * unit);
  }));
