/**
 * GEN: an entropy of the softmax that heeds small probabilities.
 *
 * @module
 */
import { largest, softmax, sum } from "../linear_algebra/mod.ts";
import { largestFirst } from "../linear_algebra/reductions.ts";
import { checkBetween, checkOptions, checkWhole } from "../checks.ts";
import { type ReadyDetector, readyDetector } from "./detector.ts";
import { checkSeveralClasses } from "./inputs.ts";

/**
 * GEN: −Σ p_c^γ (1 − p_c)^γ over the `classes` largest probabilities, 0 or less. Needs logits; nothing is fitted.
 *
 * @param options `gamma`: γ in (0, 1); smaller values heed small probabilities more. `classes`: how many of the largest
 * probabilities count; all where there are fewer.
 * @throws {RangeError} where an option is out of range.
 * Source: Liu, Lochman and Zach, "GEN: pushing the limits of softmax-based out-of-distribution detection" (CVPR 2023),
 * eq. 2 and 4.
 */
export function generalizedEntropy(
  options: { gamma?: number; classes?: number } = {},
): ReadyDetector {
  const { gamma = 0.1, classes = 100 } = checkOptions("generalizedEntropy()", options, [
    "gamma",
    "classes",
  ]);
  checkBetween("gamma", gamma, { low: 0, high: 1, open: ["low", "high"] });
  checkWhole("classes", classes, { least: 1 });
  return readyDetector("GEN", {
    needs: ["logits"],
    evaluate({ logits }, { scratch }) {
      checkSeveralClasses("GEN", logits);
      const p = softmax(logits, { into: scratch("p", logits.rows, logits.columns) });
      const counted = Math.min(classes, p.columns), { data } = p;
      return largest(p).map((most, i) => {
        const from = i * p.columns, to = from + p.columns;
        if (counted < p.columns) largestFirst(data, { from, to, count: counted });
        // First the largest, whose 1 − p is the sum of the others: near 1 a difference would lose it.
        const first = data.indexOf(most, from);
        data[first] = data[from];
        let entropy = (most * sum(data, from + 1, to)) ** gamma;
        for (let k = from + 1; k < from + counted; k++) {
          entropy += (data[k] * (1 - data[k])) ** gamma;
        }
        return -entropy;
      });
    },
  });
}
