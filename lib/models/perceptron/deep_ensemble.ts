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
import { checkOptions, checkWhole } from "../../checks.ts";
import type { Labelled } from "../../data/labelled.ts";
import type { Matrix } from "../../linear_algebra/mod.ts";
import {
  fitNetwork,
  type FittedNetwork,
  type NetworkOptions,
  networkOptions,
} from "./network_classifier.ts";
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
  options: NetworkOptions & { members?: number },
): DeepEnsemble {
  const { members: count = 5, ...each } = checkOptions("fitDeepEnsemble()", options, [
    ...networkOptions,
    "members",
  ]);
  checkWhole("members", count, { least: 1 });
  const members = Array.from({ length: count }, () => fitNetwork(data, each));
  return {
    members,
    predict: (X) => averaged(members.map((member) => member.predict(X).probabilities)),
  };
}
