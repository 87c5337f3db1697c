/**
 * Draws from any density with a gradient, by Hamiltonian Monte Carlo, and draws that were kept in a file.
 *
 * ```ts
 * import { sampleNuts } from "./mod.ts";
 * import { seeded } from "../../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const standardNormal = (theta: Float64Array) => ({
 *   value: -theta.reduce((sum, t) => sum + t * t, 0) / 2,
 *   gradient: theta.map((t) => -t),
 * });
 * const options = { start: new Float64Array(2), random: seeded(1), warmup: 50, samples: 20 };
 * assertEquals(sampleNuts(standardNormal, options).draws.rows, 20);
 * ```
 *
 * @module
 */
// The sampler
export { type Chain, type ChainOptions, sampleNuts } from "./hamiltonian_monte_carlo.ts";
export type { LogDensity } from "./no_u_turn.ts";
// Draws that were kept
export {
  type PosteriorDraws,
  type PosteriorReference,
  readPosteriorDraws,
  readTwoMoonsPosterior,
  withPredictions,
  writePosteriorDraws,
} from "./posterior_draws.ts";
