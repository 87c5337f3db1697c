/**
 * Winograd's convolution F(4 × 4, 3 × 3): a 3 × 3 convolution with a quarter of the multiplications.
 *
 * A tile of 6 × 6 inputs d and a filter g give a tile of 4 × 4 outputs,
 *
 *     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A.
 *
 * Summed over channels, ⊙ is one matrix product for each of the 36 places in a tile. The transforms are linear as well,
 * so that the convolution and both its gradients are matrix products: along the rows, along the columns, and over the
 * channels. They pay where channels are many; rounding grows about tenfold against a direct convolution.
 *
 * All of it is stored as the images are. In bfloat16 that costs no accuracy beyond the rounding of V = Bᵀ d B itself, as the
 * entries of A and B are exact there; only the filters are transformed in float32, before they are rounded.
 *
 * Source: Lavin and Gray, Fast algorithms for convolutional neural networks (2016), section 4.
 *
 * @module
 */
import { tf } from "./device.ts";
import { storageOf, storedAs } from "./mixed_precision.ts";

const B_TRANSPOSED = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const A_TRANSPOSED = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];
const G = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];

/** Whether {@linkcode winogradConvolution} is defined for `x` and `filters`: 3 × 3, and sides of a multiple of 4. */
export function winogradApplies(x: tf.Tensor4D, filters: tf.Tensor4D): boolean {
  const [height, width] = filters.shape;
  return height === 3 && width === 3 && x.shape[1] % 4 === 0 && x.shape[2] % 4 === 0;
}

/**
 * The convolution with 3 × 3 filters, stride 1 and padding 1, and its gradients.
 *
 * @param x Images, N × H × W × C, with H and W multiples of 4.
 * @param filters 3 × 3 × C × K, in float32 where that is what is trained: they are transformed before they are rounded.
 * @returns N × H × W × K, stored as `x` is.
 * @throws {RangeError} where the filters are not 3 × 3, or H or W is not a multiple of 4.
 */
export function winogradConvolution(x: tf.Tensor4D, filters: tf.Tensor4D): tf.Tensor4D {
  if (!winogradApplies(x, filters)) {
    throw new RangeError(
      `winogradConvolution() needs 3 × 3 filters and sides that are multiples of 4, got ${
        filters.shape.slice(0, 2).join(" × ")
      } filters and ${x.shape.slice(1, 3).join(" × ")} images: use convolution()`,
    );
  }
  const [N, H, W, C] = x.shape, K = filters.shape[3], storage = storageOf(x);
  const rows = axis(H), columns = axis(W), g: Pair = [rows.G, columns.G];
  const B: Pair = [rows.B, columns.B], A: Pair = [rows.A, columns.A];
  // From and to (place in the tile, tile) of the rows, then of the columns with all images, then channels.
  const tiled = (t: tf.Tensor, channels: number) =>
    t.reshape([6, rows.tiles, 6, columns.tiles * N, channels]);
  const untiled = (t: tf.Tensor, channels: number) =>
    t.reshape([6 * rows.tiles, 6 * columns.tiles, N * channels]);
  // Rows and columns first, images after them, and back.
  const pixelsFirst = (t: tf.Tensor, channels: number) =>
    t.reshape([N, H * W, channels]).transpose([1, 0, 2]).reshape([H, W, N * channels]);
  const imagesFirst = (t: tf.Tensor, channels: number) =>
    t.reshape([H * W, N, channels]).transpose([1, 0, 2]).reshape([N, H, W, channels]);

  return tf.customGrad((...inputs) => {
    const [x, filters, save] = inputs as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const U = storedAs(alongBothAxes(g, filters.reshape([3, 3, C * K])), storage)
      .reshape([6, 1, 6, C, K]);
    const V = tiled(alongBothAxes(B, pixelsFirst(x, C)), C);
    save([U, V]);
    return {
      value: imagesFirst(alongBothAxes(A, untiled(tf.matMul(V, U), K)), K),
      gradFunc(dy: tf.Tensor, [U, V]: tf.Tensor[]) {
        const dY = pixelsFirst(storedAs(dy, storage), K);
        const dM = tiled(alongBothAxes(A, dY, { transposed: true }), K);
        const dV = untiled(tf.matMul(dM, U, false, true), C);
        const dU = storedAs(tf.matMul(V, dM, true), "float32").sum(1).reshape([6, 6, C * K]);
        return [
          imagesFirst(alongBothAxes(B, dV, { transposed: true }), C),
          alongBothAxes(g, dU, { transposed: true }).reshape([3, 3, C, K]),
        ];
      },
    };
  })(x, storedAs(filters, "float32")) as tf.Tensor4D;
}

type Pair = [tf.Tensor, tf.Tensor];

/** Left · t along the first axis and right · t along the second, of t with the axes (rows, columns, rest). */
function alongBothAxes([left, right]: Pair, t: tf.Tensor, { transposed = false } = {}): tf.Tensor {
  const [rows, columns, rest] = t.shape, storage = storageOf(t);
  const half = tf.matMul(
    storedAs(left, storage),
    t.reshape([rows, columns * rest]),
    transposed,
  );
  return tf.matMul(
    storedAs(right, storage),
    half.reshape([half.shape[0], columns, rest]),
    transposed,
  );
}

interface Axis {
  tiles: number;
  /** Bᵀ for all tiles of the axis, (6 · tiles) × size, with the padding in it. */
  B: tf.Tensor;
  /** Aᵀ for all tiles, size × (6 · tiles). */
  A: tf.Tensor;
  G: tf.Tensor;
}
const axes = new Map<number, Axis>();

/** The transforms of an axis of `size` pixels, made once. */
function axis(size: number): Axis {
  const known = axes.get(size);
  if (known) return known;
  const tiles = size / 4;
  const B = Array.from({ length: 6 * tiles }, () => new Array<number>(size).fill(0));
  const A = Array.from({ length: size }, () => new Array<number>(6 * tiles).fill(0));
  for (let tile = 0; tile < tiles; tile++) {
    for (let place = 0; place < 6; place++) {
      const row = place * tiles + tile;
      for (let j = 0; j < 6; j++) {
        const pixel = 4 * tile - 1 + j;
        if (pixel >= 0 && pixel < size) B[row][pixel] = B_TRANSPOSED[place][j];
      }
      for (let output = 0; output < 4; output++) {
        A[4 * tile + output][row] = A_TRANSPOSED[output][place];
      }
    }
  }
  const kept = (values: number[][]) => tf.keep(tf.tensor2d(values));
  const made = { tiles, B: kept(B), A: kept(A), G: kept(G) };
  axes.set(size, made);
  return made;
}
