/**
 * KL matching: the divergence from the typical softmax of a class.
 *
 * @module
 */
import {
  exponentialSums,
  type FloatMatrix,
  largest,
  type Matrix,
  multiply,
  row,
  rowBlocks,
  softmax,
  zeros,
} from "../linear_algebra/mod.ts";
import { type Detector, detector } from "./detector.ts";
import { checkSeveralClasses } from "./inputs.ts";

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
    estimate({ logits }) {
      checkSeveralClasses("KL matching", logits);
      return logTemplates(logits);
    },
    evaluate({ logits }, templates, { scratch }) {
      const { rows, columns } = logits, into = scratch("products", rows, templates.rows);
      const p = softmax(logits, { into: scratch("p", rows, columns) });
      const products = multiply(p, templates, { transposeB: true, into }); // Σ p log d
      const shares = largest(p), z = largest(logits);
      const { data: pOf } = p, { data: zOf } = logits, { data: logD } = templates;
      return largest(products).map((best, i) => {
        // All terms of a product have one sign, so rounding moves it by a share of itself.
        const least = best * (1 + 4 * columns * Number.EPSILON),
          shift = z[i],
          log = Math.log(shares[i]);
        let divergence = Infinity;
        for (let t = 0, k = i * templates.rows; t < templates.rows; t++, k++) {
          if (!(products.data[k] >= least)) continue;
          let sum = 0; // Σ p (log p − log d)
          for (let c = i * columns, end = c + columns, d = t * columns; c < end; c++, d++) {
            if (pOf[c] > 0) sum += pOf[c] * (zOf[c] - shift + log - logD[d]);
          }
          divergence = Math.min(divergence, sum);
        }
        return -Math.max(0, divergence);
      });
    },
  });
}

/** log d_c of each predicted class, a row each: the log of the mean softmax, also where that underflows. */
function logTemplates(logits: FloatMatrix): Matrix {
  const C = logits.columns, counts = new Float64Array(C);
  const largestLogs = zeros(C, C), sums = zeros(C, C); // Σ p = e^largest · sum
  largestLogs.data.fill(-Infinity);
  for (const { block } of rowBlocks(logits, 512)) {
    const { m, s } = exponentialSums(block);
    for (let i = 0; i < block.rows; i++) {
      const z = row(block, i), predicted = z.indexOf(m[i]), logSum = Math.log(s[i]);
      const most = row(largestLogs, predicted), sum = row(sums, predicted);
      counts[predicted]++;
      for (let c = 0; c < C; c++) {
        const logP = z[c] - m[i] - logSum;
        if (logP <= most[c]) sum[c] += Math.exp(logP - most[c]);
        else {
          sum[c] = sum[c] * Math.exp(most[c] - logP) + 1;
          most[c] = logP;
        }
      }
    }
  }
  const predicted = [...counts.keys()].filter((c) => counts[c] > 0);
  const templates = zeros(predicted.length, C);
  predicted.forEach((c, t) => {
    const most = row(largestLogs, c), sum = row(sums, c);
    row(templates, t).set(most.map((log, k) => log + Math.log(sum[k] / counts[c])));
  });
  return templates;
}
