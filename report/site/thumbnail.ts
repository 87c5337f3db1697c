/**
 * From any picture to the 32 × 32 pixels that the network takes.
 *
 * @module
 */
import { IMAGE_BYTES, SIDE } from "../../lib/data/images.ts";

/** Pixels of a picture, four bytes each: red, green, blue, and opacity. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/**
 * The middle square of a picture, averaged over areas to 32 × 32 × 3 bytes; what is transparent counts as white.
 *
 * @throws {RangeError} where the picture has no pixels.
 */
export function thumbnail({ width, height, data }: Picture): Uint8Array {
  const side = Math.min(width, height);
  if (!(side >= 1)) throw new RangeError(`A picture has pixels, got ${width} × ${height}`);
  const left = (width - side) / 2, top = (height - side) / 2, step = side / SIDE;
  const columns = weights(left, step, width), rows = weights(top, step, height);
  const result = new Uint8Array(IMAGE_BYTES);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const sum = [0, 0, 0];
      for (const [row, v] of rows[y]) {
        for (const [column, h] of columns[x]) {
          const k = 4 * (row * width + column), opacity = data[k + 3] / 255;
          for (let c = 0; c < 3; c++) {
            sum[c] += v * h * (255 + opacity * (data[k + c] - 255));
          }
        }
      }
      result.set(sum.map((it) => Math.round(Math.min(255, it))), 3 * (y * SIDE + x));
    }
  }
  return result;
}

/** For each of the 32 cells along an axis, the pixels that it covers and their shares, which sum to 1. */
function weights(start: number, step: number, size: number): [number, number][][] {
  return Array.from({ length: SIDE }, (_, i) => {
    const from = start + i * step, to = from + step, shares: [number, number][] = [];
    for (let k = Math.floor(from); k < to && k < size; k++) {
      const covered = Math.min(to, k + 1) - Math.max(from, k);
      if (covered > 1e-9) shares.push([k, covered / step]);
    }
    return shares;
  });
}
