/**
 * The baseline: how sure the network is.
 *
 * @module
 */
import { exponentialSums } from "../linear_algebra/mod.ts";
import { type ReadyDetector, readyDetector } from "./detector.ts";
import { checkSeveralClasses } from "./inputs.ts";

/**
 * Maximum softmax probability: max_c p_c, in [1/C, 1]. Needs logits; nothing is fitted.
 *
 * Source: Hendrycks and Gimpel, "A baseline for detecting misclassified and out-of-distribution examples" (ICLR 2017).
 * @example
 * ```ts
 * import { maximumSoftmaxProbability } from "./maximum_softmax_probability.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [score] = maximumSoftmaxProbability().score({ logits: matrix([[Math.log(3), 0]]) });
 * assertAlmostEquals(score, 3 / 4);
 * ```
 */
export function maximumSoftmaxProbability(): ReadyDetector {
  return readyDetector("Maximum softmax", {
    needs: ["logits"],
    evaluate({ logits }) {
      checkSeveralClasses("Maximum softmax", logits);
      return exponentialSums(logits).s.map((s) => 1 / s);
    },
  });
}
