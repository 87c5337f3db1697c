/**
 * KL matching: the divergence from the typical softmax of a class.
 *
 * @module
 */
import { largest, type Matrix, multiply, row, softmax, zeros } from "../linear_algebra/mod.ts";
import { argmax } from "../metrics/classification.ts";
import { type Detector, detector } from "./detector.ts";

/**
 * KL matching: −min_c KL(p ‖ d_c), 0 or less, where d_c is the mean softmax of the images in `fit` that are predicted as
 * class c. A class that none is predicted as has no template and is left out. Needs logits, of training images or, as in
 * the paper, of validation images.
 *
 * Source: Hendrycks et al., "Scaling out-of-distribution detection for real-world settings" (ICML 2022), section 3.
 */
export function klMatching(): Detector {
  return detector("KL matching", {
    needs: { training: ["logits"], images: ["logits"] },
    estimate: ({ logits }) => logTemplates(softmax(logits)),
    evaluate({ logits }, logTemplates, { scratch }) {
      const { rows, columns: C } = logits, p = softmax(logits, { into: scratch("p", rows, C) });
      const into = scratch("products", rows, logTemplates.rows);
      const z = largest(logits);
      const logNorms = largest(p).map((most, i) => z[i] - Math.log(most)); // log Σ exp z
      // −KL(p ‖ d) = Σ p log d − Σ p log p, where log p = z − log Σ exp z
      return largest(multiply(p, logTemplates, { transposeB: true, into })).map(
        (crossEntropy, i) => {
          let mean = 0; // Σ p z
          for (let k = i * C; k < (i + 1) * C; k++) mean += p.data[k] * logits.data[k];
          return crossEntropy - (mean - logNorms[i]);
        },
      );
    },
  });
}

/** log d_c of each predicted class, a row each. */
function logTemplates(p: Matrix): Matrix {
  const sums = zeros(p.columns, p.columns), counts = new Float64Array(p.columns);
  for (let i = 0; i < p.rows; i++) {
    const probabilities = row(p, i);
    const predicted = argmax(probabilities);
    counts[predicted]++;
    probabilities.forEach((it, c) => sums.data[predicted * p.columns + c] += it);
  }
  const predicted = [...counts.keys()].filter((c) => counts[c] > 0);
  const templates = zeros(predicted.length, p.columns);
  predicted.forEach((c, t) =>
    row(templates, t).set(
      row(sums, c).map((sum) => Math.log(Math.max(sum / counts[c], Number.MIN_VALUE))),
    )
  );
  return templates;
}
