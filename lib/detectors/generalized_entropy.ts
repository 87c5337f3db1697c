/**
 * GEN: an entropy of the softmax that heeds small probabilities.
 *
 * @module
 */
import { row, softmax } from "../linear_algebra/mod.ts";
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
      return Float64Array.from({ length: p.rows }, (_, i) => {
        const probabilities = row(p, i);
        if (classes < p.columns) probabilities.sort().reverse();
        const counted = Math.min(classes, p.columns);
        let sum = 0;
        for (let c = 0; c < counted; c++) {
          sum += (probabilities[c] * (1 - probabilities[c])) ** gamma;
        }
        return -sum;
      });
    },
  });
}
