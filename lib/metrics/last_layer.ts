/**
 * The linear layer that a network ends with.
 *
 * @module
 */
import type { Matrix } from "../linear_algebra/mod.ts";

/** The last layer: logits = W f + b, with W C × D and b of C entries. */
export interface LastLayer {
  readonly weights: Matrix;
  readonly bias: Float64Array;
}
