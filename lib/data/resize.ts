/**
 * Images made smaller.
 *
 * @module
 */
import { CHANNELS, SIDE } from "./images.ts";
import { checkWhole } from "../checks.ts";

/**
 * Images of N × 32 × 32 × 3 numbers as N × `side` × `side` × 3, `side` from 1 to 32: each new pixel is the mean of the old ones
 * under a triangle about it that reaches to its neighbours' centres (bilinear interpolation without aliasing, as Pillow
 * and PyTorch's `interpolate(antialias=True)` have it).
 *
 * @throws {RangeError} where `side` is no such number.
 */
export function resized(images: Float32Array, side: number): Float32Array {
  checkWhole("side", side, { least: 1, most: SIDE });
  if (side === SIDE) return images;
  const count = images.length / (SIDE * SIDE * CHANNELS);
  const taps = triangles(side);
  const narrow = alongAxis(images, taps, { outer: count * SIDE, inner: CHANNELS });
  return alongAxis(narrow, taps, { outer: count, inner: side * CHANNELS });
}

/** For each new pixel the first old one that counts, and the weights from there on. */
type Taps = { first: number; weights: number[] }[];

function triangles(side: number): Taps {
  const scale = SIDE / side;
  return Array.from({ length: side }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - scale + 0.5));
    const end = Math.min(SIDE, Math.floor(centre + scale + 0.5));
    const heights = Array.from(
      { length: end - first },
      (_, j) => Math.max(0, 1 - Math.abs(first + j + 0.5 - centre) / scale),
    );
    const sum = heights.reduce((a, b) => a + b);
    return { first, weights: heights.map((it) => it / sum) };
  });
}

/** `values`, outer × 32 × inner, as outer × side × inner. */
function alongAxis(
  values: Float32Array,
  taps: Taps,
  { outer, inner }: { outer: number; inner: number },
): Float32Array {
  const result = new Float32Array(outer * taps.length * inner);
  for (let o = 0, to = 0; o < outer; o++) {
    for (const { first, weights } of taps) {
      const from = (o * SIDE + first) * inner;
      for (let k = 0; k < inner; k++, to++) {
        let sum = 0;
        for (let j = 0; j < weights.length; j++) sum += weights[j] * values[from + j * inner + k];
        result[to] = sum;
      }
    }
  }
  return result;
}
