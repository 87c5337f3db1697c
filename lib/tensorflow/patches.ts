/**
 * A strided convolution as one matrix product: of the patches that its filters meet, written side by side, and the
 * filters. So is its gradient for the filters, which takes oneDNN's own kernels up to four times as long.
 *
 * @module
 */
import { tf } from "./device.ts";
import { storageOf, storedAs } from "./mixed_precision.ts";

/** The pixels of N × H × W × C from (`row`, `column`) on, `stride` apart in both directions: `height` × `width` of them. */
export function everyPixel(
  x: tf.Tensor4D,
  { stride, row = 0, column = 0, height, width }: {
    stride: number;
    row?: number;
    column?: number;
    height?: number;
    width?: number;
  },
): tf.Tensor4D {
  const [N, H, W, C] = x.shape;
  const rows = height ?? Math.ceil(H / stride), columns = width ?? Math.ceil(W / stride);
  const missing = (size: number) => (stride - size % stride) % stride;
  const below = missing(H), right = missing(W);
  const whole = below + right === 0 ? x : tf.pad4d(x, [[0, 0], [0, below], [0, right], [0, 0]]);
  // Channels of neighbouring pixels lie side by side: so it is a slice, ten times as fast as a strided slice.
  const at = (offset: number) => Math.floor(offset / stride);
  return whole.reshape([N, (H + below) / stride, stride, (W + right) / stride, stride * C])
    .slice([0, at(row), row % stride, at(column), column % stride * C], [N, rows, 1, columns, C])
    .reshape([N, rows, columns, C]);
}

/**
 * The convolution with `filters`, without padding, and its gradients.
 *
 * @param x Images, N × H × W × C.
 * @param filters k × k × C × K, stored as `x` is.
 * @returns N × ⌊(H − k) / stride + 1⌋ × ⌊(W − k) / stride + 1⌋ × K.
 */
export function productWithPatches(
  x: tf.Tensor4D,
  filters: tf.Tensor4D,
  stride: number,
): tf.Tensor4D {
  const [N, H, W, C] = x.shape, [k, , , K] = filters.shape;
  const height = Math.floor((H - k) / stride) + 1, width = Math.floor((W - k) / stride) + 1;
  const taps = Array.from({ length: k * k }, (_, i) => [Math.floor(i / k), i % k]);
  return tf.customGrad((...inputs) => {
    const [x, filters, save] = inputs as unknown as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
    const patches = tf.concat(
      taps.map(([row, column]) =>
        everyPixel(x, { stride, row, column, height, width }).reshape([N * height * width, C])
      ),
      1,
    );
    save([patches, filters]);
    return {
      value: tf.matMul(patches, filters.reshape([k * k * C, K])).reshape([N, height, width, K]),
      gradFunc(dy: tf.Tensor, [patches, filters]: tf.Tensor[]) {
        const dY = storedAs(dy, storageOf(patches)) as tf.Tensor4D;
        return [
          tf.conv2dTranspose(dY, filters as tf.Tensor4D, x.shape, stride, "valid"),
          tf.matMul(patches, dY.reshape([N * height * width, K]), true).reshape(filters.shape),
        ];
      },
    };
  })(x, filters) as tf.Tensor4D;
}
