/**
 * The linear layer that a network ends with.
 *
 * @module
 */
import { checkNumbers } from "../checks.ts";
import { checkMatrix, type Matrix } from "../linear_algebra/mod.ts";

/** The last layer: logits = W f + b, with W C × D and b of C entries. */
export interface LastLayer {
  /** W, C × D. */
  readonly weights: Matrix;
  /** b, C. */
  readonly bias: Float64Array;
}

/**
 * `layer`, once its weights and bias are finite and of one size.
 *
 * @throws {TypeError | RangeError}
 */
export function checkLastLayer(layer: LastLayer): LastLayer {
  checkMatrix(layer.weights, "The last layer's weights");
  checkNumbers("The last layer's weights", layer.weights.data);
  checkNumbers("The last layer's bias", layer.bias, { length: layer.weights.rows });
  return layer;
}
