import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Storage, storageOf, storedAs, tf } from "../../lib/tensorflow/mod.ts";
import { binding } from "../../lib/tensorflow/device.ts";
import { winogradConvolution } from "../../lib/tensorflow/winograd.ts";

// Its products of five axes are TensorFlow's alone.
const ignore = binding === undefined;
const sizes = [[2, 4, 8, 5, 7], [3, 16, 12, 8, 6], [1, 32, 32, 3, 4], [2, 3, 6, 5, 7], [
  1,
  9,
  4,
  3,
  2,
]];
const largest = (t: tf.Tensor) => t.abs().max().dataSync()[0];

for (const [N, H, W, C, K] of sizes) {
  const problem = () => ({
    x: tf.randomNormal<tf.Rank.R4>([N, H, W, C], 0, 1, "float32", 1),
    kernel: tf.randomNormal<tf.Rank.R4>([3, 3, C, K], 0, 1, "float32", 2),
    dy: tf.randomNormal<tf.Rank.R4>([N, H, W, K], 0, 1, "float32", 3),
  });

  Deno.test(`winogradConvolution() equals the direct convolution at ${H} × ${W}, ${C} → ${K}`, {
    ignore,
  }, () =>
    tf.tidy(() => {
      const { x, kernel } = problem();
      const direct = tf.conv2d(x, kernel, 1, "same");
      const error = largest(winogradConvolution(x, kernel).sub(direct));
      assertAlmostEquals(error / largest(direct), 0, 2e-5);
    }));

  Deno.test(`winogradConvolution() has the direct gradients at ${H} × ${W}, ${C} → ${K}`, {
    ignore,
  }, () =>
    tf.tidy(() => {
      const { x, kernel, dy } = problem();
      const gradients = (convolve: (x: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor) =>
        tf.grads((x, kernel) => convolve(x as tf.Tensor4D, kernel as tf.Tensor4D))([x, kernel], dy);
      const direct = gradients((x, kernel) => tf.conv2d(x, kernel, 1, "same"));
      gradients(winogradConvolution).forEach((gradient, i) =>
        assertAlmostEquals(largest(gradient.sub(direct[i])) / largest(direct[i]), 0, 2e-5)
      );
    }));
}

/** Σ ‖a_p‖² ‖b_p‖² ‖g_p‖² / 3 m: by how much an axis multiplies the variance of what is rounded when transformed. */
function amplification(points: number[], m: number): number {
  const squares = (values: number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
  const powers = (x: number, count: number) => Array.from({ length: count }, (_, k) => x ** k);
  const polynomial = (roots: number[]) =>
    roots.reduce((c, root) => [0, ...c].map((value, k) => value - root * (c[k] ?? 0)), [1]);
  const places = points.map((point) => {
    const others = points.filter((other) => other !== point);
    const scale = others.reduce((product, other) => product * (point - other), 1);
    return squares(powers(point, m)) * squares(polynomial(others)) *
      squares(powers(point, 3)) / scale ** 2;
  });
  return [...places, squares(polynomial(points))].reduce((a, b) => a + b) / (3 * m);
}

Deno.test("winogradConvolution() in bfloat16 differs from float32 by what rounding explains", {
  ignore,
}, () =>
  tf.tidy(() => {
    const fourths = amplification([0, 5 / 8, -5 / 8, 3 / 2, -3 / 2], 4);
    const thirds = amplification([0, 5 / 8, -1, 7 / 4], 3);
    for (
      const [N, H, W, C, K, amplified] of [
        [8, 4, 4, 64, 48, fourths],
        [4, 12, 12, 32, 32, fourths],
        [2, 24, 24, 16, 16, fourths],
        [4, 6, 6, 32, 32, thirds],
        [8, 3, 3, 64, 64, thirds],
      ]
    ) {
      const [x, filters, dy] = [[N, H, W, C], [3, 3, C, K], [N, H, W, K]].map((shape, i) =>
        tf.randomNormal<tf.Rank.R4>(shape as [number, number, number, number], 0, 1, "float32", i)
      );
      const run = (
        convolve: (x: tf.Tensor4D, filters: tf.Tensor4D) => tf.Tensor,
        storage: Storage,
      ) => {
        const inputs = [storedAs(x, storage), filters];
        const compute = (x: tf.Tensor, w: tf.Tensor) =>
          convolve(x as tf.Tensor4D, w as tf.Tensor4D);
        return [convolve(inputs[0] as tf.Tensor4D, filters)].concat(
          tf.grads(compute)(inputs, storedAs(dy, storage)),
        );
      };
      const results = run(winogradConvolution, "bfloat16");
      assertEquals(results.map(storageOf), ["bfloat16", "bfloat16", "float32"]);
      run((x, w) => tf.conv2d(x, w, 1, "same"), "float32").forEach((expected, i) => {
        const error = storedAs(results[i], "float32").sub(expected).norm().div(expected.norm());
        // Each axis of the images and of the products is rounded, and the filters: five times, by 2⁻⁸ / √3 each at most
        // (root mean square).
        const largest = amplified * 2 ** -8 * Math.sqrt(5 / 3), [value] = error.dataSync();
        assert(value < largest, `${value} at ${H} × ${W}, result ${i}, not below ${largest}`);
      });
    }
  }));

Deno.test("winogradConvolution() is linear in the kernel: a finite difference is its gradient", {
  ignore,
}, () =>
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 8, 8, 3], 0, 1, "float32", 4);
    const kernel = tf.randomNormal<tf.Rank.R4>([3, 3, 3, 2], 0, 1, "float32", 5);
    const direction = tf.randomNormal<tf.Rank.R4>([3, 3, 3, 2], 0, 1, "float32", 6);
    const loss = (kernel: tf.Tensor) =>
      winogradConvolution(x, kernel as tf.Tensor4D).sum() as tf.Scalar;
    const difference = loss(kernel.add(direction)).sub(loss(kernel.sub(direction))).div(2);
    const slope = tf.grad(loss)(kernel).mul(direction).sum();
    assertAlmostEquals(difference.dataSync()[0], slope.dataSync()[0], 1e-2);
  }));

Deno.test("winogradConvolution() names the remedy when it does not apply", () => {
  tf.tidy(() => {
    assertThrows(
      () => winogradConvolution(tf.zeros([1, 7, 8, 2]), tf.zeros([3, 3, 2, 2])),
      RangeError,
      "use convolution()",
    );
    assertThrows(
      () => winogradConvolution(tf.zeros([1, 8, 8, 2]), tf.zeros([5, 5, 2, 2])),
      RangeError,
      "got 5 × 5 filters",
    );
  });
});
