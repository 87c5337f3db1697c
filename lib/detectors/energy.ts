/**
 * The free energy of the logits, a smooth maximum.
 *
 * @module
 */
import { logSumExp } from "../linear_algebra/mod.ts";
import { checkOptions, checkPositive } from "../checks.ts";
import { type ReadyDetector, readyDetector } from "./detector.ts";

/**
 * Energy: T log Σ_c exp(z_c / T), the paper's energy with its sign turned, so that larger is in-distribution. Needs
 * logits; nothing is fitted. T → 0 gives the maximum logit.
 *
 * @param options `temperature`: T.
 * @throws {RangeError} where the temperature is not positive.
 * Source: Liu, Wang, Owens and Li, "Energy-based out-of-distribution detection" (NeurIPS 2020), eq. 4.
 */
export function energy(options: { temperature?: number } = {}): ReadyDetector {
  const { temperature = 1 } = checkOptions("energy()", options, ["temperature"]);
  checkPositive("temperature", temperature);
  return readyDetector("Energy", {
    needs: ["logits"],
    evaluate: ({ logits }) => logSumExp(logits, { temperature }),
  });
}
