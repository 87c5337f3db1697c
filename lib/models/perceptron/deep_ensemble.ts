/**
 * Deep ensembles: the same network trained several times from different random starts, and their mean prediction.
 *
 * ```ts ignore
 * const ensemble = fitDeepEnsemble(train, { random: seeded(1), members: 5 });
 * const { probabilities, samples } = ensemble.predict(grid); // one sample a member
 * ```
 *
 * Source: Lakshminarayanan, Pritzel and Blundell, Simple and Scalable Predictive Uncertainty Estimation using Deep
 * Ensembles (2017), without its adversarial training.
 *
 * @module
 */
import type { Labelled } from "../../data/labelled.ts";
import type { Matrix } from "../../linear_algebra/mod.ts";
import { fitNetwork, type FittedNetwork, type NetworkOptions } from "./network_classifier.ts";
import { averaged, type Prediction } from "../inference/predictive.ts";

/** Networks that answer together. */
export interface DeepEnsemble {
  /** The networks, each fitted from its own start. */
  readonly members: readonly FittedNetwork[];
  /** The mean of the members' class probabilities at each row of X. */
  predict(X: Matrix): Prediction;
}

/**
 * `members` networks, each from its own initial parameters and order of batches, drawn from `random` one after another.
 *
 * @throws {RangeError} where `members` is not a whole number of at least 1, or `fitNetwork()` throws.
 */
export function fitDeepEnsemble(
  data: Labelled,
  { members: count = 5, ...options }: NetworkOptions & { members?: number },
): DeepEnsemble {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`An ensemble has a whole number of members, at least 1, got ${count}`);
  }
  const members = Array.from({ length: count }, () => fitNetwork(data, options));
  return {
    members,
    predict: (X) => averaged(members.map((member) => member.predict(X).probabilities)),
  };
}
