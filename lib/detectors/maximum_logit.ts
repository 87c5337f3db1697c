/**
 * The largest logit, which, unlike the softmax, keeps the logits' scale.
 *
 * @module
 */
import { largest } from "../linear_algebra/mod.ts";
import { type ReadyDetector, readyDetector } from "./detector.ts";

/**
 * Maximum logit: max_c z_c. Needs logits; nothing is fitted.
 *
 * Source: Hendrycks et al., "Scaling out-of-distribution detection for real-world settings" (ICML 2022).
 */
export function maximumLogit(): ReadyDetector {
  return readyDetector("Maximum logit", {
    needs: ["logits"],
    evaluate: ({ logits }) => largest(logits),
  });
}
