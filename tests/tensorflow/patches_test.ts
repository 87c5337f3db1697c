import { assert, assertEquals } from "@std/assert";
import { storageOf, storedAs, tf } from "../../lib/tensorflow/mod.ts";
import { everyPixel, productWithPatches } from "../../lib/tensorflow/patches.ts";

for (const [H, W] of [[6, 8], [5, 7], [6, 7]]) {
  Deno.test(`everyPixel() equals a strided slice, and so does its gradient, of ${H} × ${W}`, () =>
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([2, H, W, 3], 0, 1, "float32", 1);
      for (const [row, column] of [[0, 0], [1, 0], [2, 1]]) {
        const part = (x: tf.Tensor) =>
          everyPixel(x as tf.Tensor4D, { stride: 2, row, column, height: 2, width: 3 });
        const end = [2, row + 3, column + 5, 3];
        const expected = tf.stridedSlice(x, [0, row, column, 0], end, [1, 2, 2, 1]);
        assertEquals(part(x).arraySync(), expected.arraySync());
        // Of Σ x² / 2 over the pixels taken, x at each of them and 0 elsewhere.
        const gradient = tf.grad((x) => part(x).square().sum().div(2))(x);
        assertEquals(part(gradient).arraySync(), expected.arraySync());
        const taken = (t: tf.Tensor) => t.notEqual(0).sum().dataSync()[0];
        assertEquals(taken(gradient), expected.size);
      }
    }));
}

for (
  const [N, H, W, C, K, k, stride] of [[2, 6, 8, 5, 7, 3, 2], [1, 7, 9, 3, 4, 3, 2], [
    2,
    9,
    9,
    3,
    4,
    5,
    3,
  ]]
) {
  Deno.test(`productWithPatches() is the convolution and its gradients: ${H} × ${W}, ${k} × ${k}, stride ${stride}`, () =>
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([N, H, W, C], 0, 1, "float32", 1);
      const filters = tf.randomNormal<tf.Rank.R4>([k, k, C, K], 0, 1, "float32", 2);
      const direct = (x: tf.Tensor, w: tf.Tensor) =>
        tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, "valid");
      const product = (x: tf.Tensor, w: tf.Tensor) =>
        productWithPatches(x as tf.Tensor4D, w as tf.Tensor4D, stride);
      const dy = tf.randomNormal(direct(x, filters).shape, 0, 1, "float32", 3);
      const expected = [direct(x, filters), ...tf.grads(direct)([x, filters], dy)];
      for (const storage of ["float32", "bfloat16"] as const) {
        const inputs = [x, filters].map((t) => storedAs(t, storage));
        const results = [product(inputs[0], inputs[1]), ...tf.grads(product)(inputs, dy)];
        results.forEach((result, i) => {
          assertEquals(storageOf(result), storageOf(inputs[0]));
          const difference = storedAs(result, "float32").sub(expected[i]).norm();
          const error = difference.div(expected[i].norm()).dataSync()[0];
          // Two inputs and the result are rounded, by 2⁻⁸ / √3 each at most (root mean square).
          assert(error < (storageOf(result) === "bfloat16" ? 2 ** -8 : 1e-6), `${i}: ${error}`);
        });
      }
    }));
}
