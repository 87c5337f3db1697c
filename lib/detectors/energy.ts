/**
 * The free energy of the logits, a smooth maximum.
 *
 * @module
 */
import { logSumExp } from "../linear_algebra/mod.ts";
import { type Detector, detector } from "./detector.ts";

/**
 * Energy: T log Σ_c exp(z_c / T), the paper's energy with its sign turned, so that larger is in-distribution. Needs
 * logits; nothing is fitted. T → 0 gives the maximum logit.
 *
 * @param options `temperature`: T.
 * @throws {RangeError} where the temperature is not positive.
 * Source: Liu, Wang, Owens and Li, "Energy-based out-of-distribution detection" (NeurIPS 2020), eq. 4.
 */
export function energy({ temperature = 1 }: { temperature?: number } = {}): Detector {
  if (!(temperature > 0)) throw new RangeError(`A temperature is positive, got ${temperature}`);
  return detector("Energy", { evaluate: ({ logits }) => logSumExp(logits, { temperature }) });
}
