/**
 * The largest logit, which, unlike the softmax, keeps the logits' scale.
 *
 * @module
 */
import { type Detector, detector } from "./detector.ts";
import { largest } from "./logits.ts";

/**
 * Maximum logit: max_c z_c. Needs logits; nothing is fitted.
 *
 * Source: Hendrycks et al., "Scaling out-of-distribution detection for real-world settings" (ICML 2022).
 */
export function maximumLogit(): Detector {
  return detector("Maximum logit", { evaluate: ({ logits }) => largest(logits) });
}
