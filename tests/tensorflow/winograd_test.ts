import { assertAlmostEquals, assertThrows } from "@std/assert";
import { tf } from "../../lib/tensorflow/mod.ts";
import { binding } from "../../lib/tensorflow/device.ts";
import { winogradConvolution } from "../../lib/tensorflow/winograd.ts";

// Its products of five axes are TensorFlow's alone.
const ignore = binding === undefined;
const sizes = [[2, 4, 8, 5, 7], [3, 16, 12, 8, 6], [1, 32, 32, 3, 4]];
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
      () => winogradConvolution(tf.zeros([1, 6, 8, 2]), tf.zeros([3, 3, 2, 2])),
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
