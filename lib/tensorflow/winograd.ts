/**
 * Winograd's convolutions F(m × m, 3 × 3): a 3 × 3 convolution with a third to a quarter of the multiplications.
 *
 * A tile of (m + 2)² inputs d and a filter g give a tile of m² outputs,
 *
 *     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A.
 *
 * Summed over channels, ⊙ is one matrix product for each of the (m + 2)² places in a tile. The transforms are linear as
 * well, so that the convolution and both its gradients are matrix products: along the rows, along the columns, and over
 * the channels. They pay where channels are many; rounding grows about fivefold against a direct convolution.
 *
 * Images are transformed as they are stored: in bfloat16 that costs little accuracy beyond the rounding of what is
 * multiplied, as the entries of A and B are exact there. Filters are transformed in float32, and rounded once.
 *
 * Source: Lavin and Gray, Fast algorithms for convolutional neural networks (2016), section 4.
 *
 * @module
 */
import { tf } from "./device.ts";
import { storageOf, storedAs } from "./mixed_precision.ts";

/**
 * By outputs m along the side of a tile: the points that polynomials are evaluated at, besides infinity. Each axis multiplies
 * the variance of rounding by Σ ‖a_p‖² ‖b_p‖² ‖g_p‖² / 3 m, over columns of Aᵀ and rows of Bᵀ and G. Of all multiples of 1/8
 * up to 2 these have the least: for m = 4, 4.8 instead of the 10.8 of the usual 0, ±1, ±2.
 *
 * Source of the error analysis: Barabasz et al., Error analysis and improving the accuracy of Winograd convolution (2020).
 */
const POINTS = new Map([
  [4, [0, 5 / 8, -5 / 8, 3 / 2, -3 / 2]],
  [3, [0, 5 / 8, -1, 7 / 4]],
]);

/** Aᵀ, Bᵀ and G from their points (Toom and Cook): values of polynomials, their coefficients from values, and the filter's. */
function transforms(points: number[]) {
  const m = points.length - 1,
    powers = (point: number, count: number) => Array.from({ length: count }, (_, k) => point ** k);
  const others = points.map((point) => points.filter((other) => other !== point));
  const A = points.map((point) => powers(point, m));
  return {
    A: Array.from({ length: m }, (_, k) => [...A.map((row) => row[k]), k === m - 1 ? 1 : 0]),
    B: [...others, points].map((roots) => coefficients(roots).concat(0).slice(0, m + 2)),
    G: [
      ...points.map((point, p) => {
        const scale = others[p].reduce((product, other) => product * (point - other), 1);
        return powers(point, 3).map((power) => power / scale);
      }),
      [0, 0, 1],
    ],
  };
}

/** Of the polynomial Π (x − root), the constant first. */
function coefficients(roots: number[]): number[] {
  return roots.reduce(
    (c, root) => [...c, 0].map((_, k) => (c[k - 1] ?? 0) - root * (c[k] ?? 0)),
    [1],
  );
}

/** The largest tiles that a side of `size` pixels divides into. */
function tileOf(size: number): number | undefined {
  return [...POINTS.keys()].find((m) => size % m === 0);
}

/** Whether {@linkcode winogradConvolution} is defined for `x` and `filters`: 3 × 3, and sides of a multiple of 3 or 4. */
export function winogradApplies(x: tf.Tensor4D, filters: tf.Tensor4D): boolean {
  const [height, width] = filters.shape;
  return height === 3 && width === 3 && x.shape.slice(1, 3).every(tileOf);
}

/**
 * The convolution with 3 × 3 filters, stride 1 and padding 1, and its gradients.
 *
 * @param x Images, N × H × W × C, with H and W multiples of 3 or 4.
 * @param filters 3 × 3 × C × K, in float32.
 * @returns N × H × W × K, stored as `x` is.
 * @throws {RangeError} where the filters are not 3 × 3, or H or W is no multiple of 3 or 4.
 */
export function winogradConvolution(x: tf.Tensor4D, filters: tf.Tensor4D): tf.Tensor4D {
  if (!winogradApplies(x, filters)) {
    throw new RangeError(
      `winogradConvolution() needs 3 × 3 filters and sides that are multiples of 3 or 4, got ${
        filters.shape.slice(0, 2).join(" × ")
      } filters and ${x.shape.slice(1, 3).join(" × ")} images: use convolution()`,
    );
  }
  const [N, H, W, C] = x.shape, K = filters.shape[3], storage = storageOf(x);
  const rows = axis(H), columns = axis(W), g = kronecker(rows.G, columns.G);
  const B: Pair = [rows.B, columns.B], A: Pair = [rows.A, columns.A];
  // From and to (place in the tile, tile) of the rows, then of the columns with all images, then channels.
  const tiled = (t: tf.Tensor, channels: number) =>
    t.reshape([rows.places, rows.tiles, columns.places, columns.tiles * N, channels]);
  const untiled = (t: tf.Tensor, channels: number) =>
    t.reshape([rows.places * rows.tiles, columns.places * columns.tiles, N * channels]);
  // Rows and columns first, images after them, and back.
  const pixelsFirst = (t: tf.Tensor, channels: number) =>
    t.reshape([N, H * W, channels]).transpose([1, 0, 2]).reshape([H, W, N * channels]);
  const imagesFirst = (t: tf.Tensor, channels: number) =>
    t.reshape([H * W, N, channels]).transpose([1, 0, 2]).reshape([N, H, W, channels]);

  return tf.customGrad((...inputs) => {
    const [x, filters, save] = inputs as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const U = storedAs(product(g, filters.reshape([9, C * K])), storage)
      .reshape([rows.places, 1, columns.places, C, K]);
    const V = tiled(alongBothAxes(B, pixelsFirst(x, C)), C);
    save([U, V]);
    return {
      value: imagesFirst(alongBothAxes(A, untiled(tf.matMul(V, U), K)), K),
      gradFunc(dy: tf.Tensor, [U, V]: tf.Tensor[]) {
        const dY = pixelsFirst(storedAs(dy, storage), K);
        const dM = tiled(alongBothAxes(A, dY, { transposed: true }), K);
        const dV = untiled(tf.matMul(dM, U, false, true), C);
        const ofTiles = storedAs(tf.matMul(V, dM, true), "float32");
        const dU = rows.tiles === 1 ? ofTiles : ofTiles.sum(1);
        return [
          imagesFirst(alongBothAxes(B, dV, { transposed: true }), C),
          product(g, dU.reshape([rows.places * columns.places, C * K]), { transposed: true })
            .reshape([3, 3, C, K]),
        ];
      },
    };
  })(x, storedAs(filters, "float32")) as tf.Tensor4D;
}

type Rows = number[][];
type Pair = [Rows, Rows];

/** Matrix · t along the first or second last axis of t, stored as t is. */
function product(matrix: Rows, t: tf.Tensor, { transposed = false } = {}): tf.Tensor {
  return tf.matMul(storedAs(tf.tensor2d(matrix), storageOf(t)), t, transposed);
}

/** Left · t along the first axis and right · t along the second, of t with the axes (rows, columns, rest). */
function alongBothAxes([left, right]: Pair, t: tf.Tensor, options = {}): tf.Tensor {
  const [rows, columns, rest] = t.shape;
  const half = product(left, t.reshape([rows, columns * rest]), options);
  return product(right, half.reshape([half.shape[0], columns, rest]), options);
}

/** Left ⊗ right. */
function kronecker(left: Rows, right: Rows): Rows {
  return left.flatMap((a) => right.map((b) => a.flatMap((x) => b.map((y) => x * y))));
}

/** The transforms of an axis of `size` pixels. */
function axis(size: number) {
  const m = tileOf(size)!, places = m + 2, tiles = size / m, one = transforms(POINTS.get(m)!);
  // Bᵀ for all tiles, (places · tiles) × size, with the padding in it, and Aᵀ, size × (places · tiles).
  const B = Array.from({ length: places * tiles }, () => new Array<number>(size).fill(0));
  const A = Array.from({ length: size }, () => new Array<number>(places * tiles).fill(0));
  for (let tile = 0; tile < tiles; tile++) {
    for (let place = 0; place < places; place++) {
      const row = place * tiles + tile;
      for (let j = 0; j < places; j++) {
        const pixel = m * tile - 1 + j;
        if (pixel >= 0 && pixel < size) B[row][pixel] = one.B[place][j];
      }
      for (let output = 0; output < m; output++) A[m * tile + output][row] = one.A[output][place];
    }
  }
  return { tiles, places, B, A, G: one.G };
}
