/**
 * How far features lie from a point, within a subspace.
 *
 * @module
 */
import { centred, type Matrix, multiply, rowNorms, zeros } from "../linear_algebra/mod.ts";
import type { Block } from "./detector.ts";

/** The map f ↦ Rᵀ(f − u) of D features to as many coordinates as R, with D rows, has columns. */
export interface Projection {
  readonly R: Matrix;
  readonly u: Float64Array;
}

/** ‖Rᵀ(f − u)‖ of each row f of `features`. */
export function projectedNorms(
  features: Matrix,
  { R, u }: Projection,
  { scratch = (_, rows, columns) => zeros(rows, columns) }: { scratch?: Block["scratch"] } = {},
): Float64Array {
  const { rows, columns } = features;
  const deviations = centred(features, u, { into: scratch("centred", rows, columns) });
  return rowNorms(multiply(deviations, R, { into: scratch("coordinates", rows, R.columns) }));
}
