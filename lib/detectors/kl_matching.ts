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
      return leastDivergences(p, logits, { templates, products }).map((divergence) => -divergence);
    },
  });
}

/** min_t Σ p (log p − log d_t) of each row of p = softmax(logits), where `products` Σ p log d_t tell which t can be meant. */
function leastDivergences(
  P: Matrix,
  logits: Matrix,
  { templates: { rows: T, data: logD }, products }: { templates: Matrix; products: Matrix },
): Float64Array {
  const { rows, columns: C, data: p } = P, result = new Float64Array(rows);
  const z = logits.data, most = largest(logits), largestP = largest(P), candidates = products.data;
  for (let i = 0, from = 0; i < rows; i++, from += T) {
    let best = -Infinity, second = -Infinity, place = -1;
    for (let t = 0; t < T; t++) {
      const product = candidates[from + t];
      if (!(product > second)) continue;
      if (product > best) {
        second = best;
        best = product;
        place = t;
      } else second = product;
    }
    // All terms of a product have one sign, so that rounding moves it by a share of itself.
    const least = best * (1 + 4 * C * Number.EPSILON), alone = second < least;
    const logNorm = -Math.log(largestP[i]); // log Σ exp(z − max z)
    let divergence = Infinity;
    for (let t = alone ? place : 0; t < (alone ? place + 1 : T); t++) {
      if (!(candidates[from + t] >= least)) continue;
      let sum = 0;
      for (let k = i * C, end = k + C, d = t * C; k < end; k++, d++) {
        sum += p[k] * (z[k] - most[i] - logNorm - logD[d]);
      }
      if (sum < divergence) divergence = sum;
    }
    result[i] = Math.max(0, divergence);
  }
  return result;
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
