/**
 * How far features lie from a point, within a subspace.
 *
 * @module
 */
import {
  type Matrix,
  multiply,
  multiplyVector,
  rowDistances,
  transpose,
} from "../linear_algebra/mod.ts";
import type { Block } from "./detector.ts";

/** The map f ↦ Rᵀ(f − u) of D features to as many coordinates as R, with D rows, has columns. */
export interface Projection {
  readonly R: Matrix;
  readonly u: Float64Array;
  /** Rᵀu. */
  readonly origin: Float64Array;
}

/** The map f ↦ Rᵀ(f − u). */
export function projection(R: Matrix, u: Float64Array): Projection {
  return { R, u, origin: multiplyVector(transpose(R), u) };
}

/** ‖Rᵀ(f − u)‖ of each row f of `features`. */
export function projectedNorms(
  features: Matrix,
  { R, origin }: Projection,
  { scratch }: { scratch?: Block["scratch"] } = {},
): Float64Array {
  const into = scratch?.("coordinates", features.rows, R.columns);
  return rowDistances(multiply(features, R, { into }), origin);
}
